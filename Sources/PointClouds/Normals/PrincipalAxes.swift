import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The eigenvalues of a covariance and the direction of the smallest one, in closed form.
///
/// Roots of the characteristic polynomial by the trigonometric formula, the vector as the longest cross product of two
/// rows of A - λI; where the two smallest eigenvalues nearly coincide the Jacobi rotations of `Matrix3` take over.
package struct PrincipalAxes {
  /// Ascending, not negative.
  package var eigenvalues: SIMD3<Float>
  /// Unit eigenvector of the smallest eigenvalue.
  package var normal: SIMD3<Float>

  package init(xx: Double, xy: Double, xz: Double, yy: Double, yz: Double, zz: Double) {
    let mean = (xx + yy + zz) / 3
    let (a, b, c) = (xx - mean, yy - mean, zz - mean)
    let p2 = (a * a + b * b + c * c + 2 * (xy * xy + xz * xz + yz * yz)) / 6
    let p = p2.squareRoot()
    guard p > mean * 1e-9 else {
      eigenvalues = SIMD3(repeating: Float(max(0, mean)))
      normal = SIMD3(0, 0, 1)
      return
    }
    let det = a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz)
    let phi = acos(max(-1, min(1, det / (2 * p2 * p)))) / 3
    let high = mean + 2 * p * cos(phi)
    let low = mean + 2 * p * cos(phi + 2 * .pi / 3)
    let (r0, r1, r2) = (Point3(xx - low, xy, xz), Point3(xy, yy - low, yz), Point3(xz, yz, zz - low))
    let (c0, c1, c2) = (r0.cross(r1), r0.cross(r2), r1.cross(r2))
    let (l0, l1, l2) = (c0.squaredLength, c1.squaredLength, c2.squaredLength)
    let (best, length) =
      l0 >= l1 && l0 >= l2 ? (c0, l0) : l1 >= l2 ? (c1, l1) : (c2, l2)
    if length > 1e-10 * p2 * p2 {
      eigenvalues = SIMD3<Float>(Point3(max(0, low), max(0, 3 * mean - high - low), max(0, high)))
      normal = SIMD3<Float>(best / length.squareRoot())
    } else {
      let e = Matrix3(columns: Point3(xx, xy, xz), Point3(xy, yy, yz), Point3(xz, yz, zz)).symmetricEigen
      eigenvalues = SIMD3<Float>(Point3(max(0, e.values.x), max(0, e.values.y), max(0, e.values.z)))
      normal = SIMD3<Float>(e.vectors.x)
    }
  }
}
