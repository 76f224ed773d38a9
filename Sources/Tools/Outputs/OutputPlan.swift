import Glibc
import PointClouds

/// The files that a command is going to write, checked before it computes anything.
struct OutputPlan: Sendable {
  /// The files it reads.
  let inputs: [String]
  /// The files it writes, with the option that names each.
  let outputs: [(option: String, path: String)]
  /// Whether existing files may be replaced.
  let replacing: Bool

  /// Refuses outputs that are inputs, outputs that coincide, existing ones without `--force` and unwritable places.
  func check() throws {
    for (k, output) in outputs.enumerated() {
      let identity = FileIdentity(output.path)
      if let input = inputs.first(where: { $0 != "-" && FileIdentity($0).isSame(as: identity) }) {
        throw CommandFailure(
          .usage, "\(output.option) \(output.path): is the input \(input); an input is never overwritten")
      }
      if let other = outputs[0..<k].first(where: { FileIdentity($0.path).isSame(as: identity) }) {
        throw CommandFailure(.usage, "\(output.option) \(output.path): is also the output of \(other.option)")
      }
    }
    for output in outputs { try AtomicFile.checkWritable(output.path, replacing: replacing) }
  }
}

/// What makes two names the same file: device and inode where it exists, the canonical path otherwise.
struct FileIdentity: Sendable {
  private let inode: (UInt, UInt)?
  private let canonical: String

  init(_ path: String) {
    var status = stat()
    inode = stat(path, &status) == 0 ? (UInt(status.st_dev), UInt(status.st_ino)) : nil
    canonical = FileIdentity.resolve(path)
  }

  /// Whether both names lead to one file.
  func isSame(as other: FileIdentity) -> Bool {
    if let inode, let theirs = other.inode, inode == theirs { return true }
    return canonical == other.canonical
  }

  private static func resolve(_ path: String) -> String {
    if let whole = realpath(path, nil) {
      defer { free(whole) }
      return String(cString: whole)
    }
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard let resolved = realpath(folder, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved) + "/" + name
  }
}

/// The last extension of a path in lower case, without the dot.
func pathExtension(_ path: String) -> String {
  let name = path.split(separator: "/").last ?? ""
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
  return name[name.index(after: dot)...].lowercased()
}
