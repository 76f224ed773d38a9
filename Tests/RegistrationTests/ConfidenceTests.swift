import LinearAlgebra
import Registration
import Testing

@Suite struct ConfidenceTests {
  private let usual = PoseEvidence(
    score: 9, margin: 2, inliers: 40, matches: 200, violation: 0.01, residual: 0.1, regions: 15, offPlanes: 0.2,
    deviation: 0.1)

  private func value(_ change: (inout PoseEvidence) -> Void = { _ in }) -> Double {
    var evidence = usual
    change(&evidence)
    return Confidence.shipped(evidence)
  }

  @Test func moreEvidenceIsMoreConfidence() {
    #expect(value { $0.score = 10 } > value())
    #expect(value { $0.margin = 3 } > value())
    #expect(value { $0.regions = 16 } > value())
    #expect(value { $0.violation = 0.02 } < value())
    #expect(value { $0.offPlanes = 0.1 } < value() && value { $0.offPlanes = 0.5 } == value())
    #expect(value { $0.residual = 0.12 } < value())
  }

  @Test func aMarginBeyondFiveAndNoRivalAreTheSame() {
    #expect(value { $0.margin = nil } == value { $0.margin = 5 })
    #expect(value { $0.margin = 40 } == value { $0.margin = 5 })
  }

  @Test func isAProbabilityForAnyEvidence() {
    for score in [-1000.0, 0, 1000] {
      let p = value {
        $0 = PoseEvidence(
          score: score, margin: 0, inliers: 0, matches: 0, violation: 1, residual: 0, regions: 0, offPlanes: 1,
          deviation: 0)
      }
      #expect((0...1).contains(p))
    }
  }

  @Test func isTheLogisticFunctionOfItsForm() {
    // One weight at a time: 1 / (1 + e⁻¹) at unit evidence.
    let one = 1 / (1 + 0.36787944117144233)
    let evidence = PoseEvidence(
      score: 1, margin: 1, inliers: 3, matches: 6, violation: 1, residual: 1, regions: 0, offPlanes: 1, deviation: 0)
    func alone(_ name: String, _ weight: Double) -> Double {
      let weights = PoseEvidence.names.map { $0 == name ? weight : 0 }
      return Confidence(weights: weights, bias: 0)(evidence)
    }
    for name in ["score", "min(margin, 5)", "residual"] { #expect(abs(alone(name, 1) - one) < 1e-12, "\(name)") }
    #expect(abs(alone("n/N", 2) - one) < 1e-12)
    #expect(alone("ln(1 + regions)", 7) == 0.5)
    let biased = Confidence(weights: PoseEvidence.names.map { _ in 0 }, bias: 1)(evidence)
    #expect(abs(biased - one) < 1e-12)
  }

  /// Poses whose chance of being right follows a known regression.
  private func drawn(_ count: Int, by truth: Confidence) -> [ConfidenceFit.Sample] {
    var generator = SeededGenerator(seed: 5)
    return (0..<count).map { _ in
      let evidence = PoseEvidence(
        score: generator.uniform(4, 12), margin: generator.uniform(0, 5), inliers: 10 + Int(generator.uniform(0, 90)),
        matches: 200, violation: generator.uniform(0, 0.1), residual: generator.uniform(0.05, 0.25),
        regions: 1 + Int(generator.uniform(0, 30)), offPlanes: generator.uniform(0, 0.5),
        deviation: generator.uniform(0.05, 0.3))
      return (evidence, generator.uniform() < truth(evidence))
    }
  }

  @Test func aFitFindsTheRegressionThatDrewTheSamples() throws {
    let truth = Confidence(weights: [1, 0.4, -0.8, 2, -10, 0.5, 0.3], bias: -8)
    let samples = drawn(20_000, by: truth)
    let fitted = try ConfidenceFit(ridge: 1e-7)(samples)
    let worst = samples.map { abs(fitted($0.evidence) - truth($0.evidence)) }.max() ?? 1
    #expect(worst < 0.06)
    #expect(fitted.weights[0] > 0.9 && fitted.weights[0] < 1.1)
    #expect(fitted.weights[4] > -12 && fitted.weights[4] < -8)
  }

  @Test func aFitPromisesAsManyRightPosesAsThereAre() throws {
    // The bias has no ridge: the mean promise is the share of right poses.
    let samples = drawn(500, by: Confidence(weights: [1, 0, 0, 0, 0, 0, 0], bias: -8))
    let fitted = try ConfidenceFit()(samples)
    let promised = samples.reduce(0) { $0 + fitted($1.evidence) }
    #expect(abs(promised - Double(samples.filter(\.isRight).count)) < 1e-3)
  }

  @Test func aFitStaysFiniteWhereNothingIsMistaken() throws {
    let samples = drawn(200, by: Confidence(weights: [100, 0, 0, 0, 0, 0, 0], bias: -800))
    let fitted = try ConfidenceFit()(samples)
    #expect((fitted.weights + [fitted.bias]).allSatisfy { abs($0) < 100 })
    #expect(samples.allSatisfy { (fitted($0.evidence) > 0.5) == $0.isRight || abs($0.evidence.score - 8) < 0.5 })
  }
}
