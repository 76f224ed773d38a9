import Geometry
import Glibc
import PointClouds
import Tracking

/// Writes estimates in the forms that ``EstimateReader`` reads, each file at once or not at all.
///
/// Numbers are written with the digits that read back to the same doubles. Items without an estimate have no row.
public struct EstimateWriter: Sendable {
  private let folder: String
  private let replacing: Bool

  /// A writer into a folder, which is made where it is missing.
  /// - Parameter replacing: whether existing files may be replaced.
  public init(folder: String, replacing: Bool) {
    (self.folder, self.replacing) = (folder, replacing)
  }

  /// Writes poses, source to target, by the items' ids.
  /// - Returns: the files that were written.
  /// - Throws: ``CloudFileError`` when a file cannot be written.
  @discardableResult
  public func write(
    poses: [String: RigidTransform], for benchmark: Benchmark
  ) throws(CloudFileError) -> [String] {
    guard case .pairs(let items) = benchmark.work else { return [] }
    var (texts, places): ([(name: String, text: String)], [String: Int]) = ([], [:])
    func add(_ name: String, _ text: String) {
      let place = places[name] ?? texts.count
      if place == texts.count {
        places[name] = place
        texts.append((name, ""))
      }
      texts[place].text += text
    }
    let scenes = Dictionary(grouping: items) { "\($0.list)/\($0.scene)" }
    let fragments = scenes.mapValues { own in
      own.map { max($0.numbers.first, $0.numbers.second) }.max().map { $0 + 1 } ?? 0
    }
    for item in items {
      let numbers = item.numbers
      let pose = poses[item.id]
      switch benchmark.layout {
      case .match3D, .eth:
        // Logs map the second cloud to the first; the source of ETH is the first.
        let rows = (benchmark.layout == .eth ? pose?.inverse : pose)?.rows ?? []
        let block =
          ["\(numbers.first)\t\(numbers.second)\t\(fragments["\(item.list)/\(item.scene)"] ?? 0)"]
          + rows.map { $0.map(\.description).joined(separator: "\t") }
        add("\(item.list)/\(item.scene)/est.log", pose == nil ? "" : block.joined(separator: "\n") + "\n")
      case .odometry:
        add("\(item.scene).txt", pose.map { "\(numbers.first) \(numbers.second) \(words($0, 3))\n" } ?? "")
      case .pairs:
        let names = "\(item.names?.source ?? "") \(item.names?.target ?? "")"
        let isNamed = item.id != "\(item.names?.source ?? "")~\(item.names?.target ?? "")"
        add("pairs.txt", pose.map { "\(names) \(words($0, 4))\(isNamed ? " " + item.id : "")\n" } ?? "")
      default: add("poses.txt", pose.map { "\(item.id) \(words($0, 4))\n" } ?? "")
      }
    }
    return try write(texts)
  }

  /// Writes boxes of the scanner's frame, by the items' ids and frames, as labels of KITTI tracking.
  /// - Parameter isRectified: as the benchmark was read.
  /// - Returns: the files that were written.
  /// - Throws: ``CloudFileError`` when the benchmark's calibration cannot be read or a file cannot be written.
  @discardableResult
  public func write(
    boxes: [String: [Int: Box3]], for benchmark: Benchmark, isRectified: Bool = true
  ) throws(CloudFileError) -> [String] {
    guard case .tracklets(let items) = benchmark.work,
      let source = TrackingFolder(benchmark.root, "kitti-tracking")
    else { return [] }
    var texts: [(name: String, text: String)] = []
    for (sequence, own) in Dictionary(grouping: items, by: \.sequence).sorted(by: { $0.key < $1.key }) {
      let calibration = try TrackingFolder.calibration(source.base, sequence, isNeeded: false) ?? .upright
      var labels: [KITTILabel] = []
      for item in own {
        for (frame, box) in boxes[item.id] ?? [:] {
          labels.append(
            calibration.label(
              of: box, frame: frame, track: item.track, category: item.category, isRectified: isRectified))
        }
      }
      labels.sort { ($0.frame, $0.track) < ($1.frame, $1.track) }
      texts.append(("\(sequence).txt", labels.map { $0.text + "\n" }.joined()))
    }
    return try write(texts)
  }

  private func words(_ pose: RigidTransform, _ rows: Int) -> String {
    pose.rows.prefix(rows).flatMap { $0 }.map(\.description).joined(separator: " ")
  }

  private func write(_ texts: [(name: String, text: String)]) throws(CloudFileError) -> [String] {
    var paths: [String] = []
    for (name, text) in texts {
      let path = folder + "/" + name
      try EstimateWriter.makeFolder(for: path)
      try AtomicFile.write(Array(text.utf8), to: path, replacing: replacing)
      paths.append(path)
    }
    return paths
  }

  /// Makes the folders that lead to a file.
  private static func makeFolder(for path: String) throws(CloudFileError) {
    for end in path.indices where path[end] == "/" && end != path.startIndex {
      let folder = String(path[..<end])
      if mkdir(folder, 0o777) == 0 || FolderListing.isFolder(folder) { continue }
      let code = errno
      let reason = String(cString: strerror(code))
      switch code {
      case EACCES, EPERM, EROFS: throw CloudFileError(.permission, folder, "cannot be made: \(reason)")
      case ENOSPC: throw CloudFileError(.noSpace, folder, "cannot be made: \(reason)")
      default: throw CloudFileError(.cannotCreate, folder, "cannot be made: \(reason)")
      }
    }
  }
}
