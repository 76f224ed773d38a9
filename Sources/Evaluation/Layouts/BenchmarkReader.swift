import Geometry
import PointClouds

/// Recognises and reads a benchmark folder, a pairs list or a trajectory file. Opens no cloud.
///
/// | layout | what is looked for |
/// |---|---|
/// | 3DMatch, 3DLoMatch | `benchmarks/LIST/SCENE/gt.log`, `SCENE/gt.log`, `SCENE-evaluation/gt.log`, `gt_result/…` |
/// | KITTI odometry | `sequences/NN` and `poses/NN.txt` |
/// | KITTI tracking | `label_02/NNNN.txt` (and `calib`, `velodyne`), also below `training` |
/// | ETH | `SCENE/gt.log` beside `Hokuyo_*.ply` |
/// | ModelNet | `*.h5` |
/// | pairs list | a file of lines `source target …`, or `pairs.txt`, `pairs.csv`, `pairs.tsv` in the folder |
/// | sequence | at least two clouds of one extension, `velodyne/NNNNNN.bin` |
/// | trajectory | a file with the columns of TUM (8), KITTI (12) or EuRoC (17, 8 with commas) |
public struct BenchmarkReader: Sendable {
  /// The layout that is asked for: `3dmatch`, `3dlomatch`, `kitti-odometry`, `kitti-tracking`, `eth`, `modelnet`,
  /// `modelonet`, `pairs`, `sequence`, `trajectory`; recognised when nil.
  public var dataset: String?
  /// Whether entries of a pairs list may leave the list's folder.
  public var allowsOutside = false
  /// KITTI tracking: whether labels are read in the rectified camera frame; false as some published code does.
  public var isRectified = true
  /// KITTI odometry: which of the two orders the refined ground truth is composed in.
  public var odometryTruth = OdometryTruth.published
  /// KITTI: the sequences to read, such as `["08"]`; nil for those that the papers test on where all of them are there
  /// (odometry 08 to 10, tracking 0019 and 0020), else for all.
  public var sequences: [String]?

  /// The names that ``dataset`` may have.
  public static let datasets = [
    "3dmatch", "3dlomatch", "kitti-odometry", "kitti-tracking", "eth", "modelnet", "modelonet", "pairs", "sequence",
    "trajectory",
  ]

  /// A reader that recognises the layout itself.
  public init() {}

  /// Reads the benchmark at a path.
  /// - Throws: ``BenchmarkError``: nothing or several layouts are recognised, or a file is missing or damaged.
  public func callAsFunction(_ path: String) throws(BenchmarkError) -> Benchmark {
    if let dataset, !BenchmarkReader.datasets.contains(dataset) {
      throw BenchmarkError(
        .usage, "--dataset \(dataset)", "no such layout; known are \(BenchmarkReader.datasets.joined(separator: ", "))")
    }
    let found = try FolderListing.isFile(path) ? layout(file: path) : layout(folder: path)
    do throws(CloudFileError) {
      let contents = try found.read(
        LayoutSettings(isRectified: isRectified, odometryTruth: odometryTruth, sequences: sequences))
      let benchmark = Benchmark(
        layout: found.layout, root: path, reason: found.reason, work: contents.work, notes: contents.notes)
      guard benchmark.count > 0 || found.layout == .trajectory else {
        throw CloudFileError(
          .damaged, path, "\(found.layout.rawValue) without any item (recognised by \(found.reason))")
      }
      return benchmark
    } catch {
      throw BenchmarkError(error)
    }
  }

  /// The layout of a folder.
  private func layout(folder path: String) throws(BenchmarkError) -> any FoundLayout {
    do throws(CloudFileError) { _ = try FolderListing(path) } catch { throw BenchmarkError(error) }
    let found = recognised(path, dataset)
    if found.count > 1 {
      let names = found.map { "\($0.layout.rawValue) (\($0.reason))" }.joined(separator: ", ")
      throw BenchmarkError(.ambiguous, path, "looks like \(names); choose one with --dataset")
    }
    if let only = found.first { return only }
    if let sequence = SequenceFolder(path, dataset) { return sequence }
    throw unrecognised(folder: path)
  }

  /// Every layout that a folder looks like; a plain sequence is none of them.
  private func recognised(_ path: String, _ dataset: String?) -> [any FoundLayout] {
    let all: [(any FoundLayout)?] = [
      MatchFolder(path, dataset), EthFolder(path, dataset), OdometryFolder(path, dataset),
      TrackingFolder(path, dataset),
      ModelNetFolder(path, dataset), PairsList(folder: path, dataset, allowsOutside: allowsOutside),
    ]
    return all.compactMap { $0 }
  }

  private func unrecognised(folder path: String) -> BenchmarkError {
    if let dataset {
      return BenchmarkError(.unrecognised, path, "does not look like \(dataset): \(Self.expected(dataset))")
    }
    if let csv = FolderListing.ifThere(path)?.files.first(where: { $0 == "pose_scanner_leica.csv" }) {
      return BenchmarkError(
        .unrecognised, path, "\(csv) beside raw scans is not read; the cut with Hokuyo_*.ply and gt.log is")
    }
    let inside = (FolderListing.ifThere(path)?.folders ?? []).prefix(16).filter {
      !recognised(path + "/" + $0, nil).isEmpty
    }
    let hint =
      inside.isEmpty ? "" : "; \(inside.joined(separator: ", ")) inside it look like benchmarks: name one of them"
    return BenchmarkError(
      .unrecognised, path,
      "no benchmark is recognised (wanted are \(Self.datasets.joined(separator: ", ")); --dataset says what is missing)"
        + hint)
  }

  /// The layout of a file.
  private func layout(file path: String) throws(BenchmarkError) -> any FoundLayout {
    let kind: FileKind
    do throws(CloudFileError) { kind = try FileKind(path) } catch { throw BenchmarkError(error) }
    if let dataset {
      switch dataset {
      case "modelnet", "modelonet": return ModelNetFolder(file: path, dataset)
      case "pairs": return PairsList(file: path, allowsOutside: allowsOutside)
      case "trajectory": return TrajectoryLayout(path: path)
      default:
        throw BenchmarkError(.unrecognised, path, "is a file, \(dataset) is a folder: \(Self.expected(dataset))")
      }
    }
    switch kind {
    case .hdf5: return ModelNetFolder(file: path, nil)
    case .text(let words) where TrajectoryFile.Format(words: words) != nil: return TrajectoryLayout(path: path)
    case .text: return PairsList(file: path, allowsOutside: allowsOutside)
    case .other:
      throw BenchmarkError(
        .unrecognised, path, "is no pairs list, trajectory or HDF5 file (one cloud is no benchmark; try plumb inspect)")
    }
  }

  /// What a layout is recognised by.
  private static func expected(_ dataset: String) -> String {
    switch dataset {
    case "3dmatch", "3dlomatch": "benchmarks/LIST/SCENE/gt.log or SCENE/gt.log is expected"
    case "kitti-odometry": "sequences/NN and poses/NN.txt are expected"
    case "kitti-tracking": "label_02/NNNN.txt is expected"
    case "eth": "SCENE/gt.log is expected"
    case "modelnet", "modelonet": "*.h5 is expected"
    case "pairs": "a list of lines 'source target …', or pairs.txt in a folder is expected"
    case "trajectory": "a file with 8 (TUM), 12 (KITTI) or 17 columns (EuRoC) is expected"
    default: "at least two clouds of one extension are expected"
    }
  }
}
