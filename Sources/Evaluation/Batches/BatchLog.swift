import Glibc
import PointClouds

/// A file of results that only grows: one line per item, written by one attempt at a shard.
///
/// Every attempt has a file of its own, `SHARD.PID.HOST.ndjson`, so that attempts which run at once, even on a network
/// file system, never write into one another. A line leaves by one write; the disk is asked to keep it at least once a
/// second and at the end. What a kill leaves behind is at most one torn last line, which readers pass over.
package final class BatchLog {
  /// The file.
  package let path: String
  private let descriptor: Int32
  private var synced = ContinuousClock.now

  /// Creates the file of an attempt in a folder.
  package init(folder: String, shard: Shard) throws(CloudFileError) {
    var host = BatchLog.host
    host = String(host.map { $0 == "/" || $0.isWhitespace ? "-" : $0 })
    let stem = "\(folder)/\(shard.index).\(getpid()).\(host)"
    var (path, number) = ("\(stem).ndjson", 1)
    while true {
      let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
      if file >= 0 {
        (self.path, descriptor) = (path, file)
        return
      }
      // In containers one process number on one host name returns with every attempt.
      guard errno == EEXIST, number < 100_000 else { throw BatchLog.failure(errno, path, "created") }
      number += 1
      path = "\(stem).\(number).ndjson"
    }
  }

  deinit { close(descriptor) }

  /// Appends the line of a result.
  package func append(_ record: BatchRecord) throws(CloudFileError) {
    var line = record.line + "\n"
    let code: Int32 = line.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let n = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if n < 0, errno == EINTR { continue }
        if n <= 0 { return n < 0 ? errno : ENOSPC }
        done += n
      }
      return 0
    }
    guard code == 0 else { throw BatchLog.failure(code, path, "written") }
    if ContinuousClock.now - synced > .seconds(1) { try flush() }
  }

  /// Waits until the disk holds all lines.
  package func flush() throws(CloudFileError) {
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw BatchLog.failure(errno, path, "written") }
    synced = .now
  }

  /// The name of this machine.
  static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, 255) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()

  private static func failure(_ code: Int32, _ path: String, _ verb: String) -> CloudFileError {
    let reason = String(cString: strerror(code))
    switch code {
    case EACCES, EPERM, EROFS: return CloudFileError(.permission, path, "cannot be \(verb): \(reason)")
    case ENOSPC, EDQUOT, EFBIG:
      return CloudFileError(
        .noSpace, path,
        "cannot be \(verb): \(reason); free some space and run the same line again, nothing done is lost")
    case ENOENT, ENOTDIR, ENAMETOOLONG: return CloudFileError(.cannotCreate, path, "cannot be \(verb): \(reason)")
    default: return CloudFileError(.io, path, "cannot be \(verb): \(reason)")
    }
  }
}
