import Geometry
import PointClouds

/// 3DMatch and 3DLoMatch: scenes of fragments `cloud_bin_K.ply` with gt.log (and gt.info, gt_overlap.log).
///
/// The logs lie below `benchmarks/LIST/SCENE`, below `LIST/SCENE`, in `SCENE` or `SCENE-evaluation`, or below `gt_result`;
/// the folder may be the root, its `benchmarks` or one list. The fragments lie in `SCENE` or `fragments/SCENE` of the root;
/// they may be absent, because results are scored without them. The truth of a pair `i j` maps fragment j, the source,
/// into fragment i, the target (A. Zeng et al., CVPR 2017; S. Huang et al., CVPR 2021).
struct MatchFolder: FoundLayout {
  /// One log.
  struct Scene {
    var list: String
    var name: String
    var folder: String
  }

  let layout = Layout.match3D
  let reason: String
  private let root: String
  private let scenes: [Scene]
  /// The folders in which the scenes' fragments may lie.
  private let cloudRoots: [String]

  init?(_ path: String, _ dataset: String?) {
    guard dataset == nil || dataset == "3dmatch" || dataset == "3dlomatch" else { return nil }
    let wanted = dataset.map { $0 == "3dmatch" ? ["3DMatch"] : ["3DLoMatch"] } ?? ["3DMatch", "3DLoMatch"]
    let whole = FolderListing.resolved(path) ?? path
    let (parent, own) = MatchFolder.split(whole)
    func lists(_ folder: String) -> [Scene] {
      wanted.flatMap { MatchFolder.scenes(folder + "/" + $0, list: $0) }
    }
    let isList = own == "3DMatch" || own == "3DLoMatch"
    let list = isList ? own : wanted[0]
    guard wanted.contains(list) else { return nil }
    let candidates: [(scenes: [Scene], reason: String, roots: [String])] = [
      (lists(path + "/benchmarks"), "'benchmarks/LIST/SCENE/gt.log'", [path]),
      (lists(path), "'LIST/SCENE/gt.log'", [parent, path]),
      (MatchFolder.scenes(path + "/gt_result", list: list), "'gt_result/SCENE-evaluation/gt.log'", [path]),
      (
        MatchFolder.scenes(path, list: list), "'SCENE/gt.log'",
        isList ? [MatchFolder.split(parent).folder, parent, path] : [path]
      ),
    ]
    guard let found = candidates.first(where: { !$0.scenes.isEmpty }) else { return nil }
    (root, scenes) = (path, found.scenes)
    let roots = found.roots.flatMap { [$0, $0 + "/fragments", $0 + "/data/test", $0 + "/test"] }
    cloudRoots = roots
    let isWithClouds = found.scenes.contains { MatchFolder.fragments($0.name, roots) != nil }
    reason = found.reason + (isWithClouds ? " beside 'cloud_bin_*'" : ", no fragments")
  }

  func read(_ settings: LayoutSettings) throws(CloudFileError) -> LayoutContents {
    var (items, notes): ([PairItem], [String]) = ([], [])
    var withoutClouds: [String] = []
    for scene in scenes {
      let truth = try MatchTruth(scene.folder)
      let place = MatchFolder.fragments(scene.name, cloudRoots)
      if place == nil, !withoutClouds.contains(scene.name) { withoutClouds.append(scene.name) }
      if let place, place.isPickled {
        throw CloudFileError(
          .unusable, place.folder,
          "the fragments are pickles (cloud_bin_*.pth), which hold programs and are not read: "
            + "convert each to cloud_bin_K.ply in the same folder")
      }
      if truth.pairs.isEmpty { notes.append("\(scene.list) \(scene.name): no pairs in gt.log") }
      if !truth.hasInformation, !truth.pairs.isEmpty {
        notes.append("\(scene.list) \(scene.name): no gt.info, so no registration recall by its RMSE")
      }
      let folder = place?.folder ?? cloudRoots[0] + "/" + scene.name
      for pair in truth.pairs {
        func cloud(_ k: Int) -> CloudReference {
          CloudReference(path: "\(folder)/cloud_bin_\(k).\(place?.fileExtension ?? "ply")")
        }
        items.append(
          PairItem(
            id: "\(scene.list)/\(scene.name)/\(pair.first)-\(pair.second)", list: scene.list, scene: scene.name,
            numbers: (pair.first, pair.second), source: cloud(pair.second), target: cloud(pair.first),
            truth: pair.firstFromSecond, information: pair.information, overlap: pair.overlap))
      }
    }
    if !withoutClouds.isEmpty {
      notes.append(
        "no fragments of \(withoutClouds.joined(separator: ", ")): results can be scored, nothing can be registered")
    }
    return LayoutContents(work: .pairs(items), notes: notes)
  }

  /// The scenes with a log below a folder; `SCENE-evaluation` stands for a scene whose own folder has no log. Scenes of
  /// ETH are left out.
  private static func scenes(_ folder: String, list: String) -> [Scene] {
    guard let names = FolderListing.ifThere(folder)?.folders else { return [] }
    var found: [Scene] = []
    for name in names where FolderListing.isFile("\(folder)/\(name)/gt.log") {
      let suffix = "-evaluation"
      let scene = name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
      if scene != name, FolderListing.isFile("\(folder)/\(scene)/gt.log") { continue }
      if EthFolder.isScene(folder + "/" + name) { continue }
      found.append(Scene(list: list, name: scene, folder: folder + "/" + name))
    }
    return found.sorted { $0.name < $1.name }
  }

  /// Where the fragments of a scene lie and of which kind they are.
  private static func fragments(
    _ scene: String, _ roots: [String]
  ) -> (folder: String, fileExtension: String, isPickled: Bool)? {
    for root in roots {
      let folder = root + "/" + scene
      let files = FolderListing.ifThere(folder)?.files.filter { $0.hasPrefix("cloud_bin_") } ?? []
      for kind in ["ply", "pcd", "npy", "xyz", "pth", "pkl"] where files.contains(where: { $0.hasSuffix("." + kind) }) {
        return (folder, kind, kind.hasPrefix("p") && kind != "ply" && kind != "pcd")
      }
    }
    return nil
  }

  /// A path without its last name, and that name.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }
}
