/// Poses over time: where a body stood, one pose per moment.
public struct Trajectory: Equatable, Sendable {
  /// The moments, seconds, ascending, as many as there are poses; nil where only the order is known.
  public private(set) var times: [Double]?
  /// The poses, world from body.
  public private(set) var poses: [RigidTransform]

  /// A trajectory; a precondition holds that there are as many times as poses and that they ascend.
  public init(times: [Double]? = nil, poses: [RigidTransform]) {
    if let times {
      precondition(times.count == poses.count, "\(times.count) times for \(poses.count) poses")
      precondition(zip(times, times.dropFirst()).allSatisfy(<), "times do not ascend")
    }
    self.times = times
    self.poses = poses
  }

  /// The number of poses.
  public var count: Int { poses.count }
}
