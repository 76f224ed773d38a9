import Foundation
import LinearAlgebra
import Solvers

/// The covariance of a density by importance sampling from a multivariate t distribution of 5 degrees of freedom, 1.3
/// times as wide as a Gaussian.
struct ImportanceSample: Sendable {
  /// `(Σ w)² / Σ w²`.
  let effectiveSamples: Double
  private let root: Matrix<Double>

  init?(
    _ density: some LogDensity, around center: VariationalGaussian, count: Int, using random: inout SeededGenerator
  ) {
    let d = density.dimension
    let freedom = 5.0
    var (points, logs) = ([[Double]](), [Double]())
    for _ in 0..<count {
      let z = random.gaussians(d)
      let chi = random.gaussians(5).squaredNorm
      let u = z.scaled(by: 1.3 / (chi / freedom).squareRoot())
      let proposal = -0.5 * (freedom + Double(d)) * log1p(u.squaredNorm / (1.69 * freedom))
      points.append(center.point(u))
      logs.append(density.valueAndGradient(points[points.count - 1]).value - proposal)
    }
    let weights = logs.softmax
    effectiveSamples = 1 / weights.squaredNorm
    var mean = [Double](repeating: 0, count: d)
    for (w, p) in zip(weights, points) { mean.add(p, times: w) }
    var covariance = Matrix<Double>(rows: d, columns: d)
    for (w, p) in zip(weights, points) {
      let offset = p.subtracting(mean)
      covariance.addOuter(offset, offset, times: w)
    }
    guard let root = (try? Cholesky(covariance))?.lower else { return nil }
    self.root = root
  }

  /// `|L⁻¹ S L⁻ᵀ - I| / √d` of a covariance S.
  func error(_ covariance: Matrix<Double>) -> Double {
    let d = root.rows
    let half = Matrix(
      rows: d, columns: d, (0..<d).flatMap { root.solveLower(covariance.column($0), transposed: false) })
    let whole = Matrix(rows: d, columns: d, (0..<d).flatMap { root.solveLower(half.column($0), transposed: false) })
    return (whole - .identity(d)).norm / Double(d).squareRoot()
  }
}
