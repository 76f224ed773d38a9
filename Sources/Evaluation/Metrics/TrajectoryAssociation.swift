import Geometry

/// Why two trajectories cannot be compared: one line.
public struct TrajectoryMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line; it names both files.
  public let description: String

  /// A reason.
  public init(_ description: String) { self.description = description }
}

/// A trajectory as the comparison takes it: a pose per moment, with a name for messages.
public struct NamedPoses: Sendable {
  /// The file, for messages.
  public var name: String
  /// Seconds, one per pose, in any order; nil where the poses are numbered by frames.
  public var times: [Double]?
  /// The poses, from the moving frame to the world.
  public var poses: [RigidTransform]

  /// A trajectory.
  /// - Throws: ``TrajectoryMismatch`` when there is not a time for every pose.
  public init(name: String, times: [Double]?, poses: [RigidTransform]) throws(TrajectoryMismatch) {
    if let times, times.count != poses.count {
      throw TrajectoryMismatch("\(name): \(times.count) times for \(poses.count) poses")
    }
    self.name = name
    self.times = times
    self.poses = poses
  }
}

/// Finds the poses of two trajectories that belong together.
///
/// With times on both sides, two poses belong together when each is the nearest in time to the other and they are at most
/// 10 ms apart; so each is used at most once. Without times on both sides the poses are paired by their place, which needs equal counts.
public struct TrajectoryAssociation: Sendable {
  /// How far two moments may be apart, seconds.
  public var maximumTimeDifference: Double

  /// Two poses that belong together.
  public struct Pair: Equatable, Sendable {
    /// The place of the true pose.
    public var truth: Int
    /// The place of the estimated pose.
    public var estimate: Int
  }

  /// An association; 10 ms unless stated.
  public init(maximumTimeDifference: Double = 0.01) { self.maximumTimeDifference = maximumTimeDifference }

  /// The pairs in the order of time.
  /// - Throws: ``TrajectoryMismatch`` when a trajectory is empty, no moments match, or counts differ without times.
  public func callAsFunction(truth: NamedPoses, estimate: NamedPoses) throws(TrajectoryMismatch) -> [Pair] {
    for trajectory in [truth, estimate] where trajectory.poses.isEmpty {
      throw TrajectoryMismatch("\(trajectory.name): no pose")
    }
    guard let trueTimes = truth.times, let times = estimate.times else {
      guard truth.poses.count == estimate.poses.count else {
        let lacking =
          truth.times == nil
          ? (estimate.times == nil ? "neither has times" : "the first has no times") : "the second has no times"
        throw TrajectoryMismatch(
          "\(truth.name) has \(truth.poses.count) poses, \(estimate.name) has \(estimate.poses.count), and \(lacking): "
            + "give a time per pose with --times FILE")
      }
      return truth.poses.indices.map { Pair(truth: $0, estimate: $0) }
    }
    let pairs = nearest(trueTimes, times)
    guard !pairs.isEmpty else {
      throw TrajectoryMismatch(
        "no pose of \(estimate.name) (\(TrajectoryAssociation.span(times))) is within \(maximumTimeDifference) s of one "
          + "of \(truth.name) (\(TrajectoryAssociation.span(trueTimes))); are the clocks the same?")
    }
    return pairs
  }

  /// The moments that are nearest to each other, seen from both sides.
  private func nearest(_ trueTimes: [Double], _ times: [Double]) -> [Pair] {
    let (known, found) = (TrajectoryAssociation.order(trueTimes), TrajectoryAssociation.order(times))
    return known.compactMap { truth in
      let time = trueTimes[truth]
      guard let estimate = TrajectoryAssociation.nearest(to: time, in: times, found),
        abs(times[estimate] - time) <= maximumTimeDifference,
        TrajectoryAssociation.nearest(to: times[estimate], in: trueTimes, known) == truth
      else { return nil }
      return Pair(truth: truth, estimate: estimate)
    }
  }

  /// The places of the finite moments, in the order of time.
  private static func order(_ times: [Double]) -> [Int] {
    times.indices.filter { times[$0].isFinite }.sorted { (times[$0], $0) < (times[$1], $1) }
  }

  /// The place of the nearest moment; of equally near ones the earlier, of equal ones the first.
  private static func nearest(to time: Double, in times: [Double], _ order: [Int]) -> Int? {
    func firstNotBefore(_ time: Double) -> Int {
      var (low, high) = (0, order.count)
      while low < high {
        let middle = (low + high) / 2
        if times[order[middle]] < time { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let after = firstNotBefore(time)
    guard after > 0 else { return order.first }
    let before = times[order[after - 1]]
    if after < order.count, times[order[after]] - time < time - before { return order[after] }
    return order[firstNotBefore(before)]
  }

  /// The first and last moment, for messages.
  private static func span(_ times: [Double]) -> String {
    let finite = times.filter(\.isFinite)
    guard let first = finite.min(), let last = finite.max() else { return "no finite time" }
    return "\(first) to \(last) s"
  }
}
