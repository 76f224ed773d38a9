/// How often values fall into equal bins, with marks at chosen values.
package struct Histogram: Sendable {
  private let title: String
  private let labels: (x: String, y: String)
  private let values: [Double]
  private let upper: Double
  private let marks: [(name: String, value: Double)]
  private let note: String?

  /// A diagram of the values in [0, upper]; larger ones are counted in the last bin.
  /// - Parameter marks: named values, ascending, such as percentiles.
  package init(
    title: String, xLabel: String, yLabel: String, values: [Double], upper: Double,
    marks: [(name: String, value: Double)] = [], note: String? = nil
  ) {
    self.title = title
    labels = (xLabel, yLabel)
    self.values = values.filter(\.isFinite)
    self.upper = upper
    self.marks = marks
    self.note = note
  }

  private static let bins = 40

  /// How many values each bin holds.
  package var counts: [Int] {
    var counts = [Int](repeating: 0, count: Histogram.bins)
    for value in values {
      let share = upper > 0 ? min(max(value / upper, 0), 1) : 0
      counts[min(Int(share * Double(Histogram.bins)), Histogram.bins - 1)] += 1
    }
    return counts
  }

  /// The diagram; a sentence where there is nothing to count.
  package var markup: Markup {
    let counts = self.counts
    guard !values.isEmpty, upper > 0, upper.isFinite, let most = counts.max() else {
      return Plot.figure(title: title, .element("p", ["class": "note"], .text("There is nothing to count.")), [])
    }
    let total = Double(values.count)
    let height = AxisTicks.end(holding: 100 * Double(most) / total)
    let plot = Plot(x: (0, upper), y: (0, height), labels: labels)
    let width = upper / Double(Histogram.bins)
    var parts = counts.enumerated().filter { $0.element > 0 }.map { k, count in
      let (left, right) = (plot.column(Double(k) * width), plot.column(Double(k + 1) * width))
      let top = plot.row(100 * Double(count) / total)
      return Markup.void(
        "rect",
        [
          "x": Plot.number(left + 0.4), "y": Plot.number(top), "width": Plot.number(right - left - 0.8),
          "height": Plot.number(Plot.field.bottom - top), "style": "fill:var(--line-0)",
        ]
      ).closed
    }
    // Names of marks that would touch stand on rows of their own, from the top downwards.
    var ends: [Double] = []
    for mark in marks where mark.value <= upper {
      let at = plot.column(mark.value)
      let wide = 7.0 * Double(mark.name.count) + 10
      let free = ends.firstIndex { $0 < at } ?? ends.count
      if free == ends.count { ends.append(0) }
      ends[free] = at + wide
      let y = Plot.field.top + 8 + 15 * Double(free)
      parts.append(Plot.line("mark", at, Plot.field.top - 4, at, Plot.field.bottom))
      parts.append(Plot.text(mark.name, x: at + 4, y: y, anchor: "start", style: "mark-name"))
    }
    let explained = note.map { [Markup.element("figcaption", [:], .text($0))] } ?? []
    return Plot.figure(title: title, plot.markup(description: title, parts), explained)
  }
}

extension Histogram {
  /// The value below which a share of ascending values lies, between the two nearest in rank.
  package static func percentile(_ share: Double, of ascending: [Double]) -> Double? {
    guard let last = ascending.last else { return nil }
    let rank = min(max(share, 0), 1) * Double(ascending.count - 1)
    let below = Int(rank)
    guard below + 1 < ascending.count else { return last }
    return ascending[below] + (rank - Double(below)) * (ascending[below + 1] - ascending[below])
  }
}
