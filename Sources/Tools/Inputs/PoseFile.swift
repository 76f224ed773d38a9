import Rendering
import Foundation
import Geometry
import PointClouds

/// Reads a rigid transform: 16 numbers of a 4x4 or 12 of a 3x4 matrix, row by row with `#` comments, or JSON with a key `T`.
struct PoseFile {
  /// The transform in a file.
  /// - Throws: a failure of status 65 with its reason for content that is no rigid motion.
  static func read(_ path: String) throws -> RigidTransform {
    let bytes = try SmallFile.read(path)
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(NotARigidMotion) {
      let isJSON = text.first { !$0.isWhitespace } == "{" || text.first { !$0.isWhitespace } == "["
      return try RigidTransform(rowMajor: isJSON ? numbers(json: bytes) : numbers(text: text))
    } catch {
      throw CommandFailure(.damagedInput, "\(path): \(error.description)")
    }
  }

  /// The numbers of a text file; everything from a `#` to the end of its line is a comment.
  static func numbers(text: String) throws(NotARigidMotion) -> [Double] {
    var numbers: [Double] = []
    for (k, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let content = line.prefix { $0 != "#" }
      for word in content.split(whereSeparator: { " \t,;[]".contains($0) }) {
        guard let value = Double(word), !word.lowercased().contains("x") else {
          throw NotARigidMotion("line \(k + 1): \"\(word.prefix(40))\" is not a number")
        }
        numbers.append(value)
        if numbers.count > 64 { throw NotARigidMotion("more than 64 numbers, 16 or 12 are expected") }
      }
    }
    return numbers
  }

  private static func numbers(json bytes: [UInt8]) throws(NotARigidMotion) -> [Double] {
    struct Document: Decodable { let T: [[Double]] }
    let decoder = JSONDecoder()
    if let document = try? decoder.decode(Document.self, from: Data(bytes)) { return document.T.flatMap { $0 } }
    if let rows = try? decoder.decode([[Double]].self, from: Data(bytes)) { return rows.flatMap { $0 } }
    throw NotARigidMotion("JSON without a key T that holds the rows of a matrix")
  }
}
