import Rendering

/// The page about an evaluation: one HTML file with its tables, curves and worst pairs. The bytes depend on what is
/// given alone; for tracking, tables and curves are all there is.
public struct EvaluationReport: Sendable {
  private let title: String
  private let subject: [(name: String, value: String)]
  private let tables: [ScoreTable]
  private let curves: [Curve]
  private let worst: [WorstItem]
  private let comparison: BaselineComparison?

  /// How many of the worst items a page shows.
  public static let worstCount = 10

  /// A page.
  /// - Parameters:
  ///   - subject: what was evaluated and how, under each other: benchmark, protocol, settings, version.
  ///   - worst: the worst items, worst first; those beyond ``worstCount`` are not shown.
  ///   - comparison: another result for the same items.
  public init(
    title: String, subject: [(name: String, value: String)], tables: [ScoreTable], curves: [Curve],
    worst: [WorstItem] = [], comparison: BaselineComparison? = nil
  ) {
    self.title = title
    self.subject = subject
    self.tables = tables
    self.curves = curves
    self.worst = worst
    self.comparison = comparison
  }

  /// The file.
  public func html() -> String {
    var page = HTMLPage(title: title)
    let facts = subject.map { (name: $0.name, value: Markup.text($0.value)) }
    page.add(
      .element(
        "header", [:],
        .sequence([.element("h1", [:], .text(title)), facts.isEmpty ? .empty : MarkupTable.facts(facts)])))
    page.add(section: "Figures", tables.map(EvaluationReport.table))
    if let comparison { page.add(section: "Beside \(comparison.baseline)", beside(comparison)) }
    let charts = curves.map { curve in
      LineChart(
        title: curve.title, xLabel: curve.xLabel, yLabel: curve.yLabel,
        lines: curve.lines.map { LineChart.Line(name: $0.name, points: $0.points) }
      ).markup
    }
    page.add(section: "Curves", charts.isEmpty ? [] : [.element("div", ["class": "grid"], charts)])
    let shown = worst.prefix(EvaluationReport.worstCount)
    page.add(section: shown.count == 1 ? "The worst pair" : "The \(shown.count) worst pairs", worstPairs(shown))
    page.add(
      .element(
        "footer", [:], .text("Made by plumb. This file holds everything it shows and connects to nothing.")))
    return page.html
  }

  /// A table of figures with its notes.
  package static func table(_ table: ScoreTable) -> Markup {
    let rows = table.rows.map { row in
      MarkupTable.Row(name: .text(row.name), cells: row.cells.map(EvaluationReport.cell), isSummary: row.isSummary)
    }
    let notes = table.notes.map { Markup.element("p", ["class": "note"], .text($0)) }
    return .element(
      "div", ["class": "figures"],
      [MarkupTable(title: table.title, columns: table.columns, rows: rows).markup] + notes)
  }

  private static func cell(_ cell: ScoreTable.Cell) -> MarkupTable.Cell {
    switch cell {
    case .number(let value, let decimals): value.isFinite ? .figure(value.decimals(decimals)) : .figure("-")
    case .count(let count): .figure(count.grouped)
    case .text(let text): .words(.text(text))
    case .none: .figure("-")
    }
  }

  private func beside(_ comparison: BaselineComparison) -> [Markup] {
    let rows = comparison.rows.map { row in
      func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + value.decimals(row.decimals) }
      let interval = row.lower.flatMap { lower in row.upper.map { "\(signed(lower)) … \(signed($0))" } } ?? "-"
      let tone: String =
        switch row.finding {
        case .better: "good"
        case .worse: "bad"
        case .open: ""
        }
      let finding = row.lower == nil ? "-" : row.finding.rawValue
      return MarkupTable.Row(
        name: .text(row.name),
        cells: [
          .figure(row.value.decimals(row.decimals)), .figure(row.baseline.decimals(row.decimals)),
          .figure(signed(row.value - row.baseline)), .figure(interval),
          .words(.element("span", ["class": tone.isEmpty ? "" : "word \(tone)"], .text(finding))),
        ])
    }
    return [
      MarkupTable(
        columns: ["", "this result", comparison.baseline, "difference", "interval", "finding"], rows: rows
      ).markup,
      .element("p", ["class": "note"], .text("Intervals of the difference: \(comparison.interval).")),
    ]
  }

  private func worstPairs(_ items: ArraySlice<WorstItem>) -> [Markup] {
    if items.isEmpty { return [] }
    let key = [("target", "--target"), ("source, estimated pose", "--source"), ("source, true pose", "--truth")]
    let legend = key.map { name, color in
      Markup.element(
        "li", [:], .element("span", ["class": "swatch", "style": "--swatch:var(\(color))"]),
        .element("span", [:], .text(name)))
    }
    return [.element("ul", ["class": "legend"], legend)] + items.map(\.markup)
  }
}
