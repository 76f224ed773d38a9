import Foundation

/// A folder for the files of one test.
struct TemporaryFolder {
  /// Its path, without a symbolic link in it.
  let path: String

  /// Runs a body with a fresh folder, which is removed afterwards whatever happens.
  @discardableResult
  static func with<T>(_ body: (TemporaryFolder) throws -> T) throws -> T {
    let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    let url = base.appending(path: "plumb-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    chmod(url.path, 0o755)
    defer {
      chmod(url.path, 0o755)
      try? FileManager.default.removeItem(at: url)
    }
    return try body(TemporaryFolder(path: url.path))
  }

  /// The path of an entry.
  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let path = self(name)
    guard let file = fopen(path, "we") else {
      throw RunnerError("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    let bytes = Array(bytes)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw RunnerError("cannot write \(path)") }
    return path
  }

  /// Writes a text file and returns its path.
  @discardableResult
  func write(_ name: String, text: String) throws -> String { try write(name, text.utf8) }

  /// The bytes of an entry; empty when there is none.
  func bytes(_ name: String) -> [UInt8] { (try? Data(contentsOf: URL(filePath: self(name)))).map(Array.init) ?? [] }

  /// The names of all entries, hidden ones too.
  var entries: Set<String> {
    var names: Set<String> = []
    guard let folder = opendir(path) else { return names }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.insert(name) }
    }
    return names
  }
}
