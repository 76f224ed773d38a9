import Geometry
import PointClouds
import Registration
import Testing

@Suite struct ReservationsTests {
  private func result(_ verdict: Verdict) -> RegistrationResult {
    RegistrationResult(
      targetFromSource: .identity, verdict: verdict, reasons: verdict == .trusted ? [] : ["weak support"],
      diagnosis: Diagnosis(
        sourceOverlap: 1, targetOverlap: 1, rmse: 0, inlierCount: 30, correspondenceCount: 60, freeSpaceViolation: nil,
        margin: nil, directions: []), alternatives: [], voxel: 1, offset: .zero, localTransform: .identity, stages: [])
  }

  /// A grid of points and the same points scaled.
  private func mismatch(scaledBy scale: Float) -> SizeMismatch? {
    let points = (0..<1000).map { k -> SIMD3<Float> in
      let (x, y, z) = (k % 10, k / 10 % 10, k / 100)
      return SIMD3(Float(x), Float(y), Float(z))
    }
    let scaled: [SIMD3<Float>] = points.map { $0 * scale }
    return SizeMismatch(source: SpacingEstimate(scaled), target: SpacingEstimate(points))
  }

  private func judged(_ verdict: Verdict, scale: Float = 1, dropped: (Double, Double) = (0, 0)) -> RegistrationResult {
    var result = result(verdict)
    Reservations(mismatch: mismatch(scaledBy: scale), droppedShares: dropped).apply(to: &result)
    return result
  }

  @Test("a verdict is never raised, and without reservations nothing changes", arguments: Verdict.allCases)
  func neverRaised(verdict: Verdict) {
    #expect(judged(verdict).verdict == verdict && judged(verdict).reasons == result(verdict).reasons)
    for scale in [Float(0.001), 0.1, 2, 1000] {
      for dropped in [(0.5, 0.0), (0.6, 0.0), (0.6, 0.9)] {
        #expect(judged(verdict, scale: scale, dropped: dropped).verdict <= verdict)
      }
    }
  }

  @Test("scaled copies fail unless the evidence is complete; the ratio is told in words")
  func sizes() {
    #expect(judged(.doubtful, scale: 1000).verdict == .failed)
    #expect(judged(.doubtful, scale: 1000).reasons == ["sizes differ 1000×: nothing is rescaled", "weak support"])
    #expect(judged(.doubtful, scale: 0.1).reasons.first == "sizes differ 10×: nothing is rescaled")
    #expect(judged(.failed, scale: 4.5).reasons.first == "sizes differ 4.5×: nothing is rescaled")
    #expect(judged(.failed, scale: 25.4).reasons.first == "sizes differ 25×: nothing is rescaled")
    #expect(judged(.trusted, scale: 10).verdict == .trusted)
    #expect(judged(.doubtful, scale: 3).reasons == ["weak support"])
  }

  @Test("clouds of which most was dropped are doubtful at best")
  func dropped() {
    let one = judged(.trusted, dropped: (0.507, 0.5))
    #expect(one.verdict == .doubtful && one.reasons == ["51 % of the source's points are not finite"])
    let both = judged(.failed, dropped: (0.9, 1))
    #expect(both.verdict == .failed && both.reasons.count == 3)
  }
}
