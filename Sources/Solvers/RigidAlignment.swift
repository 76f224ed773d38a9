import Geometry

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
  private var targetSpread = 0.0

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
    targetSpread += q.squaredLength * w
  }

  /// The best motion; nil when the weighted source points coincide or lie on a line, which leaves the rotation open.
  public var transform: RigidTransform? { transform(.rigid) }

  /// The best motion of a model in closed form; nil where the correspondences leave it open.
  public func transform(_ model: MotionModel) -> RigidTransform? {
    guard weight > 0 else { return nil }
    let (p, q) = (source / weight, target / weight)
    let covariance = cross * (1 / weight) - Matrix3(outer: q, p)
    guard fixes(model, covariance, about: p) else { return nil }
    let rotation = model.rotation(nearest: covariance)
    return RigidTransform(rotation: rotation, translation: q - rotation(p))
  }

  /// The best similarity of a model; nil where the correspondences leave it open.
  ///
  /// The scale is the ratio of the root mean square distances from the centroids, `s² = Σ w |q - q̄|² / Σ w |p - p̄|²`
  /// (Horn 1987): unlike the least squares one it does not shrink with noise and is the inverse of the scale of swapped clouds.
  public func similarity(_ model: MotionModel = .rigid) -> SimilarityTransform? {
    guard let rotation = transform(model)?.rotation else { return nil }
    let (p, q) = (source / weight, target / weight)
    let own = (spread[0, 0] + spread[1, 1] + spread[2, 2]) / weight - p.squaredLength
    let other = targetSpread / weight - q.squaredLength
    guard own > 1e-13 * p.squaredLength, other > 1e-13 * q.squaredLength else { return nil }
    let scale = (other / own).squareRoot()
    return SimilarityTransform(scale: scale, rotation: rotation, translation: q - rotation(p * scale))
  }

  /// Whether the source points, with their centroid p, spread far enough to fix the rotation of a model.
  private func fixes(_ model: MotionModel, _ covariance: Matrix3, about p: Point3) -> Bool {
    let scatter = spread * (1 / weight) - Matrix3(outer: p, p)
    // Moments about the origin lose digits with the distance from it: below this, the spread is rounding.
    let rounding = 1e-13 * p.squaredLength
    switch model {
    case .rigid:
      let values = scatter.symmetricEigen.values
      return values.y > 1e-8 * values.z && values.y > rounding
    case .yaw:
      // Points above each other leave the turn open.
      let level = scatter[0, 0] + scatter[1, 1]
      let (cosine, sine) = (covariance[0, 0] + covariance[1, 1], covariance[1, 0] - covariance[0, 1])
      return level > 1e-8 * scatter[2, 2] && level > rounding && (cosine != 0 || sine != 0)
    case .translation:
      return true
    }
  }
}
