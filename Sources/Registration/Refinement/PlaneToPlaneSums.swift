import Geometry
import Solvers

/// The normal equations of one plane-to-plane linearisation, and what its pairs cost.
///
/// With the cost matrix S of a pair (symmetric), difference d, lever c and weight w, the blocks are
/// `w [c]ₓ S [c]ₓᵀ`, `w [c]ₓ S`, `w S`, the gradient is `-w (c × S d, S d)`; only entries that differ are summed.
package struct PlaneToPlaneSums: Sendable {
  /// Pairs.
  package private(set) var inliers = 0
  /// Sum of the weights.
  package private(set) var weight = 0.0
  /// Sum of the weighted squared Mahalanobis distances, square metres.
  package private(set) var squared = 0.0
  /// Sum of the robust costs, each in [0, 1].
  package private(set) var cost = 0.0
  // Block rotation-rotation: diagonal, then (yz, xz, xy); block translation-translation likewise.
  private var rotationDiagonal = Point3.zero
  private var rotationRest = Point3.zero
  private var translationDiagonal = Point3.zero
  private var translationRest = Point3.zero
  private var coupling = Matrix3.zero
  private var gradient = Twist()

  /// No pairs.
  package init() {}

  /// Adds a pair: difference d of the points, turned source normal a, target normal b, lever of the rotation.
  ///
  /// The covariance `2I - k(aaᵀ + bbᵀ)`, k = 1 - ε, has by Woodbury's formula the inverse
  /// `½ (I + (h (aaᵀ + bbᵀ) + γ (abᵀ + baᵀ)) / (h² - γ²))` with γ = a·b and h = 2/k - 1. The Mahalanobis distance is
  /// measured in units of the thin direction of a perfectly parallel pair: S is the inverse times 2ε.
  @inline(__always)
  package mutating func add(_ d: Point3, _ a: Point3, _ b: Point3, lever c: Point3, kernel: Double, epsilon: Double) {
    let cosine = min(max(a.dot(b), -1), 1)
    let h = 2 / (1 - epsilon) - 1
    let scale = epsilon / (h * h - cosine * cosine)
    // h (aaᵀ + bbᵀ) + γ (abᵀ + baᵀ) = a pᵀ + b qᵀ
    let (p, q) = ((h * a + cosine * b) * scale, (h * b + cosine * a) * scale)
    let v = epsilon * d + a * p.dot(d) + b * q.dot(d)
    let squared = d.dot(v)
    let root = 1 / (1 + squared * kernel)
    let w = root * root
    inliers += 1
    weight += w
    self.squared += w * squared
    cost += squared * kernel * root

    let (pw, qw) = (p * w, q * w)
    let diagonal = a * pw + b * qw + w * epsilon
    let yz = a.y * pw.z + b.y * qw.z
    let xz = a.x * pw.z + b.x * qw.z
    let xy = a.x * pw.y + b.x * qw.y
    translationDiagonal += diagonal
    translationRest += Point3(yz, xz, xy)
    // Columns of [c]ₓ S.
    let x = c.cross(Point3(diagonal.x, xy, xz))
    let y = c.cross(Point3(xy, diagonal.y, yz))
    let z = c.cross(Point3(xz, yz, diagonal.z))
    coupling.x += x
    coupling.y += y
    coupling.z += z
    // Rows of [c]ₓ S are crossed once more: row r of the block is c × row r of [c]ₓ S.
    rotationDiagonal += Point3(c.y * z.x - c.z * y.x, c.z * x.y - c.x * z.y, c.x * y.z - c.y * x.z)
    rotationRest += Point3(c.x * y.y - c.y * x.y, c.x * y.x - c.y * x.x, c.z * x.x - c.x * z.x)
    let g = v * -w
    gradient.rotation += c.cross(g)
    gradient.translation += g
  }

  /// The equations over twists.
  package var system: SymmetricSystem6 {
    func block(_ d: Point3, _ r: Point3) -> Matrix3 {
      Matrix3(columns: Point3(d.x, r.z, r.y), Point3(r.z, d.y, r.x), Point3(r.y, r.x, d.z))
    }
    var system = SymmetricSystem6()
    system.rotation = block(rotationDiagonal, rotationRest)
    system.coupling = coupling
    system.translation = block(translationDiagonal, translationRest)
    system.gradient = gradient
    return system
  }

  /// The sums over both.
  package static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.inliers += b.inliers
    sum.weight += b.weight
    sum.squared += b.squared
    sum.cost += b.cost
    sum.rotationDiagonal += b.rotationDiagonal
    sum.rotationRest += b.rotationRest
    sum.translationDiagonal += b.translationDiagonal
    sum.translationRest += b.translationRest
    sum.coupling += b.coupling
    sum.gradient.rotation += b.gradient.rotation
    sum.gradient.translation += b.gradient.translation
    return sum
  }
}
