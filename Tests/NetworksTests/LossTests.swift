import Foundation
import Networks
import Testing

@Suite struct LossTests {
  /// The difference quotient of a function of one number.
  private func slope(_ x: Double, _ f: (Double) -> Double) -> Double { (f(x + 1e-6) - f(x - 1e-6)) / 2e-6 }

  @Test("derivatives agree with differences", arguments: [-3.0, -0.04, 0.02, 0.7, 12])
  func derivatives(x: Double) {
    let smooth = slope(x) { Loss.smoothAbsolute($0, width: 0.1).value }
    #expect(abs(Loss.smoothAbsolute(x, width: 0.1).slope - smooth) < 1e-6)
    for t in [0, 0.3, 1] {
      let found = slope(x) { Loss.binaryCrossEntropy(logit: $0, target: t).value }
      #expect(abs(Loss.binaryCrossEntropy(logit: x, target: t).slope - found) < 1e-6)
    }
    let gaussian = Loss.gaussian(x, logVariance: 0.4)
    let ofError = slope(x) { Loss.gaussian($0, logVariance: 0.4).value }
    let ofVariance = slope(0.4) { Loss.gaussian(x, logVariance: $0).value }
    #expect(abs(gaussian.slope - ofError) < 1e-5 && abs(gaussian.logVarianceSlope - ofVariance) < 1e-5)
    let classes = Loss.crossEntropy(logits: [x, 0.5, -1], target: 1)
    let found = slope(x) { Loss.crossEntropy(logits: [$0, 0.5, -1], target: 1).value }
    #expect(abs(classes.slopes[0] - found) < 1e-6)
    #expect(abs(classes.slopes.reduce(0, +)) < 1e-12)
  }

  @Test("the cost of a lack of overlap: 0 for equal rectangles, 1 for rectangles apart, derivatives in between")
  func overlap() {
    let size = SIMD2(4.0, 2)
    #expect(Loss.rectangleOverlap(offset: .zero, size: size).value == 0)
    #expect(Loss.rectangleOverlap(offset: SIMD2(4.5, 0), size: size).value == 1)
    // Half of each rectangle is common: 1 - 1/3.
    #expect(abs(Loss.rectangleOverlap(offset: SIMD2(2, 0), size: size).value - 2.0 / 3) < 1e-12)
    for offset in [SIMD2(0.5, -0.3), SIMD2(-1.5, 1.2)] {
      let loss = Loss.rectangleOverlap(offset: offset, size: size)
      let x = slope(offset.x) { Loss.rectangleOverlap(offset: SIMD2($0, offset.y), size: size).value }
      let y = slope(offset.y) { Loss.rectangleOverlap(offset: SIMD2(offset.x, $0), size: size).value }
      #expect(abs(loss.slope.x - x) < 1e-6 && abs(loss.slope.y - y) < 1e-6)
    }
  }

  @Test("logits without bound cost what they miss, and nothing breaks")
  func extremes() {
    #expect(Loss.binaryCrossEntropy(logit: 1e6, target: 0.0).value == 1e6)
    #expect(Loss.binaryCrossEntropy(logit: -1e6, target: 0.0).value == 0)
    #expect(Loss.crossEntropy(logits: [1e6, -1e6], target: 1).value == 2e6)
  }
}
