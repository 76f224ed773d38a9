import Geometry
import PointClouds
import Tracking

/// Reads existing results for a benchmark without any cloud.
///
/// | layout | file of the result |
/// |---|---|
/// | 3DMatch, 3DLoMatch, ETH | `LIST/SCENE/est.log` or `LIST/SCENE.log`, without `LIST/` for a single list; as gt.log |
/// | KITTI odometry | `NN.txt`: `i j` and 12 numbers, from scan j to scan i, or 12 numbers per frame as in poses/NN.txt |
/// | pairs | a file of lines `source target` and 16 numbers, as the list; or a folder with `pairs.txt` |
/// | ModelNet, sequence | a file of lines with an id and 16 numbers; or a folder with `poses.txt` |
/// | KITTI tracking | `NNNN.txt` as label_02, with the track numbers of the benchmark |
///
/// A file that is damaged in form is an error. Numbers that are no rigid motion are an estimate that fails or that the nearest
/// motion stands for, see ``EstimatedPoses``. A file that is absent counts as one without estimates, unless all are.
public struct EstimateReader: Sendable {
  /// KITTI odometry: whether poses per frame are those of the scanner, not of the left camera.
  public var arePosesOfScanner = false
  /// KITTI tracking: whether boxes are written in the rectified camera frame; as the benchmark was read.
  public var isRectified = true

  /// A reader for results in the usual frames.
  public init() {}

  /// The poses of a result.
  /// - Throws: ``BenchmarkError``: the benchmark has no pairs, nothing is found, or a file is damaged.
  public func poses(_ path: String, for benchmark: Benchmark) throws(BenchmarkError) -> EstimatedPoses {
    guard case .pairs(let items) = benchmark.work, benchmark.layout != .trajectory else {
      throw BenchmarkError(.usage, path, "poses are asked for, but \(benchmark.root) has no pairs")
    }
    do throws(CloudFileError) {
      var found: EstimatedPoses
      switch benchmark.layout {
      case .match3D, .eth: found = try logs(path, items, isInverted: benchmark.layout == .eth)
      case .odometry: found = try odometry(path, items, benchmark.root)
      case .pairs: found = try list(path, items)
      default: found = try byID(path, items)
      }
      found.finish()
      return found
    } catch {
      throw BenchmarkError(error)
    }
  }

  /// The boxes of a result in the scanner's frame, by the item's id and the frame; rows of other tracks are left out.
  /// - Throws: ``BenchmarkError``: the benchmark has no tracklets, nothing is found, or a file is damaged.
  public func boxes(_ path: String, for benchmark: Benchmark) throws(BenchmarkError) -> [String: [Int: Box3]] {
    guard case .tracklets(let items) = benchmark.work else {
      throw BenchmarkError(.usage, path, "boxes are asked for, but \(benchmark.root) has no objects to follow")
    }
    do throws(CloudFileError) {
      guard let folder = TrackingFolder(benchmark.root, "kitti-tracking") else {
        throw CloudFileError(.missing, benchmark.root, "has no label_02/NNNN.txt any more")
      }
      var boxes: [String: [Int: Box3]] = [:]
      let (files, _) = try ResultFiles(items.map(\.sequence), path) { ["\($0).txt"] }.found()
      let ids = Dictionary(items.map { ($0.id, $0.sequence) }) { first, _ in first }
      for (sequence, file) in files {
        let calibration =
          try TrackingFolder.calibration(folder.base, sequence, isNeeded: false) ?? .upright
        for label in try TrackingFolder.labels(file) {
          let id = "\(sequence)/\(label.track)"
          guard ids[id] != nil else { continue }
          boxes[id, default: [:]][label.frame] = calibration.box(of: label, isRectified: isRectified)
        }
      }
      return boxes
    } catch {
      throw BenchmarkError(error)
    }
  }

  // MARK: - Pairs

  private func logs(_ path: String, _ items: [PairItem], isInverted: Bool) throws(CloudFileError) -> EstimatedPoses {
    let isSingle = Set(items.map(\.list)).count == 1
    let scenes = Dictionary(grouping: items) { "\($0.list)/\($0.scene)" }
    var result = EstimatedPoses()
    let (files, notes) = try ResultFiles(items.map { "\($0.list)/\($0.scene)" }, path) { scene in
      let short = scene.split(separator: "/").dropFirst().joined(separator: "/")
      return ["\(scene)/est.log", "\(scene).log"] + (isSingle ? ["\(short)/est.log", "\(short).log"] : [])
    }.found()
    result.notes = notes
    for (scene, file) in files {
      let own = scenes[scene] ?? []
      let ids = Dictionary(own.map { (PairNumbers($0.numbers), $0.id) }) { first, _ in first }
      for entry in try MatchLog(file).entries {
        if let id = ids[PairNumbers(first: entry.first, second: entry.second)] {
          result.add(id, WrittenPose(entry.matrix), isInverted: isInverted)
        } else {
          result.extras.append(
            EstimatedPoses.Extra(
              list: own.first?.list ?? "", scene: own.first?.scene ?? "", first: entry.first, second: entry.second))
        }
      }
    }
    return result
  }

  private func odometry(_ path: String, _ items: [PairItem], _ root: String) throws(CloudFileError) -> EstimatedPoses {
    let sequences = Dictionary(grouping: items, by: \.scene)
    let (files, notes) = try ResultFiles(items.map(\.scene), path) { ["\($0).txt"] }.found()
    var result = EstimatedPoses()
    result.notes = notes
    for (sequence, file) in files {
      let own = sequences[sequence] ?? []
      let records = try TextRecords(lenient: file, expected: "a result")
      let columns = records.lines.first?.words.count ?? 14
      guard columns == 12 || columns == 14 else {
        throw records.error(
          records.lines[0], "\(columns) columns, 14 (i j and 12 numbers) or 12 (a pose per frame) are expected")
      }
      var rows: [(line: TextRecords.Line, numbers: [Double])] = []
      for line in records.lines {
        guard line.words.count == columns else {
          throw records.error(line, "\(line.words.count) columns, \(columns) as on the first line are expected")
        }
        var numbers: [Double] = []
        for column in (columns - 12)..<columns { numbers.append(try records.number(line, column)) }
        rows.append((line, numbers))
      }
      if columns == 14 {
        try addPairs(rows, own, records, &result)
      } else {
        try addFrames(rows.map(\.numbers), own, sequence, root, &result)
      }
    }
    return result
  }

  /// Rows `i j` with the motion from scan j to scan i; for a pair that the benchmark writes `j i`, its inverse.
  private func addPairs(
    _ rows: [(line: TextRecords.Line, numbers: [Double])], _ items: [PairItem], _ records: TextRecords,
    _ result: inout EstimatedPoses
  ) throws(CloudFileError) {
    let ids = Dictionary(items.map { (PairNumbers($0.numbers), $0.id) }) { first, _ in first }
    for row in rows {
      let (i, j) = (try records.integer(row.line, 0), try records.integer(row.line, 1))
      if let id = ids[PairNumbers(first: i, second: j)] {
        result.add(id, WrittenPose(row.numbers))
      } else if let id = ids[PairNumbers(first: j, second: i)] {
        result.add(id, WrittenPose(row.numbers), isInverted: true)
      } else {
        let scene = items.first?.scene ?? ""
        result.extras.append(EstimatedPoses.Extra(list: "KITTI", scene: scene, first: i, second: j))
      }
    }
  }

  /// One pose per frame, in the left camera's frame or the scanner's.
  private func addFrames(
    _ rows: [[Double]], _ items: [PairItem], _ sequence: String, _ root: String, _ result: inout EstimatedPoses
  ) throws(CloudFileError) {
    guard let folder = OdometryFolder(root, "kitti-odometry") else {
      throw CloudFileError(.missing, root, "has no poses/NN.txt any more")
    }
    let calibration = try OdometrySequence(base: folder.base, sequence: sequence).calibration
    let poses = rows.map(WrittenPose.init)
    for item in items {
      let (i, j) = item.numbers
      guard poses.indices.contains(i), poses.indices.contains(j) else { continue }
      result.add(item.id, poses[i].inverse(times: poses[j], between: arePosesOfScanner ? .identity : calibration))
    }
  }

  private func list(_ path: String, _ items: [PairItem]) throws(CloudFileError) -> EstimatedPoses {
    let file = FolderListing.isFolder(path) ? path + "/pairs.txt" : path
    var result = EstimatedPoses()
    let ids = Dictionary(items.map { ("\($0.names?.source ?? "")\n\($0.names?.target ?? "")", $0.id) }) { a, _ in a }
    let known = Set(items.map(\.id))
    let rows: PairsFile
    do throws(CloudFileError) { rows = try PairsFile(file) } catch {
      if error.kind == .empty { return result }
      throw error
    }
    for row in rows.rows {
      guard let numbers = row.numbers else {
        throw rows.records.error(row.line, "\(row.line.words.count) columns, source target and 16 numbers are expected")
      }
      if let id = row.id.flatMap({ known.contains($0) ? $0 : nil }) ?? ids["\(row.source)\n\(row.target)"] {
        result.add(id, WrittenPose(numbers))
      } else {
        let line = row.line.number
        result.extras.append(EstimatedPoses.Extra(list: "pairs", scene: "", first: line, second: line))
      }
    }
    return result
  }

  private func byID(_ path: String, _ items: [PairItem]) throws(CloudFileError) -> EstimatedPoses {
    let file = FolderListing.isFolder(path) ? path + "/poses.txt" : path
    let records = try TextRecords(lenient: file, expected: "a result")
    let known = Set(items.map(\.id))
    var result = EstimatedPoses()
    for line in records.lines {
      guard line.words.count == 17 else {
        throw records.error(line, "\(line.words.count) columns, an id and 16 numbers are expected")
      }
      var numbers: [Double] = []
      for column in 1...16 { numbers.append(try records.number(line, column)) }
      let id = String(line.words[0])
      if known.contains(id) {
        result.add(id, WrittenPose(numbers))
      } else {
        let list = items.first?.list ?? ""
        result.extras.append(EstimatedPoses.Extra(list: list, scene: "", first: line.number, second: line.number))
      }
    }
    return result
  }
}

extension PairNumbers {
  fileprivate init(_ numbers: (first: Int, second: Int)) { self.init(first: numbers.first, second: numbers.second) }
}

extension WrittenPose {
  /// `inv(W_i) W_j` of two poses given in another frame: `W = inv(C) P C`.
  fileprivate func inverse(times other: WrittenPose, between c: RigidTransform) -> WrittenPose {
    func motion(_ a: RigidTransform, _ b: RigidTransform) -> RigidTransform { c.inverse * a.inverse * b * c }
    switch (self, other) {
    case (.rigid(let a), .rigid(let b)): return .rigid(motion(a, b))
    case (.unusable(let reason), _), (_, .unusable(let reason)): return .unusable(reason)
    case (.rigid(let a), .projected(let b)), (.projected(let a), .rigid(let b)), (.projected(let a), .projected(let b)):
      return .projected(motion(a, b))
    }
  }
}
