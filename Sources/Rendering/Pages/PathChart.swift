/// Paths as seen from above, with the same scale along both axes.
package struct PathChart: Sendable {
  /// One path with its name in the legend.
  package struct Path: Sendable {
    let name: String
    let points: [(x: Double, y: Double)]
    let reference: [(x: Double, y: Double)]

    /// A path in the order of its points.
    /// - Parameter reference: where the path should run, drawn dotted; empty where that is not known.
    package init(name: String, points: [(x: Double, y: Double)], reference: [(x: Double, y: Double)] = []) {
      (self.name, self.points, self.reference) = (name, points, reference)
    }
  }

  private let title: String
  private let labels: (x: String, y: String)
  private let paths: [Path]
  private let note: String?

  /// A diagram; points that are not finite interrupt their line.
  package init(title: String, xLabel: String, yLabel: String, paths: [Path], note: String? = nil) {
    self.title = title
    labels = (xLabel, yLabel)
    self.paths = paths
    self.note = note
  }

  /// The diagram with its legend; a sentence where there is nothing to draw.
  package var markup: Markup {
    guard let plot else {
      return Plot.figure(title: title, .element("p", ["class": "note"], .text("There is nothing to draw.")), [])
    }
    var parts: [Markup] = []
    for (k, path) in paths.enumerated() {
      parts.append(
        Markup.void(
          "path",
          [
            "class": "line", "d": LineChart.path(path.reference, plot),
            "style": LineChart.stroke(k) + ";stroke-width:4;stroke-dasharray:1 5;stroke-linecap:round;opacity:0.7",
          ]
        ).closed)
    }
    for (k, path) in paths.enumerated() {
      parts.append(
        Markup.void(
          "path", ["class": "line", "d": LineChart.path(path.points, plot), "style": LineChart.stroke(k)]
        ).closed)
      if let start = path.points.first(where: { $0.x.isFinite && $0.y.isFinite }) {
        parts.append(
          Markup.void(
            "circle",
            [
              "cx": Plot.number(plot.column(start.x)), "cy": Plot.number(plot.row(start.y)), "r": "4",
              "style": "fill:var(--paper);stroke-width:2;" + LineChart.stroke(k),
            ]
          ).closed)
      }
    }
    let explained = note.map { Markup.element("figcaption", [:], .text($0)) }
    return Plot.figure(
      title: title, plot.markup(description: title, parts), [LineChart.legend(paths.map(\.name)), explained ?? .empty])
  }

  /// Axes that hold all points, a metre being as long on one as on the other; nil without a point.
  private var plot: Plot? {
    let points = paths.flatMap { $0.points + $0.reference }.filter { $0.x.isFinite && $0.y.isFinite }
    guard let first = points.first else { return nil }
    var (x, y) = ((lower: first.x, upper: first.x), (lower: first.y, upper: first.y))
    for point in points {
      x = (min(x.lower, point.x), max(x.upper, point.x))
      y = (min(y.lower, point.y), max(y.upper, point.y))
    }
    let (wide, high) = (Plot.field.right - Plot.field.left, Plot.field.bottom - Plot.field.top)
    let unit = max(1.1 * max((x.upper - x.lower) / wide, (y.upper - y.lower) / high), 1e-9)
    func range(_ span: (lower: Double, upper: Double), _ length: Double) -> (lower: Double, upper: Double) {
      let middle = (span.lower + span.upper) / 2
      return (middle - unit * length / 2, middle + unit * length / 2)
    }
    return Plot(x: range(x, wide), y: range(y, high), labels: labels)
  }
}
