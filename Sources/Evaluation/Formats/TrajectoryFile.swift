import Geometry
import PointClouds

/// Reads poses over time in the forms of TUM, KITTI and EuRoC.
///
/// - TUM: eight columns between blanks, `time x y z qx qy qz qw`, seconds.
/// - KITTI: twelve columns, the upper three rows of a matrix, without time. The times are taken from `times.txt`, one number
///   per line, beside the file or in `sequences/NN` of the benchmark whose `poses/NN.txt` it is.
/// - EuRoC: columns between commas, `time x y z qw qx qy qz`, nanoseconds, alone or followed by nine others (velocity and
///   biases), which are not kept.
///
/// Poses that are not in order are sorted by time.
public struct TrajectoryFile: Sendable {
  /// How a file is written.
  public enum Format: Sendable, Equatable {
    case tum, kitti, euroc

    /// The name in messages.
    public var name: String {
      switch self {
      case .tum: "TUM";
      case .kitti: "KITTI";
      case .euroc: "EuRoC"
      }
    }

    /// The format that a line with the given words looks like, nil unless all are numbers; whether commas stand between
    /// them is not asked.
    init?(words: [String]) {
      guard words.allSatisfy({ NumberScanner.parse($0.trimmed.utf8) != nil }) else { return nil }
      switch words.count {
      case 17: self = .euroc
      case 12: self = .kitti
      case 8: self = .tum
      default: return nil
      }
    }
  }

  /// The form that was found.
  public let format: Format
  /// The poses, by time where there are times.
  public let trajectory: Trajectory
  /// What is worth knowing and no error: that poses were sorted, where the times come from.
  public let notes: [String]

  /// Reads a trajectory.
  /// - Parameter times: a file of times, one per line, for poses without time; looked for beside the poses when nil.
  /// - Throws: ``CloudFileError`` that names the line: another number of columns, a number that is not finite, a quaternion
  ///   that is not of unit length to 1 %, a matrix that is no rigid motion, a time that is there twice.
  public init(_ path: String, times: String? = nil) throws(CloudFileError) {
    let bytes = try SmallFile.read(path, limit: 256 << 20, expected: "a trajectory")
    let text = String(decoding: bytes, as: UTF8.self)
    let plain = TextRecords(text: text, path: path)
    guard let first = plain.lines.first else { throw CloudFileError(.damaged, path, "no pose in the file") }
    if first.words.contains(where: { $0.contains(",") }) {
      format = .euroc
      let rows = try Self.timed(TextRecords(text: text, path: path, separator: ","), isEuRoC: true)
      (trajectory, notes) = try Self.sorted(rows, path)
    } else if first.words.count == 12 {
      format = .kitti
      let poses = try Self.matrices(plain)
      let file = times ?? Self.timesFile(of: path)
      let moments: [Double]? = if let file { try Self.moments(file, poses: poses.count, path) } else { nil }
      trajectory = Trajectory(times: moments, poses: poses)
      notes = file.map { ["times from \($0)"] } ?? ["no times; --times names a file that has them"]
    } else {
      format = .tum
      (trajectory, notes) = try Self.sorted(Self.timed(plain, isEuRoC: false), path)
    }
  }

  /// The poses of a file in the form of KITTI.
  static func poses(_ path: String) throws(CloudFileError) -> [RigidTransform] {
    try matrices(TextRecords(path, expected: "a list of poses"))
  }

  private static func matrices(_ records: TextRecords) throws(CloudFileError) -> [RigidTransform] {
    var poses: [RigidTransform] = []
    for line in records.lines {
      guard line.words.count == 12 else {
        throw records.error(line, "\(line.words.count) columns, the 12 of a KITTI pose are expected")
      }
      let numbers = try records.finiteNumbers(line)
      do throws(NotARigidMotion) { poses.append(try RigidTransform(rowMajor: numbers)) } catch {
        throw records.error(line, "\(error)")
      }
    }
    return poses
  }

  private typealias Row = (time: Double, pose: RigidTransform, line: TextRecords.Line)

  private static func timed(_ records: TextRecords, isEuRoC: Bool) throws(CloudFileError) -> [Row] {
    var rows: [Row] = []
    for line in records.lines {
      let n = line.words.count
      guard n == 8 || isEuRoC && n == 17 else {
        throw records.error(
          line,
          isEuRoC
            ? "\(n) columns, 8 or 17 of EuRoC (time x y z qw qx qy qz …) are expected"
            : "\(n) columns, 8 of TUM (time x y z qx qy qz qw) or 12 of KITTI are expected")
      }
      let v = try records.finiteNumbers(line)
      let (w, x, y, z) = isEuRoC ? (v[4], v[5], v[6], v[7]) : (v[7], v[4], v[5], v[6])
      let length = (w * w + x * x + y * y + z * z).squareRoot()
      guard abs(length - 1) <= 0.01 else {
        throw records.error(line, "the quaternion has length \(length), 1 is expected")
      }
      let pose = RigidTransform(rotation: Rotation3(quaternion: w, x, y, z), translation: Point3(v[1], v[2], v[3]))
      rows.append((isEuRoC ? v[0] / 1e9 : v[0], pose, line))
    }
    return rows
  }

  private static func sorted(_ rows: [Row], _ path: String) throws(CloudFileError) -> (Trajectory, [String]) {
    guard !rows.isEmpty else { throw CloudFileError(.damaged, path, "no pose in the file") }
    let order = rows.sorted { ($0.time, $0.line.number) < ($1.time, $1.line.number) }
    for (a, b) in zip(order, order.dropFirst()) where a.time == b.time {
      throw CloudFileError(
        .damaged, path, "line \(b.line.number): the time of line \(a.line.number) again (\(b.time) s)")
    }
    let moved = zip(rows, order).count { $0.line.number != $1.line.number }
    let trajectory = Trajectory(times: order.map(\.time), poses: order.map(\.pose))
    return (trajectory, moved == 0 ? [] : ["\(moved) of \(rows.count) poses were not in order of time and were sorted"])
  }

  /// The file with the times of poses in the form of KITTI, if it lies where it is expected.
  private static func timesFile(of path: String) -> String? {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[..<$0]) } ?? "."
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    let stem = name.hasSuffix(".txt") ? name.dropLast(4) : name
    return [folder + "/times.txt", "\(folder)/../sequences/\(stem)/times.txt"].first(where: FolderListing.isFile)
  }

  private static func moments(_ path: String, poses: Int, _ posesPath: String) throws(CloudFileError) -> [Double] {
    let records = try TextRecords(path, expected: "a list of times")
    var times: [Double] = []
    for line in records.lines {
      guard line.words.count == 1 else {
        throw records.error(line, "\(line.words.count) columns, one time is expected")
      }
      let time = try records.finite(line, 0)
      if let last = times.last, time <= last { throw records.error(line, "time \(time) does not come after \(last)") }
      times.append(time)
    }
    guard times.count == poses else {
      throw CloudFileError(
        .damaged, path, "\(times.count) times for the \(poses) poses of \(posesPath); --times names the right file")
    }
    return times
  }
}

extension String {
  fileprivate var trimmed: Substring {
    var text = self[...]
    while let last = text.last, last.isWhitespace { text.removeLast() }
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    return text
  }
}
