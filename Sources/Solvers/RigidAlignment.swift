import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rigid motion that minimises the weighted squared distances of corresponding points, in closed form.
///
/// With weighted centroids p̄, q̄ and `H = Σ w (q - q̄)(p - p̄)ᵀ = U S Vᵀ`, the rotation is `U diag(1, 1, det(U Vᵀ)) Vᵀ`
/// (Kabsch 1976; Umeyama 1991) and the translation takes p̄ to q̄.
///
/// Correspondences are added one by one; only their moments are kept.
public struct RigidAlignment: Sendable {
  private var weight = 0.0
  private var source = Point3.zero
  private var target = Point3.zero
  private var cross = Matrix3.zero
  private var spread = Matrix3.zero

  /// No correspondences yet.
  public init() {}

  /// The alignment of a list of correspondences, all with weight 1.
  public init(_ pairs: some Sequence<(source: Point3, target: Point3)>) {
    for pair in pairs { add(pair.source, pair.target) }
  }

  /// Adds the correspondence `p ↦ q` with a weight that is not negative.
  public mutating func add(_ p: Point3, _ q: Point3, weight w: Double = 1) {
    weight += w
    source += p * w
    target += q * w
    cross += Matrix3(outer: q, p * w)
    spread += Matrix3(outer: p, p * w)
  }

  /// The best motion; nil when the weighted source points coincide or lie on a line, which leaves the rotation open.
  public var transform: RigidTransform? {
    guard weight > 0 else { return nil }
    let (p, q) = (source / weight, target / weight)
    let values = (spread * (1 / weight) - Matrix3(outer: p, p)).symmetricEigen.values
    // Moments about the origin lose digits with the distance from it: below this, the spread is rounding.
    let rounding = 1e-13 * p.squaredLength
    guard values.y > 1e-8 * values.z, values.y > rounding else { return nil }
    let rotation = Rotation3(nearest: cross * (1 / weight) - Matrix3(outer: q, p))
    return RigidTransform(rotation: rotation, translation: q - rotation(p))
  }

  /// The best motion of a model in closed form; nil where the correspondences leave it open.
  ///
  /// With `M = Σ w (q - q̄)(p - p̄)ᵀ` the best turn about z is `atan2(M₁₀ - M₀₁, M₀₀ + M₁₁)`: it maximises `tr Rᵀ M`.
  public func transform(_ model: MotionModel) -> RigidTransform? {
    if model == .rigid { return transform }
    guard weight > 0 else { return nil }
    let (p, q) = (source / weight, target / weight)
    if model == .translation { return RigidTransform(translation: q - p) }
    let m = cross * (1 / weight) - Matrix3(outer: q, p)
    let scatter = spread * (1 / weight) - Matrix3(outer: p, p)
    let (cosine, sine) = (m[0, 0] + m[1, 1], m[1, 0] - m[0, 1])
    let level = scatter[0, 0] + scatter[1, 1]
    // Points above each other leave the turn open.
    guard level > 1e-8 * scatter[2, 2], level > 1e-13 * p.squaredLength, cosine != 0 || sine != 0 else { return nil }
    let rotation = Rotation3(rotationVector: Point3(0, 0, atan2(sine, cosine)))
    return RigidTransform(rotation: rotation, translation: q - rotation(p))
  }
}
