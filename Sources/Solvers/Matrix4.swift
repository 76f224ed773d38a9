/// A 4x4 matrix in double precision, stored as four columns: covariances and normal equations of motions with four
/// degrees of freedom.
public struct Matrix4: Equatable, Sendable {
  /// The columns, from left to right.
  public var x, y, z, w: SIMD4<Double>

  /// The matrix with the given columns.
  @inlinable @inline(__always)
  public init(columns x: SIMD4<Double>, _ y: SIMD4<Double>, _ z: SIMD4<Double>, _ w: SIMD4<Double>) {
    self.x = x
    self.y = y
    self.z = z
    self.w = w
  }

  /// The diagonal matrix.
  public init(diagonal d: SIMD4<Double>) {
    self.init(columns: [d.x, 0, 0, 0], [0, d.y, 0, 0], [0, 0, d.z, 0], [0, 0, 0, d.w])
  }

  /// The outer product `a bᵀ`.
  @inlinable @inline(__always)
  public init(outer a: SIMD4<Double>, _ b: SIMD4<Double>) { self.init(columns: a * b.x, a * b.y, a * b.z, a * b.w) }

  /// The zero matrix.
  public static let zero = Matrix4(diagonal: .zero)

  /// The entry at a row and a column, from 0.
  public subscript(row: Int, column: Int) -> Double {
    switch column {
    case 0: x[row]
    case 1: y[row]
    case 2: z[row]
    default: w[row]
    }
  }

  /// The transposed matrix.
  public var transpose: Matrix4 {
    Matrix4(
      columns: [x.x, y.x, z.x, w.x], [x.y, y.y, z.y, w.y], [x.z, y.z, z.z, w.z], [x.w, y.w, z.w, w.w])
  }

  /// The sum.
  @inlinable @inline(__always)
  public static func + (a: Self, b: Self) -> Self {
    Matrix4(columns: a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w)
  }

  /// The difference.
  public static func - (a: Self, b: Self) -> Self { a + b * -1 }

  /// Adds a matrix.
  @inlinable @inline(__always)
  public static func += (a: inout Self, b: Self) { a = a + b }

  /// The matrix scaled.
  @inlinable @inline(__always)
  public static func * (a: Self, s: Double) -> Self { Matrix4(columns: a.x * s, a.y * s, a.z * s, a.w * s) }

  /// The product with a vector.
  @inlinable @inline(__always)
  public static func * (a: Self, v: SIMD4<Double>) -> SIMD4<Double> {
    (a.x * v.x + a.y * v.y) + (a.z * v.z + a.w * v.w)
  }

  /// The product of two matrices.
  public static func * (a: Self, b: Self) -> Self { Matrix4(columns: a * b.x, a * b.y, a * b.z, a * b.w) }

  /// The inverse of a symmetric positive definite matrix by Cholesky factorisation; nil for any other.
  public var inverseOfPositiveDefinite: Matrix4? {
    // A = L D Lᵀ, row by row.
    let d0 = x.x
    guard d0 > 0, d0.isFinite else { return nil }
    let (l10, l20, l30) = (x.y / d0, x.z / d0, x.w / d0)
    let d1 = y.y - l10 * l10 * d0
    guard d1 > 1e-14 * y.y else { return nil }
    let l21 = (y.z - l20 * l10 * d0) / d1
    let l31 = (y.w - l30 * l10 * d0) / d1
    let d2 = z.z - l20 * l20 * d0 - l21 * l21 * d1
    guard d2 > 1e-14 * z.z else { return nil }
    let l32 = (z.w - l30 * l20 * d0 - l31 * l21 * d1) / d2
    let d3 = w.w - l30 * l30 * d0 - l31 * l31 * d1 - l32 * l32 * d2
    guard d3 > 1e-14 * w.w, d3.isFinite else { return nil }
    func solve(_ b: SIMD4<Double>) -> SIMD4<Double> {
      let y0 = b.x
      let y1 = b.y - l10 * y0
      let y2 = b.z - l20 * y0 - l21 * y1
      let y3 = b.w - l30 * y0 - l31 * y1 - l32 * y2
      let x3 = y3 / d3
      let x2 = y2 / d2 - l32 * x3
      let x1 = y1 / d1 - l21 * x2 - l31 * x3
      return [y0 / d0 - l10 * x1 - l20 * x2 - l30 * x3, x1, x2, x3]
    }
    return Matrix4(columns: solve([1, 0, 0, 0]), solve([0, 1, 0, 0]), solve([0, 0, 1, 0]), solve([0, 0, 0, 1]))
  }
}
