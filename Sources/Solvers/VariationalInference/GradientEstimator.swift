import LinearAlgebra

/// How the gradient of the divergence is estimated from one standard normal vector u, by reparameterisation.
///
/// With `z = C u + m`, f = -log p and s = ∇f(z):
///
/// | estimator | of | in m | in C |
/// |---|---|---|---|
/// | energy | l = E f | s | s uᵀ |
/// | entropy | l + h | s | s uᵀ - C⁻ᵀ |
/// | sticking the landing, s' = s - C⁻ᵀ u | l + h | s' | s' uᵀ |
///
/// with h = -log |det C|. The noise of all three obeys `E |g|² ≤ a |w - w*|² + b` (``GradientNoiseBound``); the third has no
/// noise at the optimum when the target is Gaussian.
///
/// Source: Domke, Gower, Garrigos, "Provable convergence guarantees for black-box variational inference", NeurIPS 2023,
/// arXiv 2306.03638.
public enum GradientEstimator: String, Sendable, CaseIterable {
  /// Of the energy alone; the entropy is left to the proximal step.
  case energy
  /// Of energy and entropy.
  case entropy
  /// Of both, with the path derivative only.
  case stickingTheLanding

  /// The estimate, without regard to the structure of the scale.
  /// - Parameters:
  ///   - u: the standard normal vector.
  ///   - slope: ∇f at `C u + m`.
  ///   - inverseTransposed: C⁻ᵀ times a vector.
  package func callAsFunction(
    _ u: [Double], slope: [Double], inverseTransposed: ([Double]) -> [Double]
  ) -> (location: [Double], scale: Matrix<Double>) {
    let n = u.count
    var scale = Matrix<Double>(rows: n, columns: n)
    switch self {
    case .energy:
      scale.addOuter(slope, u)
      return (slope, scale)
    case .entropy:
      scale.addOuter(slope, u)
      for k in 0..<n {
        var axis = [Double](repeating: 0, count: n)
        axis[k] = 1
        let column = inverseTransposed(axis)
        for r in 0..<n { scale[r, k] -= column[r] }
      }
      return (slope, scale)
    case .stickingTheLanding:
      let path = slope.subtracting(inverseTransposed(u))
      scale.addOuter(path, u)
      return (path, scale)
    }
  }
}

/// Constants of the bound `E |g|² ≤ a |w - w*|² + b` on the noise of an estimator.
///
/// They follow from `E |C u + m - z̄|² (1 + |u|²) = (d + 1) |m - z̄|² + (d + 3) |C|²` with z̄ the mode, for f M-smooth. For
/// entropy and sticking the landing they hold where no singular value of C is below 1/√M.
public struct GradientNoiseBound: Sendable {
  /// The factor of the squared distance to the optimum.
  public let a: Double
  /// The noise at the optimum.
  public let b: Double

  /// The constants of an estimator.
  /// - Parameters:
  ///   - smoothness: M, the largest curvature of f.
  ///   - optimum: the optimal parameters w*.
  ///   - mode: the point z̄ where the density is largest.
  ///   - isGaussian: whether the target is Gaussian, which makes b zero for sticking the landing; otherwise b is infinite
  ///     there, for its bound needs more than M.
  public init(
    _ estimator: GradientEstimator, smoothness m: Double, optimum: VariationalGaussian, mode: [Double], isGaussian: Bool
  ) {
    let d = Double(mode.count)
    let distance = optimum.location.subtracting(mode).squaredNorm + optimum.scale.squaredNorm
    switch estimator {
    case .energy: (a, b) = (2 * (d + 3) * m * m, 2 * (d + 3) * m * m * distance)
    case .entropy: (a, b) = (4 * (d + 3) * m * m, 4 * (d + 3) * m * m * distance + 2 * d * m)
    case .stickingTheLanding: (a, b) = (8 * (d + 3) * m * m, isGaussian ? 0 : .infinity)
    }
  }
}
