import Foundation
import LinearAlgebra
import Solvers

/// A Gaussian target of six dimensions whose curvatures run from 1 to κ along random axes.
struct GaussianTarget: Sendable {
  let density: GaussianDensity
  let smoothness: Double
  /// The covariance's triangular and symmetric roots.
  private let lower, symmetric: Matrix<Double>

  init?(condition kappa: Double, seed: UInt64, stream: Int) {
    var random = SeededGenerator(seed: seed, stream: stream)
    let d = 6
    guard let axes = try? QRFactors(random.gaussianMatrix(rows: d, columns: d)).q else { return nil }
    let curvatures = geometricSpace(1, kappa, count: d)
    let precision = (axes * Matrix(diagonal: curvatures)).timesTransposed(axes).symmetrized
    density = GaussianDensity(mean: random.gaussians(d), precision: precision)
    smoothness = kappa
    guard let covariance = (try? Cholesky(precision))?.inverse, let lower = (try? Cholesky(covariance))?.lower,
      let symmetric = try? covariance.positiveRoot()
    else { return nil }
    (self.lower, self.symmetric) = (lower, symmetric)
  }

  /// The solver, its start, its optimum and its promise for an estimator.
  struct Problem: Sendable {
    let solver: BlackBoxVI
    let start, optimum: VariationalGaussian
    let noise: GradientNoiseBound
    let guarantee: AnytimeGuarantee
    var startDistance: Double { start.squaredDistance(to: optimum) }
  }

  func problem(_ estimator: GradientEstimator) -> Problem {
    let d = density.dimension
    let isProximal = estimator == .energy
    let optimum = VariationalGaussian(location: density.mean, scale: isProximal ? lower : symmetric)
    let noise = GradientNoiseBound(
      estimator, smoothness: smoothness, optimum: optimum, mode: density.mean, isGaussian: true)
    // |C*⁻ᵀ|² = Tr H.
    let guarantee = AnytimeGuarantee(
      noise: noise, strongConvexity: 1, squaredSlope: isProximal ? density.precision.trace : nil)
    var solver = BlackBoxVI(
      estimator, isProximal ? .proximal : .projected(smoothness: smoothness), stepSize: guarantee.stepSize)
    solver.averagedShare = 0
    let start = VariationalGaussian(
      location: [Double](repeating: 0, count: d), scale: (1 / smoothness.squareRoot()) * .identity(d))
    return Problem(solver: solver, start: start, optimum: optimum, noise: noise, guarantee: guarantee)
  }

  /// The squared distances to the optimum after some steps.
  func distances(_ estimator: GradientEstimator, seed: UInt64, stream: Int, marks: [Int]) -> [Double] {
    var random = SeededGenerator(seed: seed, stream: stream)
    let problem = problem(estimator)
    var solver = problem.solver
    solver.iterations = marks.last ?? 0
    var found: [Double] = []
    _ = solver(density, from: problem.start, using: &random) { t, q in
      if marks.contains(t) { found.append(q.squaredDistance(to: problem.optimum)) }
    }
    return found + [Double](repeating: .nan, count: marks.count - found.count)
  }

  /// E |g|² at random parameters over `a r + b`, and over `(d + 3) M² |w - w̄|²`.
  func noiseRatios(
    _ estimator: GradientEstimator, samples: Int, using random: inout SeededGenerator
  ) -> (split: Double, direct: Double) {
    let problem = problem(estimator)
    let d = density.dimension
    let spread = exp(random.uniform(-2, 1))
    var q = VariationalGaussian(
      location: density.mean.adding(random.gaussians(d), times: spread),
      scale: random.gaussianMatrix(rows: d, columns: d, times: spread) + problem.optimum.scale)
    var eigen: SymmetricEigen?
    if estimator == .energy {
      q.scale = q.scale.lowerTriangle
    } else {
      let floor = 1 / smoothness.squareRoot()
      eigen = (try? SymmetricEigen(q.scale.symmetrized)).map {
        SymmetricEigen(values: $0.values.map { max(abs($0), floor) }, vectors: $0.vectors)
      }
      q.scale = eigen?.reassembled { $0 } ?? q.scale
    }
    let inverse = eigen?.reassembled { 1 / $0 }
    var total = 0.0
    for _ in 0..<samples {
      let u = random.gaussians(d)
      let slope = density.valueAndGradient(q.point(u)).gradient.scaled(by: -1)
      let (dm, dC) = estimator(u, slope: slope) { v in inverse.map { $0 * v } ?? v }
      total += dm.squaredNorm + (estimator == .energy ? dC.lowerTriangle : dC.symmetrized).squaredNorm
    }
    let mean = total / Double(samples)
    let reach = q.location.subtracting(density.mean).squaredNorm + q.scale.squaredNorm
    return (
      mean / (problem.noise.a * q.squaredDistance(to: problem.optimum) + problem.noise.b),
      mean / (Double(d + 3) * smoothness * smoothness * reach)
    )
  }
}
