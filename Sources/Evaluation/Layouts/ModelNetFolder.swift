import Geometry
import PointClouds

/// ModelNet40 as HDF5 (`modelnet40_ply_hdf5_2048`): pairs are drawn from whole models, see ``ModelNetPairs``.
///
/// The models are those of `test_files.txt`, else of the files whose name holds `test`, else of all, in order. Papers test on
/// the second 20 of the 40 categories; the index among these models seeds the pair. ModelLoNet crops to half.
struct ModelNetFolder: FoundLayout {
  let layout = Layout.modelNet
  let reason: String
  private let files: [String]
  private let isLow: Bool

  /// The labels that papers test on.
  private static let tested = 20..<40

  init?(_ path: String, _ dataset: String?) {
    guard dataset == nil || dataset == "modelnet" || dataset == "modelonet" else { return nil }
    for folder in [path, path + "/modelnet40_ply_hdf5_2048"] {
      let names = (FolderListing.ifThere(folder)?.files ?? []).filter { $0.hasSuffix(".h5") }
      if names.isEmpty { continue }
      let tests = names.filter { $0.contains("test") }
      var chosen = tests.isEmpty ? names : tests
      let list = folder + "/test_files.txt"
      if FolderListing.isFile(list) {
        do throws(CloudFileError) {
          let lines = try TextRecords(list, limit: 1 << 20, expected: "a list of files").lines
          chosen = lines.map { $0.words[0].split(separator: "/").last.map(String.init) ?? "" }
        } catch {
          // What cannot be read names no file; the names alone decide.
        }
      }
      files = chosen.map { folder + "/" + $0 }
      isLow = dataset == "modelonet"
      reason = "'*.h5'"
      return
    }
    return nil
  }

  /// One file.
  init(file: String, _ dataset: String?) {
    (files, isLow, reason) = ([file], dataset == "modelonet", "an HDF5 file")
  }

  func read(_ settings: LayoutSettings) throws(CloudFileError) -> LayoutContents {
    var rows: [(file: String, row: Int, label: Int?)] = []
    for file in files {
      let models = HDF5File(file)
      let count = try models.count()
      let labels = try models.labels()
      if let labels, labels.count != count {
        throw CloudFileError(.damaged, file, "\(labels.count) labels for \(count) models")
      }
      rows += (0..<count).map { (file, $0, labels?[$0]) }
    }
    var notes: [String] = []
    let tested = rows.filter { $0.label.map(Self.tested.contains) ?? false }
    if tested.isEmpty {
      notes.append("no model has a label from 20 to 39: all \(rows.count) models are taken")
    } else if tested.count < rows.count {
      notes.append("\(tested.count) of \(rows.count) models: the categories 20 to 39, which papers test on")
    }
    let list = isLow ? "ModelLoNet" : "ModelNet"
    let chosen = tested.isEmpty ? rows : tested
    let items = chosen.enumerated().map { k, model in
      let seed = UInt32(truncatingIfNeeded: k)
      func cloud(isSource: Bool) -> CloudReference {
        CloudReference(
          path: model.file,
          part: CloudReference.Part(row: model.row, seed: seed, isSource: isSource, keptShare: isLow ? 0.5 : 0.7))
      }
      return PairItem(
        id: "\(list)/\(k)", list: list, scene: "", numbers: (k, k), source: cloud(isSource: true),
        target: cloud(isSource: false), truth: ModelNetPairs.truth(seed: seed))
    }
    return LayoutContents(work: .pairs(items), notes: notes)
  }
}
