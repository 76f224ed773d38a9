#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A rotation of 3-D space: an orthonormal matrix with determinant +1, by construction.
public struct Rotation3: Equatable, Sendable {
  /// The rotation matrix.
  public let matrix: Matrix3

  @usableFromInline
  init(unchecked matrix: Matrix3) { self.matrix = matrix }

  /// No rotation.
  public static let identity = Rotation3(unchecked: .identity)

  /// The rotation nearest to a matrix in the Frobenius norm: `U diag(1, 1, det(U Vᵀ)) Vᵀ` (Kabsch 1976, Umeyama 1991).
  public init(nearest m: Matrix3) {
    let svd = m.singularValues
    let sign = (svd.u * svd.v.transpose).determinant < 0 ? -1.0 : 1.0
    let u = Matrix3(columns: svd.u.x, svd.u.y, svd.u.z * sign)
    self.init(unchecked: (u * svd.v.transpose).reorthonormalized)
  }

  /// A matrix that is a rotation to rounding, taken to the bit, as one that was written and is read again; nil for others.
  package init?(exactly matrix: Matrix3) {
    let excess = matrix.transpose * matrix - .identity
    let error = [excess.x, excess.y, excess.z].flatMap { [abs($0.x), abs($0.y), abs($0.z)] }.max()!
    guard error <= 1e-9, matrix.determinant > 0 else { return nil }
    self.init(unchecked: matrix)
  }

  /// The rotation of a unit quaternion `w + xi + yj + zk`; the quaternion is normalised first.
  public init(quaternion w: Double, _ x: Double, _ y: Double, _ z: Double) {
    let n = (w * w + x * x + y * y + z * z).squareRoot()
    let (w, x, y, z) = n > 0 ? (w / n, x / n, y / n, z / n) : (1, 0, 0, 0)
    self.init(
      unchecked: Matrix3(
        rows: Point3(1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
        Point3(2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
        Point3(2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y))))
  }

  /// The exponential map: turns about `v` by `v.length` radians (Rodrigues).
  public init(rotationVector v: Point3) {
    let angle = v.length
    let half = angle / 2
    // sin(angle/2)/angle, by its series near zero.
    let k = angle < 1e-6 ? 0.5 - angle * angle / 48 : sin(half) / angle
    self.init(quaternion: cos(half), v.x * k, v.y * k, v.z * k)
  }

  /// The rotation by an angle about an axis, which need not have unit length.
  public init(radians: Double, about axis: Point3) { self.init(rotationVector: axis.normalized * radians) }

  /// The unit quaternion (w, x, y, z) with w >= 0.
  public var quaternion: (w: Double, x: Double, y: Double, z: Double) {
    let m = matrix
    // Shepperd's method: divide by the largest component.
    let d = m.diagonal
    let t = m.trace
    var q: (w: Double, x: Double, y: Double, z: Double)
    if t >= d.x && t >= d.y && t >= d.z {
      let s = (1 + t).squareRoot() * 2
      q = (s / 4, (m[2, 1] - m[1, 2]) / s, (m[0, 2] - m[2, 0]) / s, (m[1, 0] - m[0, 1]) / s)
    } else if d.x >= d.y && d.x >= d.z {
      let s = (1 + d.x - d.y - d.z).squareRoot() * 2
      q = ((m[2, 1] - m[1, 2]) / s, s / 4, (m[0, 1] + m[1, 0]) / s, (m[0, 2] + m[2, 0]) / s)
    } else if d.y >= d.z {
      let s = (1 + d.y - d.x - d.z).squareRoot() * 2
      q = ((m[0, 2] - m[2, 0]) / s, (m[0, 1] + m[1, 0]) / s, s / 4, (m[1, 2] + m[2, 1]) / s)
    } else {
      let s = (1 + d.z - d.x - d.y).squareRoot() * 2
      q = ((m[1, 0] - m[0, 1]) / s, (m[0, 2] + m[2, 0]) / s, (m[1, 2] + m[2, 1]) / s, s / 4)
    }
    return q.w < 0 ? (-q.w, -q.x, -q.y, -q.z) : q
  }

  /// The logarithm: the rotation vector, with length in [0, pi].
  public var rotationVector: Point3 {
    let q = quaternion
    let v = Point3(q.x, q.y, q.z)
    let s = v.length
    return s < 1e-9 ? v * 2 : v * (2 * atan2(s, q.w) / s)
  }

  /// The angle of rotation in radians, in [0, pi].
  public var angleRadians: Double {
    let q = quaternion
    return 2 * atan2(Point3(q.x, q.y, q.z).length, q.w)
  }

  /// The angle of rotation in degrees, in [0, 180].
  public var angleDegrees: Double { angleRadians * 180 / .pi }

  /// The inverse rotation.
  public var inverse: Rotation3 { Rotation3(unchecked: matrix.transpose) }

  /// The rotation applied to a vector.
  @inlinable @inline(__always)
  public func callAsFunction(_ v: Point3) -> Point3 { matrix * v }

  /// The composition: first `b`, then `a`. Re-orthonormalised, so that long products stay rotations.
  public static func * (a: Rotation3, b: Rotation3) -> Rotation3 {
    Rotation3(unchecked: (a.matrix * b.matrix).reorthonormalized)
  }
}

extension Matrix3 {
  /// One step of Newton's iteration for the polar factor, `M (3 I - MᵀM) / 2`: exact to rounding for a nearly orthonormal matrix.
  fileprivate var reorthonormalized: Matrix3 {
    self * (Matrix3(diagonal: Point3(3, 3, 3)) - transpose * self) * 0.5
  }
}
