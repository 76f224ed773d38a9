import Glibc
import PointClouds

/// What a file looks like from its first bytes.
enum FileKind {
  /// HDF5.
  case hdf5
  /// Text, with the words of its first line that is no comment, split at commas where there are some.
  case text([String])
  /// Something else, such as a cloud.
  case other

  /// Looks at the first bytes of a file.
  init(_ path: String) throws(CloudFileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      if code == EACCES || code == EPERM { throw CloudFileError(.permission, path, "permission denied") }
      throw CloudFileError(.io, path, "cannot be opened: \(String(cString: strerror(code)))")
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw CloudFileError(.io, path, "cannot be read: \(String(cString: strerror(errno)))") }
    guard count > 0 else { throw CloudFileError(.empty, path, "file is empty") }
    let head = bytes[0..<count]
    if head.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .hdf5
    } else if head.contains(0) || head.starts(with: Array("ply".utf8)) || head.starts(with: Array("# .PCD".utf8)) {
      self = .other
    } else {
      let lines = TextRecords(text: String(decoding: head, as: UTF8.self), path: path).lines
      let words = lines.first?.words ?? []
      let commas = words.contains { $0.contains(",") }
      self = .text(
        commas ? words.joined(separator: " ").split(separator: ",").map(String.init) : words.map(String.init))
    }
  }
}
