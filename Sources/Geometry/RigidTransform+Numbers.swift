/// Why numbers are no rigid motion: one phrase.
public struct NotARigidMotion: Error, Equatable, Sendable, CustomStringConvertible {
  /// The phrase, such as `rotation not orthonormal by 0.1`.
  public let description: String

  /// A reason.
  public init(_ description: String) { self.description = description }
}

extension RigidTransform {
  /// How far the rotation of a written matrix may be from orthonormal, as the largest entry of |RᵀR - I|: public ground
  /// truth is orthonormal to 5.0e-4 only. What is left is projected away.
  public static let writtenTolerance = 5.05e-4

  /// The motion whose matrix is written row by row: 12 numbers of its upper three rows, or 16 with the last row `0 0 0 1`.
  /// - Throws: when the count is another, a number is not finite, the last row differs, or the 3x3 part is no rotation to
  ///   the tolerance.
  public init(
    rowMajor numbers: [Double], tolerance: Double = RigidTransform.writtenTolerance
  ) throws(NotARigidMotion) {
    guard numbers.count == 16 || numbers.count == 12 else {
      let hint = numbers.count == 8 ? " (8 numbers look like a TUM pose, which is not read here)" : ""
      throw NotARigidMotion("\(numbers.count) numbers, 16 of a 4x4 matrix or 12 of a 3x4 are expected\(hint)")
    }
    if let bad = numbers.firstIndex(where: { !$0.isFinite }) {
      throw NotARigidMotion("number \(bad + 1) is \(numbers[bad]), not finite")
    }
    if numbers.count == 16, zip(numbers[12..<16], [0, 0, 0, 1]).contains(where: { abs($0 - $1) > 1e-9 }) {
      let row = numbers[12..<16].map { "\($0)" }.joined(separator: " ")
      throw NotARigidMotion("the last row is \(row), 0 0 0 1 is expected (rows first; is the matrix transposed?)")
    }
    let rows = (0..<3).map { r in Point3(numbers[4 * r], numbers[4 * r + 1], numbers[4 * r + 2]) }
    let matrix = Matrix3(rows: rows[0], rows[1], rows[2])
    let excess = matrix.transpose * matrix - .identity
    let error = [excess.x, excess.y, excess.z].flatMap { [abs($0.x), abs($0.y), abs($0.z)] }.max()!
    guard error <= tolerance else {
      let digits = error < 1e-3 ? "\((error * 1e6).rounded() / 1e6)" : "\((error * 1e3).rounded() / 1e3)"
      throw NotARigidMotion("not rigid: rotation not orthonormal by \(digits)")
    }
    guard matrix.determinant > 0 else {
      throw NotARigidMotion(
        "not rigid: determinant \((matrix.determinant * 1e3).rounded() / 1e3), the matrix mirrors; +1 is expected")
    }
    self.init(rotation: Rotation3(nearest: matrix), translation: Point3(numbers[3], numbers[7], numbers[11]))
  }
}
