import Glibc
import PointClouds

/// Reads files of at most a megabyte, such as transforms.
enum SmallFile {
  /// The bytes of a file.
  static func read(_ path: String) throws(CloudFileError) -> [UInt8] {
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
      if bytes.count > 1 << 20 { throw CloudFileError(.damaged, path, "larger than 1 MB, a transform is expected") }
    }
    if bytes.isEmpty { throw CloudFileError(.empty, path, "file is empty") }
    return bytes
  }
}
