import Glibc

/// Reads files that are held in memory as a whole, such as transforms, pose lists and labels.
package enum SmallFile {
  /// The bytes of a file of at most `limit` bytes.
  package static func read(
    _ path: String, limit: Int = 1 << 20, expected: String = "a transform"
  ) throws(CloudFileError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      switch errno {
      case ENOENT, ENOTDIR: throw CloudFileError(.missing, path, "no such file")
      case EACCES, EPERM: throw CloudFileError(.permission, path, "permission denied")
      case ELOOP: throw CloudFileError(.tooManyLinks, path, "too many levels of symbolic links")
      default: throw CloudFileError(.io, path, "cannot be opened: \(String(cString: strerror(errno)))")
      }
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      throw CloudFileError(.notAFile, path, "is a directory, a file is expected")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let n = Glibc.read(file, &buffer, buffer.count)
      if n < 0, errno == EINTR { continue }
      if n < 0 { throw CloudFileError(.io, path, "cannot be read: \(String(cString: strerror(errno)))") }
      if n == 0 { break }
      bytes += buffer[0..<n]
      if bytes.count > limit {
        throw CloudFileError(.damaged, path, "larger than \(max(1, limit >> 20)) MB, \(expected) is expected")
      }
    }
    if bytes.isEmpty { throw CloudFileError(.empty, path, "file is empty") }
    return bytes
  }
}
