#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What speaks for and against the pose of a global search, in numbers: what ``Confidence`` weighs.
package struct PoseEvidence: Sendable, Equatable {
  /// The ranking score, see `ScoredPose`.
  package var score: Double
  /// The score less that of the best distinct rival; nil where there is none.
  package var margin: Double?
  /// Matches that agree, n.
  package var inliers: Int
  /// All matches, N.
  package var matches: Int
  /// The share of points in free space, the worse of both directions, V.
  package var violation: Double
  /// The root mean square plane distance after the refinement, in working voxels.
  package var residual: Double
  /// The cubes of eight voxels' edge in which matches agree: rooms that share a piece of furniture agree in few.
  package var regions: Int
  /// The share of the overlap on none of its three largest planes, see ``PlaneRemainder``: corners of rooms are alike.
  package var offPlanes: Double
  /// How far the surfaces deviate from region to region, in working voxels, see `OverlapMeasure.Result.deviation`.
  package var deviation: Double

  /// Gathers the numbers.
  package init(
    score: Double, margin: Double?, inliers: Int, matches: Int, violation: Double, residual: Double, regions: Int,
    offPlanes: Double, deviation: Double
  ) {
    (self.score, self.margin, self.inliers, self.matches) = (score, margin, inliers, matches)
    (self.violation, self.residual, self.regions) = (violation, residual, regions)
    (self.offPlanes, self.deviation) = (offPlanes, deviation)
  }

  /// What is weighed, x: a score that is linear in it, so counts and shares in free space by their logarithms.
  package var values: [Double] {
    let share = Double(inliers) / Double(max(matches, 1))
    return [
      score, min(margin ?? 5, 5), log(violation + 0.003), share, residual, log1p(Double(regions)),
      log(min(offPlanes, 0.15) + 0.01),
    ]
  }

  /// The names of these values.
  package static let names = [
    "score", "min(margin, 5)", "ln(V + 0.003)", "n/N", "residual", "ln(1 + regions)",
    "ln(min(off planes, 0.15) + 0.01)",
  ]
}
