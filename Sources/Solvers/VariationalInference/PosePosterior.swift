import Foundation
import Geometry
import LinearAlgebra

/// The density of a pose around a given one, for matched points with heavy-tailed noise.
///
/// The pose is `T exp(ξ)` with the right twist ξ = (rotation, translation) of the source frame, radians and metres; residuals
/// are `r_i = T exp(ξ) p_i - q_i` and
///
///     log p(ξ) = -½ (ν + 3) Σ log(1 + |r_i|² / ν σ²),
///
/// a Student t distribution of three coordinates. Matches are held fixed, which leaves out the doubt about them.
public struct PoseLogDensity: LogDensity {
  private let source: [Point3]
  private let target: [Point3]
  private let noise: Double
  private let freedom: Double

  /// The density around a pose.
  /// - Parameters:
  ///   - source: points p_i.
  ///   - target: the points q_i that they meet.
  ///   - pose: T, target from source.
  ///   - noise: σ, metres.
  ///   - freedom: ν; 4 forgives outliers, a large number none.
  public init(
    source: [Point3], target: [Point3], around pose: RigidTransform = .identity, noise: Double, freedom: Double = 4
  ) {
    precondition(source.count == target.count && noise > 0 && freedom > 0, "matched points with noise")
    self.source = source
    // |T exp(ξ) p - q| = |exp(ξ) p - T⁻¹ q|
    let back = pose.inverse
    self.target = target.map { back($0) }
    self.noise = noise
    self.freedom = freedom
  }

  /// Six: three of rotation, then three of translation.
  public var dimension: Int { 6 }

  /// The value and the gradient in the twist.
  public func valueAndGradient(_ z: [Double]) -> (value: Double, gradient: [Double]) {
    let (w, v) = (Point3(z[0], z[1], z[2]), Point3(z[3], z[4], z[5]))
    let motion = RigidTransform(exponential: Twist(rotation: w, translation: v))
    let rotation = motion.rotation.inverse
    let scale = 1 / (freedom * noise * noise)
    var value = 0.0
    // The gradient against a small twist δ on the right, exp(ξ) exp(δ).
    var (turn, shift) = (Point3.zero, Point3.zero)
    for (p, q) in zip(source, target) {
      let r = motion(p) - q
      let s = r.squaredLength * scale
      value -= 0.5 * (freedom + 3) * log1p(s)
      // d|r|²/dδ = 2 Rᵀr · (δ_ω x p + δ_v)
      let pull = rotation(r) * (-(freedom + 3) * scale / (1 + s))
      shift = shift + pull
      turn = turn + p.cross(pull)
    }
    return (value, RightJacobian(w, v).transposedTimes(turn, shift))
  }
}

/// The right Jacobian of SE(3): `exp(ξ + dξ) = exp(ξ) exp(J dξ)`, as the series `J = Σ (-ad ξ)ⁿ / (n + 1)!`.
///
/// The series converges for every twist; it is cut where a term no longer counts.
struct RightJacobian {
  private let w, v: Point3

  init(_ rotation: Point3, _ translation: Point3) { (w, v) = (rotation, translation) }

  /// `Jᵀ (turn, shift)` as six numbers, rotation first.
  func transposedTimes(_ turn: Point3, _ shift: Point3) -> [Double] {
    // ad ξ (a, b) = (w x a, v x a + w x b), so -(ad ξ)ᵀ (a, b) = (w x a + v x b, w x b).
    var term = (turn, shift)
    var sum = term
    for n in 1..<200 {
      let share = 1 / Double(n + 1)
      term = ((w.cross(term.0) + v.cross(term.1)) * share, w.cross(term.1) * share)
      sum = (sum.0 + term.0, sum.1 + term.1)
      let size = term.0.squaredLength + term.1.squaredLength
      if !(size > 1e-34 * (sum.0.squaredLength + sum.1.squaredLength)) { break }
    }
    return [sum.0.x, sum.0.y, sum.0.z, sum.1.x, sum.1.y, sum.1.z]
  }
}

/// The mode of a density and the Gaussian of its curvature there.
public struct LaplaceApproximation: Sendable {
  /// The mode and the Cholesky factor of the inverse Hessian of -log p.
  public let gaussian: VariationalGaussian
  /// The Hessian of -log p at the mode.
  public let precision: Matrix<Double>
  /// The largest over the smallest eigenvalue of the Hessian.
  public let condition: Double
  /// Whether Newton's steps ended.
  public let outcome: SolverOutcome

  /// Climbs to the mode by damped Newton steps, the Hessian by central differences of the gradient.
  /// - Parameters:
  ///   - start: where to begin.
  ///   - difference: the step of the differences.
  ///   - longest: the longest Newton step.
  public init(
    _ density: some LogDensity, from start: [Double], difference: Double = 1e-4, longest: Double = 0.3
  ) throws(FactorizationError) {
    var (z, outcome) = (start, SolverOutcome.iterationLimit)
    var eigen = try SymmetricEigen(LaplaceApproximation.hessian(density, at: z, difference))
    for _ in 0..<50 {
      let slope = eigen.vectors * density.valueAndGradient(z).gradient
      // Away from the mode curvatures may be negative: their size serves.
      var step = eigen.vectors.transposedTimes(zip(slope, eigen.values).map { $0 / max(abs($1), 1e-6) })
      let length = step.norm
      if length > longest { step = step.scaled(by: longest / length) }
      z.add(step)
      eigen = try SymmetricEigen(LaplaceApproximation.hessian(density, at: z, difference))
      if length < 1e-9 {
        outcome = .converged
        break
      }
    }
    self.outcome = outcome
    precision = eigen.reassembled { $0 }.symmetrized
    condition = (eigen.values.last ?? 1) / (eigen.values.first ?? 1)
    let covariance = try Cholesky(precision).inverse
    gaussian = VariationalGaussian(location: z, scale: try Cholesky(covariance).lower)
  }

  private static func hessian(_ density: some LogDensity, at z: [Double], _ h: Double) -> Matrix<Double> {
    var hessian = Matrix<Double>(rows: z.count, columns: z.count)
    for k in z.indices {
      var (ahead, behind) = (z, z)
      ahead[k] += h
      behind[k] -= h
      let change = density.valueAndGradient(behind).gradient.subtracting(density.valueAndGradient(ahead).gradient)
      for r in z.indices { hessian[r, k] = change[r] / (2 * h) }
    }
    return hessian.symmetrized
  }
}

/// A density in coordinates in which its Laplace approximation is a standard normal distribution: `z = m + L v`.
///
/// The theory's steps cost (M/μ)² iterations; here both curvatures are near one.
public struct WhitenedDensity<Base: LogDensity>: LogDensity {
  private let base: Base
  private let frame: VariationalGaussian

  /// The density seen from a Gaussian.
  public init(_ base: Base, in frame: VariationalGaussian) { (self.base, self.frame) = (base, frame) }

  /// That of the density.
  public var dimension: Int { base.dimension }

  /// The value at `m + L v` and the gradient in v.
  public func valueAndGradient(_ v: [Double]) -> (value: Double, gradient: [Double]) {
    let (value, gradient) = base.valueAndGradient(frame.point(v))
    return (value, frame.scale.transposedTimes(gradient))
  }
}
