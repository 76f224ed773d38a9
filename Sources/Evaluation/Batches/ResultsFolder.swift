import Glibc
import PointClouds

/// A folder with the results of a batch: `manifest.json` and one log per attempt at a shard.
///
/// There is no database and no lock: a manifest that appears once and whole, and files that only grow. That survives
/// kills and network file systems, and two workers on one shard are harmless.
public struct ResultsFolder: Sendable {
  /// The folder.
  public let path: String

  /// A folder of results, by its name.
  public init(_ path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  private var manifestPath: String { "\(path)/manifest.json" }

  /// Whether a batch was begun here.
  public var isBegun: Bool { access(manifestPath, F_OK) == 0 }

  /// Makes the folder where it is missing.
  public func create() throws(CloudFileError) {
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    var status = stat()
    if code == EEXIST, stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw CloudFileError(.cannotCreate, path, "is a file, a folder for the results is expected")
      }
      guard access(path, W_OK | X_OK) == 0 else {
        throw CloudFileError(.permission, path, "cannot be written: \(String(cString: strerror(errno)))")
      }
      return
    }
    let reason = String(cString: strerror(code))
    throw CloudFileError(
      code == EACCES || code == EROFS ? .permission : code == ENOSPC ? .noSpace : .cannotCreate, path,
      "the folder cannot be made: \(reason)")
  }

  /// The manifest of the batch that was begun here.
  public func manifest() throws -> BatchManifest {
    guard isBegun else {
      throw BatchError(.missing, "\(path): holds no manifest.json; no shard has begun to write results here")
    }
    return try BatchManifest(reading: manifestPath)
  }

  /// Begins a batch or joins the one that was begun here.
  /// - Throws: when that one is another: other items, settings, version or number of shards.
  public func begin(_ manifest: BatchManifest) throws {
    try create()
    if !isBegun {
      do throws(CloudFileError) {
        return try AtomicFile.write(Array(manifest.text.utf8), to: manifestPath, replacing: false)
      } catch {
        // Another shard was first.
        guard error.kind == .wouldOverwrite else { throw error }
      }
    }
    let differences = try self.manifest().differences(from: manifest)
    guard differences.isEmpty else {
      throw BatchError(
        .contradiction,
        "\(path): holds results of another batch: \(differences.joined(separator: "; ")). Choose a new folder; logs may be "
          + "copied into it, what fits is used")
    }
  }

  /// The paths of all logs, sorted.
  func logs() throws(CloudFileError) -> [String] {
    guard let folder = opendir(path) else {
      let reason = String(cString: strerror(errno))
      throw CloudFileError(errno == EACCES ? .permission : .missing, path, "cannot be listed: \(reason)")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".ndjson"), !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted().map { "\(path)/\($0)" }
  }

  /// Reads the results of all logs that belong to a version with its settings.
  func results(settingsHash: String) throws -> (results: ResultSet, remarks: [String]) {
    var (results, remarks, foreign) = (ResultSet(), [String](), 0)
    for log in try logs() {
      let tally = try LogLines.read(log) { record in
        if record.settingsHash == settingsHash { try results.add(record) } else { foreign += 1 }
      }
      for line in tally.damaged {
        remarks.append("\(log): line \(line): wrong checksum, the line is passed over")
      }
    }
    if foreign > 0 {
      remarks.append("\(path): \(foreign) lines of another version or other settings are passed over")
    }
    return (results, remarks)
  }
}
