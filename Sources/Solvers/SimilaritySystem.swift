import Geometry

/// The normal equations `H x = g` of a similarity: those of a rigid motion and one row for the logarithm λ of the scale.
///
///     | H   c |   | twist |   | g |
///     | cᵀ  d | · |   λ   | = | h |
///
/// The scale is eliminated by its Schur complement `d - cᵀ H⁻¹ c`, which also says how well the data fix it once the best
/// rigid motion follows every scale: it is zero for three planes through one point, which look alike at all scales.
public struct SimilaritySystem: Sendable {
  /// The equations of the rigid part.
  public var rigid = SymmetricSystem6()
  /// The column c.
  public var coupling = Twist()
  /// The corner d.
  public var diagonal = 0.0
  /// The right-hand side h.
  public var gradient = 0.0

  /// The zero system.
  public init() {}

  /// Adds one residual e with Jacobian (j, k): j of the twist, k of the logarithm of the scale.
  public mutating func add(_ j: Twist, scale k: Double, residual e: Double, weight w: Double) {
    rigid.add(j, residual: e, weight: w)
    coupling.rotation += j.rotation * (w * k)
    coupling.translation += j.translation * (w * k)
    diagonal += w * k * k
    gradient += w * k * e
  }

  /// The sum of two systems.
  public static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.rigid = a.rigid + b.rigid
    sum.coupling.rotation += b.coupling.rotation
    sum.coupling.translation += b.coupling.translation
    sum.diagonal += b.diagonal
    sum.gradient += b.gradient
    return sum
  }

  /// The Schur complement of the scale over the free directions of a motion model; nil where the rigid part is singular.
  public func scaleInformation(_ motion: MotionModel, damping: Double = 0) -> Double? {
    var column = rigid
    column.gradient = coupling
    guard let x = motion.solution(of: column, damping: damping) else { return nil }
    return diagonal - dot(coupling, x)
  }

  /// The solution over the free directions of a motion model. The scale stays as it is where its information is less than
  /// `leastScaleInformation`. Nil where the rigid part is singular.
  public func solution(
    _ motion: MotionModel, damping: Double = 0, leastScaleInformation: Double = 0
  ) -> (twist: Twist, logScale: Double)? {
    var column = rigid
    column.gradient = coupling
    guard let own = motion.solution(of: rigid, damping: damping),
      let follows = motion.solution(of: column, damping: damping)
    else { return nil }
    let information = diagonal - dot(coupling, follows)
    guard information > leastScaleInformation, information > 0 else { return (own, 0) }
    let logScale = (gradient - dot(coupling, own)) / information
    return (
      Twist(
        rotation: own.rotation - follows.rotation * logScale,
        translation: own.translation - follows.translation * logScale), logScale
    )
  }

  private func dot(_ a: Twist, _ b: Twist) -> Double {
    a.rotation.dot(b.rotation) + a.translation.dot(b.translation)
  }
}
