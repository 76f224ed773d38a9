import Glibc
import PointClouds

/// Reads the lines of a log one by one, so that memory does not grow with the log.
package enum LogLines {
  /// What became of the lines of a log.
  package struct Tally: Sendable, Equatable {
    /// Lines that hold a result.
    package var records = 0
    /// The numbers of lines whose checksum is wrong.
    package var damaged: [Int] = []
    /// Whether the last line has no end: an attempt was killed while it wrote.
    package var isTorn = false
  }

  /// The longest line that is read; a result of an object with all its frames stays far below.
  private static let longest = 256 << 20

  /// Hands every result of a log to `body`, in order.
  package static func read(_ path: String, _ body: (BatchRecord) throws -> Void) throws -> Tally {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      let reason = String(cString: strerror(errno))
      throw CloudFileError(errno == EACCES ? .permission : .io, path, "cannot be opened: \(reason)")
    }
    defer { close(file) }
    var (tally, number, pending) = (Tally(), 0, [UInt8]())
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw CloudFileError(.io, path, "cannot be read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { break }
      var start = 0
      while let end = buffer[start..<count].firstIndex(of: 0x0A) {
        number += 1
        pending += buffer[start..<end]
        if let record = BatchRecord(line: pending) {
          tally.records += 1
          try body(record)
        } else {
          tally.damaged.append(number)
        }
        pending.removeAll(keepingCapacity: true)
        start = end + 1
      }
      pending += buffer[start..<count]
      guard pending.count <= longest else {
        throw CloudFileError(
          .damaged, path, "line \(number + 1): longer than \(longest >> 20) MB, this is no log of results")
      }
    }
    tally.isTorn = !pending.isEmpty
    return tally
  }
}
