import Rendering
import Testing

@Suite struct PathChartTests {
  /// The ends of the lines of a chart in its units.
  private func ends(_ markup: String) throws -> [[Double]] {
    try markup.matches(of: /d="M([0-9.]+) ([0-9.]+)L([0-9.]+) ([0-9.]+)"/).map { match in
      try [match.1, match.2, match.3, match.4].map { try #require(Double($0)) }
    }
  }

  @Test("a metre is as long upwards as to the right, and a reference is drawn beside its path")
  func scale() throws {
    let chart = PathChart(
      title: "Path", xLabel: "x, m", yLabel: "y, m",
      paths: [
        .init(name: "along", points: [(5, 0), (45, 0)]),
        .init(name: "<up>", points: [(5, 0), (5, 12)], reference: [(6, 0), (6, 12)]),
      ], note: "note")
    let html = chart.markup.html
    let lines = try ends(html)
    #expect(lines.count == 3)
    let along = try #require(lines.first { abs($0[1] - $0[3]) < 0.01 })
    let up = try #require(lines.last { abs($0[0] - $0[2]) < 0.01 })
    #expect(abs((along[2] - along[0]) / 40 - (up[1] - up[3]) / 12) < 0.01 && along[2] > along[0] && up[1] > up[3])
    #expect(html.contains("&lt;up&gt;") && html.contains("stroke-dasharray") && html.contains("<circle"))
  }

  @Test("one point has a ring, none has a sentence, and what is not finite interrupts")
  func little() throws {
    func chart(_ points: [(x: Double, y: Double)]) -> String {
      PathChart(title: "Path", xLabel: "x", yLabel: "y", paths: [.init(name: "a", points: points)]).markup.html
    }
    #expect(chart([(1, 2)]).contains("<circle") && !chart([(1, 2)]).contains("nan"))
    #expect(chart([]).contains("nothing to draw") && chart([(.nan, 1)]).contains("nothing to draw"))
    #expect(chart([(0, 0), (1, 0), (.nan, 0), (2, 1), (3, 1)]).matches(of: /M[0-9.]+ [0-9.]+L/).count == 2)
  }
}
