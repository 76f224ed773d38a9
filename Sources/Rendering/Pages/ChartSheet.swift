/// Diagrams of lines under each other as one SVG file that needs nothing else.
package struct ChartSheet: Sendable {
  private let charts: [LineChart]

  /// A sheet of diagrams.
  package init(_ charts: [LineChart]) { self.charts = charts }

  /// What stands above and below a diagram, in its units.
  private static let (heading, row, gap) = (28.0, 17.0, 20.0)

  /// The colours of a page on paper; a file by itself has no style to look them up in.
  private static let colors = [
    "#0072b2", "#d55e00", "#009e73", "#a8447f", "#b58900", "#4d4d4d", "#3a9fd6", "#7b5ea7",
  ]

  private static let style = """
    text { fill: #5d6670; font: 12px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    .heading { fill: #24292f; font-size: 15px; font-weight: 650; }
    .axis { stroke: #5d6670; fill: none; }
    .rule { stroke: #dfe3e8; }
    .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
    """

  /// The file.
  package var svg: String {
    var top = 0.0
    var parts: [Markup] = [.void("rect", ["width": "100%", "height": "100%", "fill": "#ffffff"]).closed]
    for chart in charts {
      parts.append(
        .element("g", ["transform": "translate(0 \(Plot.number(top)))"], .sequence(ChartSheet.parts(chart))))
      top += ChartSheet.heading + Plot.size.height + ChartSheet.row * Double(chart.lines.count) + ChartSheet.gap
    }
    let (width, height) = (Plot.number(Plot.size.width), Plot.number(max(top, 1)))
    let file = Markup.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height,
        "viewBox": "0 0 \(width) \(height)",
      ], .sequence([.element("style", [:], Markup(trusted: ChartSheet.style))] + parts))
    return ChartSheet.colors.indices.reduce(file.html) {
      $0.replacing("var(--line-\($1))", with: ChartSheet.colors[$1])
    } + "\n"
  }

  /// A heading, the diagram and its legend.
  private static func parts(_ chart: LineChart) -> [Markup] {
    var parts = [Plot.text(chart.title, x: 2, y: 18, anchor: "start", style: "heading")]
    guard let (plot, lines) = chart.drawing else {
      return parts + [Plot.text("There is nothing to draw.", x: 2, y: heading + 20, anchor: "start")]
    }
    parts.append(.element("g", ["transform": "translate(0 \(Plot.number(heading)))"], .sequence(plot.parts(lines))))
    for (k, line) in chart.lines.enumerated() {
      let y = heading + Plot.size.height + row * (Double(k) + 0.5)
      let sample = Markup.void(
        "path", ["d": "M52 \(Plot.number(y))h26", "stroke-width": "2.5", "style": LineChart.stroke(k)])
      parts += [sample.closed, Plot.text(line.name, x: 86, y: y + 4, anchor: "start")]
    }
    return parts
  }
}
