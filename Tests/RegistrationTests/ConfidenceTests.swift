import Registration
import Testing

@Suite struct ConfidenceTests {
  private let confidence = Confidence.shipped

  private func value(
    score: Double = 9, margin: Double? = 2, inliers: Int = 40, matches: Int = 200, violation: Double = 0.01
  ) -> Double {
    confidence(score: score, margin: margin, inliers: inliers, matches: matches, violation: violation)
  }

  @Test func moreEvidenceIsMoreConfidence() {
    #expect(value(score: 10) > value())
    #expect(value(margin: 3) > value())
    #expect(value(inliers: 41, matches: 205) > value())
    #expect(value(violation: 0.02) < value())
  }

  @Test func aMarginBeyondFiveAndNoRivalAreTheSame() {
    #expect(value(margin: nil) == value(margin: 5))
    #expect(value(margin: 40) == value(margin: 5))
  }

  @Test func isAProbabilityForAnyEvidence() {
    for score in [-100.0, 0, 100] {
      let p = value(score: score, margin: 0, inliers: 0, matches: 0, violation: 1)
      #expect((0...1).contains(p))
    }
  }

  @Test func isTheLogisticFunctionOfItsForm() {
    // One weight at a time: 1 / (1 + e⁻¹) at unit evidence.
    let one = 1 / (1 + 0.36787944117144233)
    let scores = Confidence(score: 1, agreeing: 0, margin: 0, violation: 0, share: 0, bias: 0)
    #expect(abs(scores(score: 1, margin: nil, inliers: 3, matches: 9, violation: 1) - one) < 1e-12)
    let shares = Confidence(score: 0, agreeing: 0, margin: 0, violation: 0, share: 2, bias: 0)
    #expect(abs(shares(score: 1, margin: nil, inliers: 3, matches: 6, violation: 1) - one) < 1e-12)
    let biased = Confidence(score: 0, agreeing: 0, margin: 0, violation: 0, share: 0, bias: 1)
    #expect(abs(biased(score: 1, margin: nil, inliers: 3, matches: 6, violation: 1) - one) < 1e-12)
  }
}
