/// A 3x3 matrix in double precision, stored as three columns.
public struct Matrix3: Equatable, Sendable {
  /// The columns, from left to right.
  public var x, y, z: Point3

  /// The matrix with the given columns.
  @inlinable @inline(__always)
  public init(columns x: Point3, _ y: Point3, _ z: Point3) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// The matrix with the given rows.
  @inlinable
  public init(rows r0: Point3, _ r1: Point3, _ r2: Point3) {
    self.init(columns: Point3(r0.x, r1.x, r2.x), Point3(r0.y, r1.y, r2.y), Point3(r0.z, r1.z, r2.z))
  }

  /// The diagonal matrix.
  @inlinable
  public init(diagonal d: Point3) {
    self.init(columns: Point3(d.x, 0, 0), Point3(0, d.y, 0), Point3(0, 0, d.z))
  }

  /// The outer product `a bᵀ`.
  @inlinable @inline(__always)
  public init(outer a: Point3, _ b: Point3) { self.init(columns: a * b.x, a * b.y, a * b.z) }

  /// The cross-product matrix: `Matrix3(skew: a) * b == a.cross(b)`.
  @inlinable
  public init(skew a: Point3) {
    self.init(columns: Point3(0, a.z, -a.y), Point3(-a.z, 0, a.x), Point3(a.y, -a.x, 0))
  }

  /// The identity.
  public static let identity = Matrix3(diagonal: Point3(1, 1, 1))
  /// The zero matrix.
  public static let zero = Matrix3(diagonal: .zero)

  /// The element in the given row and column.
  @inlinable
  public subscript(row: Int, column: Int) -> Double {
    get { column == 0 ? x[row] : column == 1 ? y[row] : z[row] }
    set {
      switch column {
      case 0: x[row] = newValue
      case 1: y[row] = newValue
      default: z[row] = newValue
      }
    }
  }

  /// The diagonal.
  @inlinable public var diagonal: Point3 { Point3(x.x, y.y, z.z) }
  /// The sum of the diagonal.
  @inlinable public var trace: Double { x.x + y.y + z.z }
  /// The determinant.
  @inlinable public var determinant: Double { x.dot(y.cross(z)) }
  /// The transpose.
  @inlinable @inline(__always)
  public var transpose: Matrix3 { Matrix3(rows: x, y, z) }

  /// The inverse, or nil when the determinant is zero or not finite.
  @inlinable
  public var inverse: Matrix3? {
    let d = determinant
    guard d != 0, d.isFinite else { return nil }
    return Matrix3(rows: y.cross(z) / d, z.cross(x) / d, x.cross(y) / d)
  }

  /// The matrix applied to a vector.
  @inlinable @inline(__always)
  public static func * (m: Matrix3, v: Point3) -> Point3 { m.x * v.x + m.y * v.y + m.z * v.z }
  /// The matrix product.
  @inlinable @inline(__always)
  public static func * (a: Matrix3, b: Matrix3) -> Matrix3 { Matrix3(columns: a * b.x, a * b.y, a * b.z) }
  /// The matrix scaled.
  @inlinable @inline(__always)
  public static func * (m: Matrix3, s: Double) -> Matrix3 { Matrix3(columns: m.x * s, m.y * s, m.z * s) }
  /// The sum.
  @inlinable @inline(__always)
  public static func + (a: Matrix3, b: Matrix3) -> Matrix3 { Matrix3(columns: a.x + b.x, a.y + b.y, a.z + b.z) }
  /// The difference.
  @inlinable @inline(__always)
  public static func - (a: Matrix3, b: Matrix3) -> Matrix3 { Matrix3(columns: a.x - b.x, a.y - b.y, a.z - b.z) }
  /// Adds in place.
  @inlinable @inline(__always)
  public static func += (a: inout Matrix3, b: Matrix3) { a = a + b }
}
