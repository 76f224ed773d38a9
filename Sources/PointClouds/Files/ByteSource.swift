import Glibc

/// The bytes of an input: a regular file read in place, or a stream spooled into memory under a cap.
final class ByteSource: Sendable {
  let path: String
  /// How many bytes there are.
  let size: Int
  private let descriptor: Int32
  private let spooled: [UInt8]?
  private let opened: stat

  /// How much of a stream is read that does not begin like a cloud, before it is taken for an endless one.
  private static let unknownCap = 256 << 20

  /// Opens a file, a FIFO, a character device or, for `-`, the standard input.
  ///
  /// A stream is kept in memory, at most `maximumBytes` of it, when `accepts` likes its first bytes. One that it does
  /// not like is read to its end or to 256 MiB without being kept, so that an endless one costs no memory, and refused.
  init(
    _ path: String, maximumBytes: Int, accepts: ([UInt8]) -> Bool = { _ in true }
  ) throws(CloudFileError) {
    self.path = path
    if path.utf8.contains(0) { throw CloudFileError(.missing, path, "no such file (the name holds a NUL byte)") }
    let fd = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard fd >= 0 else { throw ByteSource.failure(errno, path) }
    var status = stat()
    guard fstat(fd, &status) == 0 else {
      close(fd)
      throw CloudFileError(.io, path, "cannot be examined")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      (descriptor, opened, spooled, size) = (fd, status, nil, Int(status.st_size))
    case S_IFDIR:
      close(fd)
      throw CloudFileError(.notAFile, path, "is a directory, a file is expected")
    case S_IFIFO, S_IFCHR:
      let bytes: [UInt8]
      do { bytes = try ByteSource.spool(fd, path, maximumBytes, accepts) } catch {
        close(fd)
        throw error
      }
      (descriptor, opened, spooled, size) = (fd, status, bytes, bytes.count)
    default:
      close(fd)
      throw CloudFileError(.notAFile, path, "is neither a file nor a stream")
    }
  }

  deinit { close(descriptor) }

  /// The bytes in a range that lies within the size.
  func read(_ range: Range<Int>) throws(CloudFileError) -> [UInt8] {
    if let spooled { return Array(spooled[range]) }
    var done = 0
    var failed: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      while done < range.count, let base = buffer.baseAddress {
        let n = pread(descriptor, base + done, range.count - done, off_t(range.lowerBound + done))
        if n < 0, errno == EINTR { continue }
        if n < 0 { failed = errno }
        if n <= 0 { break }
        done += n
      }
      count = done
    }
    if failed != 0 { throw CloudFileError(.io, path, "cannot be read: \(String(cString: strerror(failed)))") }
    if done < range.count { throw CloudFileError(.changed, path, "changed while reading: it became shorter") }
    return bytes
  }

  /// The first bytes, at most `count`.
  func head(_ count: Int) throws(CloudFileError) -> [UInt8] { try read(0..<min(count, size)) }

  /// Refuses a file whose size or time of change differ from when it was opened.
  func checkUnchanged() throws(CloudFileError) {
    if spooled != nil { return }
    var now = stat()
    guard fstat(descriptor, &now) == 0 else { return }
    var named = stat()
    let replaced =
      path != "-" && stat(path, &named) == 0 && (named.st_ino != opened.st_ino || named.st_dev != opened.st_dev)
    if replaced || now.st_size != opened.st_size || now.st_mtim.tv_sec != opened.st_mtim.tv_sec
      || now.st_mtim.tv_nsec != opened.st_mtim.tv_nsec
    {
      throw CloudFileError(.changed, path, "changed while reading; try again when it is complete")
    }
  }

  private static func spool(
    _ fd: Int32, _ path: String, _ cap: Int, _ accepts: ([UInt8]) -> Bool
  ) throws(CloudFileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var total = 0
    var keeps: Bool?
    while true {
      let n = Glibc.read(fd, &buffer, buffer.count)
      if n < 0, errno == EINTR { continue }
      if n < 0 { throw CloudFileError(.io, path, "cannot be read: \(String(cString: strerror(errno)))") }
      if n == 0 {
        if keeps != false { return bytes }
        throw CloudFileError(
          .damaged, path, "not a known point-cloud format: a stream of \(total) bytes; --format names one without marks"
        )
      }
      total += n
      if total > (keeps == false ? min(cap, unknownCap) : cap) {
        let unknown = keeps == false ? " and does not begin like a known point-cloud format" : ""
        throw CloudFileError(
          .memoryLimit, path,
          "the stream exceeds \(MemoryBudget.words(total - 1))\(unknown); save it to a file or raise --max-memory")
      }
      if keeps != false { bytes += buffer[0..<n] }
      if keeps == nil, total >= 4096 { keeps = accepts(bytes) }
    }
  }

  /// The error of a failed `open`.
  private static func failure(_ code: Int32, _ path: String) -> CloudFileError {
    switch code {
    case ENOENT, ENOTDIR: CloudFileError(.missing, path, "no such file")
    case EACCES, EPERM: CloudFileError(.permission, path, "permission denied")
    case ELOOP: CloudFileError(.tooManyLinks, path, "too many levels of symbolic links")
    case ENAMETOOLONG: CloudFileError(.missing, path, "no such file: the name is too long")
    case ENXIO: CloudFileError(.notAFile, path, "is a socket or an absent device, a file is expected")
    default: CloudFileError(.io, path, "cannot be opened: \(String(cString: strerror(code)))")
    }
  }
}
