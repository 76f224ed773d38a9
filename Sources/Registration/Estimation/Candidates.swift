import Geometry

/// The poses that the search brought forward, best first, or the one that it was given.
struct Candidates: Sendable {
  /// Ranked poses; empty for a local registration, or when nothing matched.
  let poses: [ScoredPose]
  /// The matches behind them; nil for a local registration.
  let matches: MatchSet?
  /// The pose to refine; the identity when there is none.
  let best: RigidTransform

  init(poses: [ScoredPose], matches: MatchSet) {
    self.poses = poses
    self.matches = matches
    best = poses.first?.transform ?? .identity
  }

  /// Whether a global search brought no pose forward.
  var isEmpty: Bool { poses.isEmpty && matches != nil }

  init(start: RigidTransform) {
    poses = []
    matches = nil
    best = start
  }
}
