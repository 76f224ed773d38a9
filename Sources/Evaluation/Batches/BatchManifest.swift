import Foundation
import PointClouds
import Rendering

/// What the results of a folder belong to: the benchmark, the settings, the version and the number of shards. The first
/// shard writes it, and it never changes.
public struct BatchManifest: Sendable, Equatable {
  /// The version of the program.
  public var version: String
  /// How the benchmark lies on the disk.
  public var layout: Layout
  /// The protocol that was asked for; nil for those of the benchmark.
  public var protocolName: String?
  /// The settings as one JSON object.
  public var settings: String
  /// Digest of what the results are held against.
  public var truthHash: String
  /// Digest of the names and sizes of all input files.
  public var filesHash: String
  /// How many shards there are.
  public var shards: Int
  /// The items, in the order of the benchmark.
  public var ids: [String]

  /// The manifest of a benchmark with its settings. Looks up the size of every input file, opens none.
  package init(
    _ benchmark: Benchmark, settings: EvaluationSettings, version: String, protocolName: String?, shards: Int
  ) {
    let facts = benchmark.facts
    let truth = SHA256()
    let files = SHA256()
    var sizes = FileSizes(root: benchmark.root)
    for item in facts {
      truth.add("\(item.id)\n\(item.truth)\n\(item.parts)\n")
      for path in item.files { files.add(sizes(path)) }
    }
    self.version = version
    self.layout = benchmark.layout
    self.protocolName = protocolName
    self.settings = settings.json.text
    truthHash = truth.finish()
    filesHash = files.finish()
    self.shards = shards
    ids = facts.map(\.id)
  }

  /// Digest of the whole benchmark: items, truths, file names and sizes.
  public var datasetHash: String { SHA256.digest(of: "\(layout.rawValue)\n\(truthHash)\n\(filesHash)") }

  /// The hash of version and settings that every line of the logs carries.
  var settingsHash: String { String(ResultKey.run(version: version, settings: settings).prefix(16)) }

  /// In what a run differs from this manifest, each with what to do about it; empty when they agree.
  func differences(from run: BatchManifest) -> [String] {
    var found: [String] = []
    if run.version != version { found.append("the version is \(run.version), there it is \(version)") }
    if run.settings != settings { found.append("the settings are \(run.settings), there they are \(settings)") }
    if run.protocolName != protocolName {
      found.append("the protocol is \(run.protocolName ?? "automatic"), there it is \(protocolName ?? "automatic")")
    }
    if run.shards != shards { found.append("there are \(run.shards) shards (N), there they are \(shards)") }
    if run.layout != layout { found.append("the layout is \(run.layout.rawValue), there it is \(layout.rawValue)") }
    if run.ids != ids {
      let (mine, theirs) = (Set(run.ids), Set(ids))
      let added = run.ids.first { !theirs.contains($0) }.map { ", such as \($0)" } ?? ""
      let gone = ids.first { !mine.contains($0) }.map { ", such as \($0)" } ?? ""
      found.append(
        "the items differ: \(mine.subtracting(theirs).count) are new\(added), "
          + "\(theirs.subtracting(mine).count) are gone\(gone)")
    } else {
      if run.truthHash != truthHash { found.append("the ground truth differs") }
      if run.filesHash != filesHash { found.append("the names or sizes of the clouds differ, or some are missing") }
    }
    return found
  }

  /// The file's content.
  var text: String {
    JSONValue.members([
      "schema": .string(BatchManifest.schema), "version": .string(version), "layout": .string(layout.rawValue),
      "protocol": protocolName.map(JSONValue.string) ?? .null, "settings": .string(settings),
      "settings_hash": .string(settingsHash), "dataset_hash": .string(datasetHash), "truth_hash": .string(truthHash),
      "files_hash": .string(filesHash),
      "shards": .integer(shards), "ids": .array(ids.map(JSONValue.string)),
    ]).text + "\n"
  }

  private static let schema = "plumb.batch/1"
}

extension BatchManifest {
  /// Reads a manifest.
  init(reading path: String) throws {
    struct Form: Decodable {
      let schema: String
      let version: String
      let layout: String
      let `protocol`: String?
      let settings: String
      let truth_hash: String
      let files_hash: String
      let shards: Int
      let ids: [String]
    }
    let bytes = try SmallFile.read(path, limit: 1 << 30, expected: "a manifest")
    guard let form = try? JSONDecoder().decode(Form.self, from: Data(bytes)), form.schema == BatchManifest.schema,
      let layout = Layout(rawValue: form.layout), form.shards >= 1
    else {
      throw BatchError(.damaged, "\(path): is no manifest of plumb evaluate; choose another folder for the results")
    }
    (version, self.layout, protocolName, settings) = (form.version, layout, form.protocol, form.settings)
    (truthHash, filesHash, shards, ids) = (form.truth_hash, form.files_hash, form.shards, form.ids)
  }
}

/// The names of files within a benchmark with their sizes, each looked up once.
private struct FileSizes {
  private let folder: String
  private var known: [String: String] = [:]

  init(root: String) {
    var status = stat()
    let isFolder = stat(root, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    let name = root.last == "/" ? String(root.dropLast()) : root
    folder = isFolder ? name + "/" : name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
  }

  /// One line; a file that is missing has no size.
  mutating func callAsFunction(_ path: String) -> String {
    if let line = known[path] { return line }
    var status = stat()
    let size = stat(path, &status) == 0 ? "\(status.st_size)" : "-"
    // The same benchmark may lie elsewhere on another machine.
    let name = path.hasPrefix(folder) ? path.dropFirst(folder.count) : path[...]
    let line = "\(name)\n\(size)\n"
    known[path] = line
    return line
  }
}
