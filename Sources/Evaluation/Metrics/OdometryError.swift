import Geometry

/// The segment errors of the KITTI odometry benchmark (Geiger, Lenz and Urtasun, CVPR 2012).
///
/// From every tenth pose on, and for lengths of 100, 200, …, 800 m, the segment ends at the first pose that is farther
/// along the true path than the length. With the relative motions Q (truth) and P (estimate) over the segment, `P⁻¹ Q`
/// gives a translation relative to the length, in percent, and an angle per metre.
public struct OdometryError: Sendable, Equatable {
  /// The errors, in the order of first pose and length.
  public var segments: [Segment]

  /// The error over one segment.
  public struct Segment: Sendable, Equatable {
    /// The place of the first pose.
    public var first: Int
    /// The nominal length, metres.
    public var length: Double
    /// Error of translation relative to the length.
    public var translationShare: Double
    /// Error of rotation, degrees per metre.
    public var degreesPerMetre: Double
  }

  /// The lengths, metres.
  public static let lengths = [100.0, 200, 300, 400, 500, 600, 700, 800]
  /// From one first pose to the next.
  public static let step = 10

  /// The errors of the poses that belong together.
  /// - Throws: ``TrajectoryMismatch`` when nothing matches or counts differ without times.
  public init(
    truth: NamedPoses, estimate: NamedPoses, association: TrajectoryAssociation = TrajectoryAssociation()
  ) throws(TrajectoryMismatch) {
    let pairs = try association(truth: truth, estimate: estimate)
    self.init(truth: pairs.map { truth.poses[$0.truth] }, estimate: pairs.map { estimate.poses[$0.estimate] })
  }

  /// The errors of poses that belong together one by one.
  init(truth: [RigidTransform], estimate: [RigidTransform]) {
    var path = [0.0]
    for i in truth.indices.dropFirst() {
      path.append(path[i - 1] + (truth[i].translation - truth[i - 1].translation).length)
    }
    segments = []
    for first in stride(from: 0, to: truth.count, by: OdometryError.step) {
      for length in OdometryError.lengths {
        guard let last = OdometryError.firstPlace(in: path, beyond: path[first] + length) else { break }
        let q = truth[first].inverse * truth[last]
        let p = estimate[first].inverse * estimate[last]
        let error = p.inverse * q
        segments.append(
          Segment(
            first: first, length: length, translationShare: error.translation.length / length,
            degreesPerMetre: error.rotation.angleDegrees / length))
      }
    }
  }

  /// The first place of an ascending path that is larger than a distance.
  private static func firstPlace(in path: [Double], beyond distance: Double) -> Int? {
    var (low, high) = (0, path.count)
    while low < high {
      let middle = (low + high) / 2
      if path[middle] > distance { high = middle } else { low = middle + 1 }
    }
    return low < path.count ? low : nil
  }

  /// One table: a row per length, then the mean over all segments.
  public func tables(name: String) -> [ScoreTable] {
    func row(_ name: String, _ segments: [Segment], isSummary: Bool = false) -> ScoreTable.Row {
      let translation = segments.map(\.translationShare).mean
      let rotation = segments.map(\.degreesPerMetre).mean
      return ScoreTable.Row(
        name: name,
        cells: [
          .count(segments.count), translation.map { .number(100 * $0, decimals: 4) } ?? .none,
          rotation.map { .number($0, decimals: 6) } ?? .none,
        ], isSummary: isSummary)
    }
    var rows = OdometryError.lengths.compactMap { length in
      let some = segments.filter { $0.length == length }
      return some.isEmpty ? nil : row("\(Int(length)) m", some)
    }
    rows.append(row("all segments", segments, isSummary: true))
    return [
      ScoreTable(
        title: "\(name), KITTI odometry: segments of 100 to 800 m",
        columns: ["length", "segments", "translation %", "rotation deg/m"], rows: rows,
        notes: segments.isEmpty ? ["the path is shorter than 100 m: no segment"] : [])
    ]
  }
}
