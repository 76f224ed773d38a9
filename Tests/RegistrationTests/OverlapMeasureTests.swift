import Geometry
import LinearAlgebra
import Registration
import Testing

@Suite struct OverlapMeasureTests {
  /// 40 x 40 points of a square of 4 m, with what a residual is at a place.
  private func result(_ residual: (Point3) -> Double) -> OverlapMeasure.Result {
    var result = OverlapMeasure.Result()
    for i in 0..<1600 {
      let point = Point3(0.05 + 0.1 * Double(i % 40), 0.05 + 0.1 * Double(i / 40), 0.5)
      result.points.append(point)
      result.residuals.append(residual(point))
    }
    return result
  }

  @Test func noiseAveragesOutAndOffsetsStay() {
    var random = SeededGenerator(seed: 2)
    let noise = result { _ in random.uniform(-0.1, 0.1) }
    // 100 points a cube: a tenth of the deviation of one, 0.0577.
    #expect(noise.deviation(edge: 1) < 0.01 && noise.deviation(edge: 1) > 0.003)
    let offset = result { _ in 0.04 }
    #expect(abs(offset.deviation(edge: 1) - 0.04) < 1e-12)
  }

  @Test func offsetsOfEitherSignDoNotCancel() {
    // Halves that deviate to either side: no mean over all, but 0.03 in every cube.
    let halves = result { $0.x < 2 ? 0.03 : -0.03 }
    #expect(abs(halves.deviation(edge: 1) - 0.03) < 1e-12)
    #expect(halves.deviation(edge: 100) < 1e-12)
  }

  @Test func fewPointsSayNothing() {
    #expect(result { _ in 1 }.deviation(edge: 0.15) == 0)
    #expect(OverlapMeasure.Result().deviation(edge: 1) == 0)
  }
}
