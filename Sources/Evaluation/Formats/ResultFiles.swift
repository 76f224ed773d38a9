import PointClouds

/// The files of a result, one per scene or sequence.
struct ResultFiles {
  private let scenes: [String]
  private let path: String
  private let names: (String) -> [String]

  /// - Parameters:
  ///   - scenes: the scene of every item; each counts once.
  ///   - path: the folder of the result, or its file where there is only one scene.
  ///   - names: where the file of a scene may lie below the folder.
  init(_ scenes: [String], _ path: String, names: @escaping (String) -> [String]) {
    var seen: Set<String> = []
    self.scenes = scenes.filter { seen.insert($0).inserted }
    (self.path, self.names) = (path, names)
  }

  /// The scenes with their files, and a note on those without.
  /// - Throws: ``CloudFileError`` when no scene has one.
  func found() throws(CloudFileError) -> (files: [(scene: String, file: String)], notes: [String]) {
    if FolderListing.isFile(path) {
      guard scenes.count == 1 else {
        throw CloudFileError(
          .unusable, path, "is one file, the benchmark has \(scenes.count) scenes: name their folder")
      }
      return ([(scenes[0], path)], [])
    }
    _ = try FolderListing(path)
    var (files, missing): ([(scene: String, file: String)], [String]) = ([], [])
    for scene in scenes {
      if let file = names(scene).map({ path + "/" + $0 }).first(where: FolderListing.isFile) {
        files.append((scene, file))
      } else {
        missing.append(scene)
      }
    }
    guard !files.isEmpty else {
      let first = scenes.first.map { names($0).joined(separator: " or ") } ?? "a result"
      throw CloudFileError(.missing, path, "no result for any of \(scenes.count) scenes: \(first) is expected")
    }
    return (files, missing.isEmpty ? [] : ["no result for \(missing.joined(separator: ", ")): counted as missing"])
  }
}
