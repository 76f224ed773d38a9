import LinearAlgebra
import Rendering
import Testing

@Suite struct AxisTicksTests {
  @Test("ticks are multiples of 1, 2 or 5 times a power of ten within the range, never too many, never less than two")
  func law() throws {
    var random = SeededGenerator(seed: 7)
    for round in 0..<2000 {
      let magnitude = Double(sign: .plus, exponent: Int.random(in: -40...40, using: &random), significand: 1)
      let lower = Double.random(in: -3...3, using: &random) * magnitude
      let span = Double.random(in: 0.05...4, using: &random) * magnitude
      let limit = 6 + round % 5
      let ticks = AxisTicks(from: lower, to: lower + span, atMost: limit)
      try #require((2...limit).contains(ticks.values.count), "\(lower) + \(span): \(ticks)")
      let step = ticks.values[1] - ticks.values[0]
      for (k, value) in ticks.values.enumerated() {
        #expect(value >= lower - 1e-6 * step && value <= lower + span + 1e-6 * step)
        #expect(abs(value - ticks.values[0] - Double(k) * step) < 1e-6 * step)
        #expect(abs((value / step).rounded() - value / step) < 1e-6, "a multiple of its step")
      }
      var mantissa = step
      while mantissa >= 9.999 { mantissa /= 10 }
      while mantissa < 0.9999 { mantissa *= 10 }
      #expect([1, 2, 5].contains { abs(mantissa / $0 - 1) < 1e-6 }, "step \(step)")
      #expect(Set(ticks.labels).count == ticks.labels.count, "labels differ: \(ticks.labels)")
    }
  }

  @Test("round numbers are written as they are read")
  func labels() {
    #expect(AxisTicks(from: 0, to: 1).labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(AxisTicks(from: 0, to: 0.3, atMost: 7).values == [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3])
    #expect(AxisTicks(from: 0, to: 500).labels == ["0", "100", "200", "300", "400", "500"])
  }

  @Test("ranges that are none have one tick or none")
  func degenerate() {
    #expect(AxisTicks(from: 3, to: 3).values == [3])
    #expect(AxisTicks(from: 3, to: .infinity).values == [3])
    #expect(AxisTicks(from: .nan, to: 1).values.isEmpty)
    #expect(AxisTicks(from: 5, to: 1).values == [5])
    #expect(AxisTicks(from: 0, to: 1e300).values.count >= 1)
    #expect(AxisTicks(from: 1e17, to: 1e17 + 64).values.count >= 1)
  }

  @Test("a scale ends at the next round number")
  func end() {
    #expect([0.9, 1, 1.2, 2.1, 0.0301, 6, 76].map(AxisTicks.end) == [1, 1, 1.5, 3, 0.05, 7.5, 100])
    #expect(AxisTicks.end(holding: 0) == 1 && AxisTicks.end(holding: .nan) == 1)
  }
}

@Suite struct HistogramTests {
  private func histogram(_ values: [Double], upper: Double = 1, marks: [(name: String, value: Double)] = [])
    -> Histogram
  {
    Histogram(title: "t", xLabel: "x", yLabel: "y", values: values, upper: upper, marks: marks)
  }

  @Test("every finite value is counted once, those beyond the end in the last bin")
  func counts() {
    let counts = histogram([0, 0.01, 0.5, 1, 7, .nan, .infinity]).counts
    #expect(counts.reduce(0, +) == 5)
    #expect(counts[0] == 2 && counts[20] == 1 && counts[39] == 2)
  }

  @Test("percentiles lie between the nearest ranks")
  func percentiles() {
    #expect(Histogram.percentile(0.5, of: [1, 2, 3, 4]) == 2.5)
    #expect(Histogram.percentile(0, of: [1, 2]) == 1 && Histogram.percentile(1, of: [1, 2]) == 2)
    #expect(Histogram.percentile(0.3, of: [7]) == 7 && Histogram.percentile(0.3, of: []) == nil)
  }

  @Test("names of marks on one place stand on different rows")
  func marks() {
    let html = histogram([0.1, 0.2], marks: [("16 %", 0.1), ("50 %", 0.101), ("84 %", 0.102), ("95 %", 0.9)]).markup
      .html
    let rows = html.matches(of: /<text class="mark-name" x="[0-9.]+" y="([0-9.]+)"/).map { String($0.1) }
    #expect(rows.count == 4 && Set(rows.prefix(3)).count == 3 && rows[3] == rows[0])
  }

  @Test("nothing to count, nothing to draw: a sentence")
  func nothing() {
    #expect(histogram([]).markup.html.contains("nothing to count"))
    #expect(histogram([.nan]).markup.html.contains("nothing to count"))
    let none = LineChart(title: "t", xLabel: "x", yLabel: "y", lines: [LineChart.Line(name: "a", points: [])])
    #expect(none.markup.html.contains("nothing to draw"))
  }
}

@Suite struct LineChartTests {
  @Test("lines stay within the drawing, gaps interrupt them, thousands of points become hundreds")
  func path() throws {
    var points = (0..<20_000).map { (x: Double($0), y: Double($0) / 20_000) }
    points[10_000].y = .nan
    let line = LineChart.Line(name: "<b>", points: points)
    let html = LineChart(title: "t", xLabel: "x", yLabel: "y", lines: [line]).markup.html
    let path = try #require(html.firstMatch(of: /<path class="line"[^>]* d="([^"]*)"/)).1
    #expect(path.count { $0 == "M" } == 2)
    let places = path.matches(of: /[ML]([0-9.-]+) ([0-9.-]+)/).compactMap { match in
      Double(match.1).flatMap { x in Double(match.2).map { (x, $0) } }
    }
    #expect(places.count < 1600 && places.count > 300)
    #expect(places.allSatisfy { (0...480).contains($0.0) && (0...300).contains($0.1) })
    #expect(html.contains("&lt;b&gt;") && !html.contains("<b>"))
  }

  @Test("more lines than colours are told apart by their dashes")
  func styles() {
    let lines = (0..<20).map { LineChart.Line(name: "\($0)", points: [(0, 0), (1, Double($0))]) }
    let html = LineChart(title: "t", xLabel: "x", yLabel: "y", lines: lines).markup.html
    let styles = html.matches(of: /<path class="line" style="([^"]*)"/).map { String($0.1) }
    #expect(styles.count == 20 && Set(styles).count == 20)
  }
}
