import Foundation
import Geometry

/// How far poses estimated in both directions are from undoing each other.
///
/// The exact pose has `T_ab T_ba = I`. Classical registration sees both clouds alike; a matcher or tracker that learned
/// from pairs in one order need not. The forward-backward check is classical; the reversal curse is only the reason to
/// look.
public struct DirectionalConsistency: Sendable {
  /// The mean angle of `T_ab T_ba`, degrees; NaN of nothing.
  public let rotationDegrees: Double
  /// The mean length of its translation, metres; NaN of nothing.
  public let translation: Double

  /// Compares poses a ← b with poses b ← a, pair by pair.
  public init(forward: [RigidTransform], reverse: [RigidTransform]) {
    precondition(forward.count == reverse.count, "\(forward.count) poses and \(reverse.count) back")
    let trips = zip(forward, reverse).map { $0 * $1 }
    rotationDegrees = trips.map { $0.logarithm.rotation.length * 180 / .pi }.reduce(0, +) / Double(trips.count)
    translation = trips.map(\.translation.length).reduce(0, +) / Double(trips.count)
  }
}
