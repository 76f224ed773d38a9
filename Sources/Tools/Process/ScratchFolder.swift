import Foundation
import Synchronization

/// A folder that lives as long as the program: made for what nobody asked to keep.
enum ScratchFolder {
  private static let folders = Mutex<[String]>([])

  /// Makes an empty folder where temporary files belong.
  static func make() throws(CommandFailure) -> String {
    let base = environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(base)/plumb-evaluate-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw CommandFailure(
        .cannotCreate, "\(base): no folder can be made there (\(String(cString: strerror(errno)))); set TMPDIR")
    }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    folders.withLock { $0.append(path) }
    return path
  }

  /// Removes them all.
  static func removeAll() {
    for path in folders.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }
}
