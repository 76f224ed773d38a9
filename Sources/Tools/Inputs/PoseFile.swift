import Foundation
import Geometry
import PointClouds

/// Reads a rigid transform: 16 numbers of a 4x4 or 12 of a 3x4 matrix, row by row with `#` comments, or JSON with a key `T`.
struct PoseFile {
  /// How far the rotation may be from orthonormal, as the largest entry of RᵀR - I; what is left is projected away.
  static let tolerance = 5e-4

  /// The transform in a file.
  /// - Throws: a failure of status 65 with its reason for content that is no rigid motion.
  static func read(_ path: String) throws -> RigidTransform {
    let bytes = try SmallFile.read(path)
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(Reason) {
      let isJSON = text.first { !$0.isWhitespace } == "{" || text.first { !$0.isWhitespace } == "["
      return try transform(isJSON ? numbers(json: bytes) : numbers(text: text))
    } catch {
      throw CommandFailure(.damagedInput, "\(path): \(error.text)")
    }
  }

  /// Why content is no transform.
  struct Reason: Error, Equatable { let text: String }

  /// The transform of 12 or 16 numbers.
  static func transform(_ numbers: [Double]) throws(Reason) -> RigidTransform {
    guard numbers.count == 16 || numbers.count == 12 else {
      let hint = numbers.count == 8 ? " (8 numbers look like a TUM pose, which is not read here)" : ""
      throw Reason(text: "\(numbers.count) numbers, 16 of a 4x4 matrix or 12 of a 3x4 are expected\(hint)")
    }
    if let bad = numbers.firstIndex(where: { !$0.isFinite }) {
      throw Reason(text: "number \(bad + 1) is \(numbers[bad]), not finite")
    }
    if numbers.count == 16, zip(numbers[12..<16], [0, 0, 0, 1]).contains(where: { abs($0 - $1) > 1e-9 }) {
      let row = numbers[12..<16].map { $0.significant(6) }.joined(separator: " ")
      throw Reason(text: "the last row is \(row), 0 0 0 1 is expected (rows first; is the matrix transposed?)")
    }
    let rows = (0..<3).map { r in Point3(numbers[4 * r], numbers[4 * r + 1], numbers[4 * r + 2]) }
    let matrix = Matrix3(rows: rows[0], rows[1], rows[2])
    let excess = matrix.transpose * matrix - .identity
    let error = [excess.x, excess.y, excess.z].flatMap { [abs($0.x), abs($0.y), abs($0.z)] }.max()!
    guard error <= tolerance else {
      throw Reason(text: "not rigid: rotation not orthonormal by \(error.significant(2))")
    }
    guard matrix.determinant > 0 else {
      throw Reason(text: "not rigid: determinant \(matrix.determinant.decimals(3)), the matrix mirrors; +1 is expected")
    }
    return RigidTransform(
      rotation: Rotation3(nearest: matrix), translation: Point3(numbers[3], numbers[7], numbers[11]))
  }

  /// The numbers of a text file; everything from a `#` to the end of its line is a comment.
  static func numbers(text: String) throws(Reason) -> [Double] {
    var numbers: [Double] = []
    for (k, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let content = line.prefix { $0 != "#" }
      for word in content.split(whereSeparator: { " \t,;[]".contains($0) }) {
        guard let value = Double(word), !word.lowercased().contains("x") else {
          throw Reason(text: "line \(k + 1): \"\(word.prefix(40))\" is not a number")
        }
        numbers.append(value)
        if numbers.count > 64 { throw Reason(text: "more than 64 numbers, 16 or 12 are expected") }
      }
    }
    return numbers
  }

  private static func numbers(json bytes: [UInt8]) throws(Reason) -> [Double] {
    struct Document: Decodable { let T: [[Double]] }
    let decoder = JSONDecoder()
    if let document = try? decoder.decode(Document.self, from: Data(bytes)) { return document.T.flatMap { $0 } }
    if let rows = try? decoder.decode([[Double]].self, from: Data(bytes)) { return rows.flatMap { $0 } }
    throw Reason(text: "JSON without a key T that holds the rows of a matrix")
  }
}
