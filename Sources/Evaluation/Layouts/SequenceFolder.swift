import PointClouds

/// A plain sequence: the clouds of one extension in a folder, in natural order, without ground truth.
///
/// Each cloud is registered to the one before it. In pair (k, k + 1) cloud k + 1 is the source, cloud k the target.
struct SequenceFolder: FoundLayout {
  let layout = Layout.sequence
  let reason: String
  private let folder: String
  private let names: [String]

  /// The extensions of clouds; tables come last, because other text files end so as well.
  private static let kinds = ["ply", "pcd", "bin", "npy", "xyz", "csv", "txt"]

  init?(_ path: String, _ dataset: String?) {
    guard dataset == nil || dataset == "sequence" else { return nil }
    for folder in [path, path + "/velodyne"] {
      let files = FolderListing.ifThere(folder)?.files ?? []
      func named(_ kind: String) -> [String] { files.filter { $0.lowercased().hasSuffix("." + kind) } }
      let found = SequenceFolder.kinds.filter { named($0).count >= 2 }
      let clouds = found.filter { $0 != "csv" && $0 != "txt" }
      let candidates = clouds.isEmpty ? found : clouds
      guard candidates.count == 1, let kind = candidates.first else { continue }
      self.folder = folder
      names = named(kind)
      reason = "\(names.count) files '*.\(kind)'"
      return
    }
    return nil
  }

  func read(_ settings: LayoutSettings) throws(CloudFileError) -> LayoutContents {
    let items = zip(names, names.dropFirst()).enumerated().map { k, pair in
      PairItem(
        id: "\(k)-\(k + 1)", list: "sequence", scene: "", numbers: (k, k + 1),
        source: CloudReference(path: folder + "/" + pair.1), target: CloudReference(path: folder + "/" + pair.0))
    }
    var notes = ["no ground truth: poses are found, errors are not"]
    if let times = SequenceFolder.times(names), let first = times.first, let last = times.last {
      notes.append("timestamps from the names: \(first) to \(last)")
    }
    return LayoutContents(work: .pairs(items), notes: notes)
  }

  /// The numbers that the names without their extensions spell; nil unless all do.
  private static func times(_ names: [String]) -> [Double]? {
    var times: [Double] = []
    for name in names {
      let stem = name[..<(name.lastIndex(of: ".") ?? name.endIndex)]
      guard stem.allSatisfy({ "0123456789.".contains($0) }), let time = NumberScanner.parse(stem.utf8) else {
        return nil
      }
      times.append(time)
    }
    return times
  }
}
