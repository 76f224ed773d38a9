/// A table of a page.
package struct MarkupTable: Sendable {
  /// One cell.
  package enum Cell: Sendable {
    /// Words, to the left.
    case words(Markup)
    /// A number, to the right.
    case figure(String)
  }

  /// One row: its name and its cells.
  package struct Row: Sendable {
    let name: Markup
    let cells: [Cell]
    let isSummary: Bool

    /// A row.
    package init(name: Markup, cells: [Cell], isSummary: Bool = false) {
      self.name = name
      self.cells = cells
      self.isSummary = isSummary
    }
  }

  private let title: String?
  private let columns: [String]
  private let rows: [Row]

  /// A table; the first column names the rows. Rows with fewer cells than columns end early.
  package init(title: String? = nil, columns: [String], rows: [Row]) {
    self.title = title
    self.columns = columns
    self.rows = rows
  }

  /// The table, in a frame that scrolls where the page is narrower.
  package var markup: Markup {
    // A column is set to the right where every row has a figure in it or nothing.
    let isFigure = columns.indices.map { k in
      k > 0 && rows.contains { $0.cells.count >= k }
        && rows.allSatisfy { row in
          guard row.cells.count >= k, case .words(let words) = row.cells[k - 1] else { return true }
          return words == .text("-")
        }
    }
    let head = columns.enumerated().map { k, name in
      Markup.element("th", ["scope": "col", "class": isFigure[k] ? "figure" : ""], .text(name))
    }
    let body = rows.map { row in
      Markup.element(
        "tr", ["class": row.isSummary ? "summary" : ""],
        [Markup.element("th", ["scope": "row"], row.name)]
          + row.cells.enumerated().map { k, cell in
            let figure = k + 1 < isFigure.count && isFigure[k + 1]
            switch cell {
            case .words(let words): return Markup.element("td", ["class": figure ? "figure" : ""], words)
            case .figure(let text): return Markup.element("td", ["class": "figure"], .text(text))
            }
          })
    }
    return .element(
      "div", ["class": "scroll"],
      .element(
        "table", [:],
        [title.map { .element("caption", [:], .text($0)) } ?? .empty]
          + [.element("thead", [:], .element("tr", [:], head)), .element("tbody", [:], .sequence(body))]))
  }

  /// Facts under each other: a name and what there is to say.
  package static func facts(_ facts: [(name: String, value: Markup)]) -> Markup {
    let rows = facts.map { fact in
      Markup.element(
        "tr", [:], .element("th", ["scope": "row"], .text(fact.name)), .element("td", [:], fact.value))
    }
    return .element("table", ["class": "facts"], .element("tbody", [:], .sequence(rows)))
  }
}
