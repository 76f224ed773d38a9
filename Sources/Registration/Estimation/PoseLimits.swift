import Geometry

/// Bounds that a user sets on the pose, between the working frames.
struct PoseLimits: Sendable {
  /// Largest rotation, degrees.
  let rotation: Double?
  /// Largest distance between where the source's mean is and where the pose takes it, metres.
  let displacement: Double?
  /// Least overlap of the cloud that overlaps more, a share.
  let overlap: Double?
  /// The mean of the source in its working frame.
  let center: Point3
  /// See `PreparedPair.originShift`.
  let shift: Point3

  /// The bounds that the settings put on the pose of a pair.
  init(_ settings: Registrar.Settings, for pair: PreparedPair) {
    (rotation, displacement) = (settings.maximumRotation, settings.maximumDisplacement)
    overlap = settings.minimumOverlap
    (center, shift) = (pair.sourceCenter, pair.originShift)
  }

  /// Whether rotation and displacement are within the bounds.
  func admit(_ pose: RigidTransform) -> Bool { reasons(pose).isEmpty }

  /// Fails a result for which the search found no pose within the bounds.
  func applyEmpty(to result: inout RegistrationResult) {
    let bounds = [
      rotation.map { "turn of at most \($0) degrees" }, displacement.map { "displacement of at most \($0) m" },
    ]
    let wanted = bounds.compactMap { $0 }.joined(separator: " and a ")
    result.reasons = ["no pose with a \(wanted) explains the matches; none is given"]
    result.verdict = .failed
  }

  /// Whether rotation or displacement are bounded.
  var bound: Bool { rotation != nil || displacement != nil }

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
      reasons.append("the pose turns by \(pose.rotation.angleDegrees.hundredths) degrees, more than \(rotation)")
    }
    let moved = (pose(center) - center + shift).length
    if let displacement, moved > displacement {
      reasons.append("the pose moves the source by \(moved.hundredths) m, more than \(displacement)")
    }
    return reasons
  }

  private func percent(_ x: Double) -> String { "\((100 * x).hundredths) %" }
}
