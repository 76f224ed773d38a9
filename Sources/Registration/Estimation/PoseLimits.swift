import Geometry

/// Bounds that a user sets on the pose, between the working frames.
struct PoseLimits: Sendable {
  /// Largest rotation, degrees.
  var rotation: Double?
  /// Largest distance between where the source's mean is and where the pose takes it, metres.
  var displacement: Double?
  /// Least overlap of the cloud that overlaps more, a share.
  var overlap: Double?
  /// The mean of the source in its working frame.
  var center = Point3.zero
  /// The target's origin less the source's.
  var shift = Point3.zero

  /// Whether rotation and displacement are within the bounds.
  func admit(_ pose: RigidTransform) -> Bool { reasons(pose).isEmpty }

  /// Fails a result whose pose or overlap is beyond the bounds.
  func apply(to result: inout RegistrationResult, pose: RigidTransform) {
    var reasons = reasons(pose)
    let share = max(result.diagnosis.sourceOverlap, result.diagnosis.targetOverlap)
    if let overlap, share < overlap {
      reasons.append("overlap \(percent(share)), at least \(percent(overlap)) was asked for")
    }
    if reasons.isEmpty { return }
    result.reasons = reasons + (result.verdict == .failed ? result.reasons : [])
    result.verdict = .failed
  }

  private func reasons(_ pose: RigidTransform) -> [String] {
    var reasons: [String] = []
    if let rotation, pose.rotation.angleDegrees > rotation {
      reasons.append("the pose turns by \(decimal(pose.rotation.angleDegrees)) degrees, more than \(rotation)")
    }
    let moved = (pose(center) - center + shift).length
    if let displacement, moved > displacement {
      reasons.append("the pose moves the source by \(decimal(moved)) m, more than \(displacement)")
    }
    return reasons
  }

  private func percent(_ x: Double) -> String { "\(decimal(100 * x)) %" }
  private func decimal(_ x: Double) -> Double { (x * 100).rounded() / 100 }
}

extension PreparedPair {
  /// The mean of the source's points in its working frame.
  var sourceCenter: Point3 {
    let points = source.coarse.positions
    return points.reduce(Point3.zero) { $0 + Point3($1) } / Double(max(points.count, 1))
  }

  /// The bounds that the settings put on a pose.
  func limits(_ settings: Registrar.Settings) -> PoseLimits {
    PoseLimits(
      rotation: settings.maximumRotation, displacement: settings.maximumDisplacement,
      overlap: settings.minimumOverlap, center: sourceCenter, shift: originShift)
  }
}
