import Geometry
import PointClouds

/// ETH: scenes of laser scans `Hokuyo_K.ply` with gt.log, as cut for 3DSmoothNet (F. Pomerleau et al., IJRR 2012;
/// Z. Gojcic et al., CVPR 2019).
///
/// The log is written as that of 3DMatch: its matrix maps scan j into scan i. The published evaluation registers scan i to
/// scan j, so here the first scan is the source, the second the target, and the truth is the inverse of the matrix.
struct EthFolder: FoundLayout {
  let layout = Layout.eth
  let reason: String
  private let root: String
  private let scenes: [String]

  /// The scenes as their folders are spelt, `wood_autmn` among them.
  private static let names: Set = ["gazebo_summer", "gazebo_winter", "wood_autmn", "wood_summer"]

  init?(_ path: String, _ dataset: String?) {
    guard dataset == nil || dataset == "eth" else { return nil }
    let folders = FolderListing.ifThere(path)?.folders ?? []
    scenes = folders.filter { name in
      FolderListing.isFile("\(path)/\(name)/gt.log") && (dataset == "eth" || EthFolder.isScene(path + "/" + name))
    }
    if scenes.isEmpty { return nil }
    root = path
    reason = "'SCENE/gt.log' in " + scenes.joined(separator: ", ")
  }

  /// Whether a folder is a scene: by its scans, or by its name.
  static func isScene(_ folder: String) -> Bool {
    let name = folder.split(separator: "/").last.map(String.init) ?? folder
    if names.contains(name) { return true }
    return FolderListing.ifThere(folder)?.files.contains { $0.hasPrefix("Hokuyo_") && $0.hasSuffix(".ply") } ?? false
  }

  func read(_ settings: LayoutSettings) throws(CloudFileError) -> LayoutContents {
    var (items, notes): ([PairItem], [String]) = ([], [])
    for scene in scenes {
      let folder = root + "/" + scene
      let truth = try MatchTruth(folder)
      if truth.pairs.isEmpty { notes.append("ETH \(scene): no pairs in gt.log") }
      for pair in truth.pairs {
        items.append(
          PairItem(
            id: "ETH/\(scene)/\(pair.first)-\(pair.second)", list: "ETH", scene: scene,
            numbers: (pair.first, pair.second),
            source: CloudReference(path: "\(folder)/Hokuyo_\(pair.first).ply"),
            target: CloudReference(path: "\(folder)/Hokuyo_\(pair.second).ply"), truth: pair.firstFromSecond.inverse,
            information: pair.information, overlap: pair.overlap))
      }
    }
    return LayoutContents(work: .pairs(items), notes: notes)
  }
}
