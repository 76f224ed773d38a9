/// Shares as horizontal bars, one per row, with their names and numbers beside them.
package struct BarChart: Sendable {
  /// One bar.
  package struct Bar: Sendable {
    let name: String
    let share: Double
    let text: String
    let color: String

    /// A bar of a share in [0, 1].
    /// - Parameters:
    ///   - text: the share in words.
    ///   - color: a variable of the page's style, such as `--source`.
    package init(name: String, share: Double, text: String, color: String = "--line-0") {
      self.name = name
      self.share = share.isFinite ? min(max(share, 0), 1) : 0
      self.text = text
      self.color = color
    }
  }

  private let title: String
  private let bars: [Bar]
  private let note: String?

  /// A diagram of bars from 0 to 100 %.
  package init(title: String, bars: [Bar], note: String? = nil) {
    self.title = title
    self.bars = bars
    self.note = note
  }

  /// The diagram. Names and numbers are text of the page, so that none is cut at any width.
  package var markup: Markup {
    let rows = bars.map { bar in
      let filled = Markup.void(
        "rect", ["width": Plot.number(100 * bar.share), "height": "10", "style": "fill:var(\(bar.color))"]
      ).closed
      return Markup.element(
        "tr", [:], .element("th", ["scope": "row"], .text(bar.name)),
        .element(
          "td", ["class": "bar"],
          .element(
            "svg", ["viewBox": "0 0 100 10", "preserveAspectRatio": "none", "aria-hidden": "true"], filled)),
        .element("td", ["class": "figure"], .text(bar.text)))
    }
    let table = Markup.element("table", ["class": "bars wide"], .element("tbody", [:], .sequence(rows)))
    let explained = note.map { [Markup.element("figcaption", [:], .text($0))] } ?? []
    return .element("figure", [:], [.element("h3", [:], .text(title)), table] + explained)
  }
}
