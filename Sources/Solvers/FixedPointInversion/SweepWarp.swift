import Geometry

/// What a sensor that moves during a sweep does to a still scene: every point is measured from where the sensor is then.
///
/// With the twist ξ of one sweep and the share s of it that has passed, the sensor stands at `exp(s ξ)` in its own frame of the
/// sweep's start. A measured point p with its time belongs at `exp(s ξ) p`. The reverse, where a still point is seen, needs the
/// time at which the beam meets it, which depends on where it is seen: a near-identity warp, inverted by ``FixedPointInverse``.
public struct SweepWarp: Sendable {
  /// ξ, the motion of the sensor in one sweep, radians and metres.
  public var twist: Twist

  /// The warp of a motion.
  public init(_ twist: Twist) { self.twist = twist }

  /// Where the sensor is after a share of the sweep, in the frame of its start.
  public func pose(at share: Double) -> RigidTransform {
    RigidTransform(exponential: Twist(rotation: twist.rotation * share, translation: twist.translation * share))
  }

  /// Where a point that was measured after a share of the sweep belongs in the frame of its start.
  public func still(_ measured: Point3, at share: Double) -> Point3 { pose(at: share)(measured) }

  /// Where a still point is measured, by iteration from the point itself; nil where it does not converge, as for motions so
  /// fast that a point is met twice or never.
  /// - Parameter share: the share of the sweep at which the sensor measures in the direction of a point.
  public func seen(
    _ point: Point3, share: (Point3) -> Double,
    solver: FixedPointInverse = FixedPointInverse(iterations: 100, tolerance: 1e-12)
  ) -> Point3? {
    let report = solver(from: [point.x, point.y, point.z]) { z in
      let p = Point3(z[0], z[1], z[2])
      let miss = still(p, at: share(p)) - point
      return [miss.x, miss.y, miss.z]
    }
    return report.outcome == .converged ? Point3(report.solution[0], report.solution[1], report.solution[2]) : nil
  }
}
