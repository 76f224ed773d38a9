import Geometry

/// The poses that the search brought forward, best first, or the one that it was given.
package struct Candidates: Sendable {
  /// Ranked poses; empty for a local registration, or when nothing matched.
  package let poses: [ScoredPose]
  /// The matches behind them; nil for a local registration.
  package let matches: MatchSet?
  /// The pose to refine; the identity when there is none.
  package let best: RigidTransform

  /// Ranked poses and the matches behind them.
  package init(poses: [ScoredPose], matches: MatchSet) {
    self.poses = poses
    self.matches = matches
    best = poses.first?.transform ?? .identity
  }

  /// The same poses with one of them before all others.
  func led(by winner: ScoredPose) -> Candidates {
    guard let matches else { return self }
    let others = poses.filter { $0.transform != winner.transform }
    return Candidates(poses: [winner] + others, matches: matches)
  }

  /// Whether a global search brought no pose forward.
  var isEmpty: Bool { poses.isEmpty && matches != nil }

  init(start: RigidTransform) {
    poses = []
    matches = nil
    best = start
  }
}
