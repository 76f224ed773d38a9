/// Eigenvalues in ascending order with their unit eigenvectors as columns.
public struct SymmetricEigen3: Sendable {
  /// The eigenvalues, ascending.
  public var values: Point3
  /// The eigenvectors, column k belongs to `values[k]`.
  public var vectors: Matrix3
}

/// `U diag(S) Vᵀ` with singular values in descending order; U and V are rotations up to sign.
public struct SingularValues3: Sendable {
  /// The left singular vectors as columns.
  public var u: Matrix3
  /// The singular values, descending, not negative.
  public var s: Point3
  /// The right singular vectors as columns.
  public var v: Matrix3
}

extension Matrix3 {
  /// The eigen-decomposition of a symmetric matrix by cyclic Jacobi rotations; only the upper triangle is read.
  public var symmetricEigen: SymmetricEigen3 {
    var (d0, d1, d2) = (x.x, y.y, z.z)
    var (e01, e02, e12) = (y.x, z.x, z.y)
    var v = Matrix3.identity
    // Rotates the plane (p, q); rp and rq are the couplings of p and q with the third axis.
    func rotate(
      _ p: inout Double, _ q: inout Double, _ pq: inout Double, _ rp: inout Double, _ rq: inout Double,
      _ vp: inout Point3, _ vq: inout Point3
    ) {
      if pq == 0 { return }
      let theta = (q - p) / (2 * pq)
      let t = (theta >= 0 ? 1.0 : -1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
      let c = 1 / (t * t + 1).squareRoot()
      let s = t * c
      p -= t * pq
      q += t * pq
      pq = 0
      (rp, rq) = (c * rp - s * rq, s * rp + c * rq)
      (vp, vq) = (vp * c - vq * s, vp * s + vq * c)
    }
    let scale = max(abs(d0), abs(d1), abs(d2), abs(e01), abs(e02), abs(e12))
    for _ in 0..<12 {
      if e01 * e01 + e02 * e02 + e12 * e12 <= 1e-30 * scale * scale { break }
      rotate(&d0, &d1, &e01, &e02, &e12, &v.x, &v.y)
      rotate(&d0, &d2, &e02, &e01, &e12, &v.x, &v.z)
      rotate(&d1, &d2, &e12, &e01, &e02, &v.y, &v.z)
    }
    if d0 > d1 { (d0, d1, v.x, v.y) = (d1, d0, v.y, v.x) }
    if d1 > d2 { (d1, d2, v.y, v.z) = (d2, d1, v.z, v.y) }
    if d0 > d1 { (d0, d1, v.x, v.y) = (d1, d0, v.y, v.x) }
    return SymmetricEigen3(values: Point3(d0, d1, d2), vectors: v)
  }

  /// The singular value decomposition by one-sided Jacobi rotations, accurate for small singular values.
  public var singularValues: SingularValues3 {
    var (a, v) = (self, Matrix3.identity)
    func rotate(_ p: inout Point3, _ q: inout Point3, _ vp: inout Point3, _ vq: inout Point3) -> Bool {
      let (alpha, beta, gamma) = (p.dot(p), q.dot(q), p.dot(q))
      if gamma == 0 || abs(gamma) <= 1e-15 * (alpha * beta).squareRoot() { return false }
      let zeta = (beta - alpha) / (2 * gamma)
      let t = (zeta >= 0 ? 1.0 : -1.0) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
      let c = 1 / (1 + t * t).squareRoot()
      let s = t * c
      (p, q) = (p * c - q * s, p * s + q * c)
      (vp, vq) = (vp * c - vq * s, vp * s + vq * c)
      return true
    }
    for _ in 0..<15 {
      let r0 = rotate(&a.x, &a.y, &v.x, &v.y)
      let r1 = rotate(&a.x, &a.z, &v.x, &v.z)
      let r2 = rotate(&a.y, &a.z, &v.y, &v.z)
      if !(r0 || r1 || r2) { break }
    }
    var s = Point3(a.x.length, a.y.length, a.z.length)
    if s.x < s.y { (s.x, s.y, a.x, a.y, v.x, v.y) = (s.y, s.x, a.y, a.x, v.y, v.x) }
    if s.y < s.z { (s.y, s.z, a.y, a.z, v.y, v.z) = (s.z, s.y, a.z, a.y, v.z, v.y) }
    if s.x < s.y { (s.x, s.y, a.x, a.y, v.x, v.y) = (s.y, s.x, a.y, a.x, v.y, v.x) }
    let u0 = s.x > 0 ? a.x / s.x : Point3(1, 0, 0)
    let helper = u0.cross(abs(u0.x) < 0.9 ? Point3(1, 0, 0) : Point3(0, 1, 0))
    let u1 = (s.y > s.x * 1e-14 ? a.y / s.y : helper).normalized
    var u2 = u0.cross(u1)
    if u2.dot(a.z) < 0 { u2 = -u2 }
    return SingularValues3(u: Matrix3(columns: u0, u1, u2), s: s, v: v)
  }
}
