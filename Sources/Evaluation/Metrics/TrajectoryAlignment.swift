import Geometry
import Solvers

/// How an estimated trajectory is laid on the true one before their difference is measured.
public enum TrajectoryAlignment: String, Sendable, CaseIterable {
  /// As it is.
  case none
  /// So that the first poses agree.
  case origin
  /// By the rigid motion that brings the positions together best (Umeyama, 1991).
  case rigid = "se3"
  /// By rigid motion and scale.
  case similarity = "sim3"

  /// The estimated poses in the frame of the true ones, and the scale that was applied.
  ///
  /// The scale is `Σ (q - q̄)·R (p - p̄) / Σ |p - p̄|²` (Umeyama, equation 42).
  /// - Throws: ``TrajectoryMismatch`` when the positions do not fix the motion.
  func apply(
    to estimate: [RigidTransform], truth: [RigidTransform], name: String
  ) throws(TrajectoryMismatch) -> (poses: [RigidTransform], scale: Double) {
    switch self {
    case .none: return (estimate, 1)
    case .origin:
      guard let a = truth.first, let b = estimate.first else { return (estimate, 1) }
      let motion = a * b.inverse
      return (estimate.map { motion * $0 }, 1)
    case .rigid, .similarity:
      let (p, q) = (estimate.map(\.translation), truth.map(\.translation))
      let (pMean, qMean) = (TrajectoryAlignment.mean(p), TrajectoryAlignment.mean(q))
      // About the means, so that positions far from the origin keep their digits.
      let pairs = zip(p, q).map { (source: $0 - pMean, target: $1 - qMean) }
      guard let rotation = RigidAlignment(pairs).transform?.rotation else {
        throw TrajectoryMismatch(
          "\(name): the \(p.count) matched positions coincide or lie on a line, which leaves the alignment open; "
            + "compare with the alignment none or origin")
      }
      var scale = 1.0
      if self == .similarity {
        let spread = pairs.map { $0.source.squaredLength }.pairwiseSum
        scale = pairs.map { $0.target.dot(rotation($0.source)) }.pairwiseSum / spread
        guard scale.isFinite, scale > 0 else {
          throw TrajectoryMismatch("\(name): no positive scale brings the positions together")
        }
      }
      let poses = estimate.map { pose in
        RigidTransform(
          rotation: rotation * pose.rotation, translation: rotation(pose.translation - pMean) * scale + qMean)
      }
      return (poses, scale)
    }
  }

  private static func mean(_ points: [Point3]) -> Point3 {
    points.reduce(Point3.zero) { $0 + $1 / Double(points.count) }
  }
}
