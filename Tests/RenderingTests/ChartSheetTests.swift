import Rendering
import Testing

@Suite struct ChartSheetTests {
  private func chart(_ name: String, _ points: [(x: Double, y: Double)]) -> LineChart {
    LineChart(title: name, xLabel: "x", yLabel: "y", lines: [LineChart.Line(name: "<\(name)>", points: points)])
  }

  @Test("a sheet is one element that names all its colours and closes what it opens")
  func sheet() {
    let svg = ChartSheet([chart("first", [(0, -3), (1, -7)]), chart("second", [(0, 1), (5, 2)])]).svg
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.hasSuffix("</svg>\n"))
    #expect(svg.components(of: "<svg") == 1 && svg.components(of: "<g") == svg.components(of: "</g>"))
    #expect(!svg.contains("var(") && svg.contains("&lt;first&gt;") && svg.contains(">second<"))
  }

  @Test("diagrams without points and sheets without diagrams are still files")
  func empty() {
    #expect(ChartSheet([chart("none", [])]).svg.contains("There is nothing to draw."))
    #expect(ChartSheet([chart("none", [(.nan, 1)])]).svg.contains("There is nothing to draw."))
    #expect(ChartSheet([]).svg.hasPrefix("<svg"))
  }
}

extension String {
  fileprivate func components(of word: String) -> Int { ranges(of: word).count }
}
