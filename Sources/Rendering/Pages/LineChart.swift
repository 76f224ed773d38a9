/// Lines over a common axis: recall against a threshold, shares of errors.
package struct LineChart: Sendable {
  /// One line with its name in the legend; points with x ascending.
  package struct Line: Sendable {
    let name: String
    let points: [(x: Double, y: Double)]

    /// A line.
    package init(name: String, points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }
  }

  let title: String
  let labels: (x: String, y: String)
  let lines: [Line]
  private let note: String?

  /// A diagram; points that are not finite interrupt their line.
  package init(title: String, xLabel: String, yLabel: String, lines: [Line], note: String? = nil) {
    self.title = title
    labels = (xLabel, yLabel)
    self.lines = lines
    self.note = note
  }

  /// The diagram with its legend; a sentence where there is nothing to draw.
  package var markup: Markup {
    guard let (plot, drawn) = drawing else {
      return Plot.figure(title: title, .element("p", ["class": "note"], .text("There is nothing to draw.")), [])
    }
    let explained = note.map { Markup.element("figcaption", [:], .text($0)) }
    return Plot.figure(
      title: title, plot.markup(description: title, drawn), [LineChart.legend(lines.map(\.name)), explained ?? .empty])
  }

  /// Names beside samples of their lines.
  static func legend(_ names: [String]) -> Markup {
    .element(
      "ul", ["class": "legend"],
      names.enumerated().map { k, name in
        let sample = Markup.void("path", ["d": "M0 5H26", "stroke-width": "2.5", "style": LineChart.stroke(k)]).closed
        return .element(
          "li", [:], .element("svg", ["viewBox": "0 0 26 10", "aria-hidden": "true"], sample),
          .element("span", [:], .text(name)))
      })
  }

  /// The axes and the lines between them; nil where there is nothing to draw.
  var drawing: (plot: Plot, lines: [Markup])? {
    let points = lines.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    guard let first = points.first else { return nil }
    var x = points.reduce((lower: first.x, upper: first.x)) { (min($0.lower, $1.x), max($0.upper, $1.x)) }
    // An axis that begins near zero begins at zero.
    if x.lower > 0, x.lower < 0.3 * x.upper { x.lower = 0 }
    let y = points.reduce((lower: min(0, first.y), upper: first.y)) { (min($0.lower, $1.y), max($0.upper, $1.y)) }
    let plot = Plot(x: x, y: (y.lower, LineChart.roundedUp(y.upper, above: y.lower)), labels: labels)
    let drawn = lines.enumerated().map { k, line in
      Markup.void(
        "path",
        ["class": "line", "style": LineChart.stroke(k), "d": LineChart.path(line.points, plot)]
      ).closed
    }
    return (plot, drawn)
  }

  /// The end of an axis: shares end at 1 (or 100 percent), everything else at the next tick.
  static func roundedUp(_ upper: Double, above lower: Double) -> Double {
    for whole in [1.0, 100] where upper <= whole && upper > 0.4 * whole { return whole }
    guard upper > lower else { return lower + 1 }
    let ticks = AxisTicks(from: lower, to: lower + 1.25 * (upper - lower)).values
    return ticks.first { $0 >= upper } ?? upper
  }

  /// Colour of a line, safe for the colour-blind (Okabe and Ito 2008); from the ninth line on they repeat, dashed.
  static func stroke(_ k: Int) -> String {
    let dash = ["", ";stroke-dasharray:7 4", ";stroke-dasharray:2 3", ";stroke-dasharray:9 3 2 3"][(k / 8) % 4]
    return "stroke:var(--line-\(k % 8))" + dash
  }

  /// The path of a line without the points that would not move it by half a unit.
  static func path(_ points: [(x: Double, y: Double)], _ plot: Plot) -> String {
    var out = ""
    var last: (x: Double, y: Double)?
    for (k, point) in points.enumerated() {
      guard point.x.isFinite, point.y.isFinite else {
        last = nil
        continue
      }
      let (x, y) = (plot.column(point.x), plot.row(point.y))
      if let last, k + 1 < points.count, abs(last.x - x) + abs(last.y - y) < 0.5 { continue }
      out += (last == nil ? "M" : "L") + Plot.number(x) + " " + Plot.number(y)
      last = (x, y)
    }
    return out
  }
}
