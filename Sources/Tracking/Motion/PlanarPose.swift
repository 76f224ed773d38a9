import Geometry
import Solvers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A movement with four degrees of freedom: x, y, z and a turn about the vertical axis.
struct PlanarPose: Sendable {
  /// (x, y, z, yaw), metres and radians.
  var values: SIMD4<Double> {
    didSet { turn() }
  }
  private(set) var cosine = 1.0
  private(set) var sine = 0.0

  init(_ values: SIMD4<Double> = .zero) {
    self.values = values
    turn()
  }

  private mutating func turn() {
    cosine = cos(values.w)
    sine = sin(values.w)
  }

  /// The vector turned.
  @inline(__always)
  func rotated(_ v: Point3) -> Point3 { Point3(cosine * v.x - sine * v.y, sine * v.x + cosine * v.y, v.z) }

  /// The point turned and shifted.
  @inline(__always)
  func callAsFunction(_ p: Point3) -> Point3 { rotated(p) + Point3(values.x, values.y, values.z) }

  /// The point before it was turned and shifted.
  @inline(__always)
  func inverse(_ q: Point3) -> Point3 {
    let d = q - Point3(values.x, values.y, values.z)
    return Point3(cosine * d.x + sine * d.y, cosine * d.y - sine * d.x, d.z)
  }
}

extension Matrix4 {
  /// The covariance of (x, y, z, yaw) in axes that are turned by an angle with this cosine and sine: `M A Mᵀ`.
  func turned(cosine c: Double, sine s: Double) -> Matrix4 {
    let m = Matrix4(columns: [c, s, 0, 0], [-s, c, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1])
    return m * self * m.transpose
  }
}
