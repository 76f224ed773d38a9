import Foundation
import Geometry

/// What is left of a pair's two poses after going there and back.
public struct PoseRoundTrip: Sendable, Equatable {
  /// The angle of the motion there and back, degrees.
  public let rotationDegrees: Double
  /// How far a point of the first cloud comes back from where it was, metres.
  public let displacement: Double

  /// What was measured before.
  public init(rotationDegrees: Double, displacement: Double) {
    (self.rotationDegrees, self.displacement) = (rotationDegrees, displacement)
  }

  /// Goes there and back.
  /// - Parameters:
  ///   - there: the pose of the first cloud on the second.
  ///   - back: the pose of the second cloud on the first.
  ///   - point: the point whose displacement is taken, in the frame of the first cloud; its middle, where that is far from the
  ///     origin.
  public init(there: RigidTransform, back: RigidTransform, point: Point3 = .zero) {
    let trip = back * there
    rotationDegrees = trip.logarithm.rotation.length * 180 / .pi
    displacement = (trip(point) - point).length
  }
}

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
    let trips = zip(forward, reverse).map { PoseRoundTrip(there: $1, back: $0) }
    rotationDegrees = trips.reduce(0) { $0 + $1.rotationDegrees } / Double(trips.count)
    translation = trips.reduce(0) { $0 + $1.displacement } / Double(trips.count)
  }
}
