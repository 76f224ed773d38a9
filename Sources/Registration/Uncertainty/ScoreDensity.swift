import LinearAlgebra
import Solvers

/// The quasi-posterior of a pose: the score has mean zero and covariance M at the truth, so
///
///     log p(ξ) = -½ s(ξ)ᵀ M⁻¹ s(ξ)
///
/// (Chernozhukov, Hong, Journal of Econometrics 2003). In the coordinates `ξ = A⁻¹ N v`, with `M = N Nᵀ` and the derivative
/// A of the score at the pose, it is a standard normal distribution as far as the score is linear, and its slope is the
/// whitened score `-N⁻¹ s` itself, up to the change of the derivative within the posterior.
struct ScoreDensity: LogDensity {
  let score: SurfaceScore
  /// Which coordinates of the twist may move.
  let free: [Int]
  /// A⁻¹ N, from v to the free coordinates.
  let spread: Matrix<Double>
  /// N.
  let root: Matrix<Double>

  var dimension: Int { free.count }

  func valueAndGradient(_ v: [Double]) -> (value: Double, gradient: [Double]) {
    var twist = [Double](repeating: 0, count: 6)
    for (k, value) in zip(free, spread * v) { twist[k] = value }
    let s = score(at: twist)
    let whitened = root.solveLower(free.map { s[$0] }, transposed: false)
    return (-0.5 * whitened.squaredNorm, whitened.scaled(by: -1))
  }
}
