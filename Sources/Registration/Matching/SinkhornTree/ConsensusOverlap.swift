import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Overlap scores from the agreement of a patch, in place of the paper's trained head (Eq. 4).
///
/// c is the share of the patch's members that keep their distances to i and j, T its pose, h the spacing of the level:
///
///     sᵢⱼ = c min(1, members/8) exp(-|T i - j|² / (2 (0.6 h)²))
struct ConsensusOverlap: OverlapScores {
  private let source, target: KeypointPyramid
  private let voxel: Float
  private let pose: FastTransform
  private let members: [(source: SIMD3<Float>, target: SIMD3<Float>)]

  /// The scores under the pose of a patch; voxel in metres.
  init(source: KeypointPyramid, target: KeypointPyramid, hypothesis: PatchHypothesis, voxel: Float) {
    (self.source, self.target, self.voxel) = (source, target, voxel)
    pose = FastTransform(hypothesis.pose)
    members = hypothesis.members.map {
      (source.features.keypoints[Int($0.source)], target.features.keypoints[Int($0.target)])
    }
  }

  func callAsFunction(_ a: [Int32], _ b: [Int32], level: Int) -> [Float] {
    let spread = 0.6 * source.levels[level].spacing
    let scale = -1 / (2 * spread * spread)
    let tolerance = (level == 1 ? 2 : 1.6) * voxel
    let trust = min(1, Float(members.count) / 8) / Float(max(members.count, 1))
    var scores = [Float](repeating: 0, count: a.count * b.count)
    for (k, i) in a.enumerated() {
      let p = source.features.keypoints[Int(i)]
      let moved = pose(p)
      for (l, j) in b.enumerated() {
        let q = target.features.keypoints[Int(j)]
        let nearness = expf((moved - q).squaredLength * scale)
        // Scores that round to nothing need no vote.
        if nearness < 1e-3 { continue }
        var votes = 0
        for m in members where abs((p - m.source).length - (q - m.target).length) < tolerance { votes += 1 }
        scores[k * b.count + l] = Float(votes) * trust * nearness
      }
    }
    return scores
  }
}
