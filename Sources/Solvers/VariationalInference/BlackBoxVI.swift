import Foundation
import LinearAlgebra

/// Fits a Gaussian to a density by stochastic gradients of `KL(q || p)`, with the steps for which convergence is proved.
///
/// - *Proximal* (energy, lower triangular C): `w ← prox_γh(w - γ g)`.
/// - *Projected* (entropy or sticking the landing, symmetric C): a step, then eigenvalues of C are raised to `1/√M`.
///
/// For f μ-strongly convex and M-smooth and the anytime step `γ_t = min{μ/2a (projected: μ/a), (2t+1)/(μ (t+1)²)}` the
/// squared distance to the optimum falls like 1/T, see ``AnytimeGuarantee``; without noise at the optimum like 1/T².
///
/// Complexity: per sample one gradient and O(d²), with projection O(d³). Source: Domke, Gower, Garrigos, "Provable
/// convergence guarantees for black-box variational inference", NeurIPS 2023, arXiv 2306.03638; constants derived anew.
public struct BlackBoxVI: Sendable {
  /// How the scale is kept regular.
  public enum Parameterization: Sendable {
    /// Lower triangular; the entropy by its proximal operator, which takes the energy estimator.
    case proximal
    /// Symmetric; eigenvalues of at least 1/√M, M the smoothness.
    case projected(smoothness: Double)
  }

  /// The step over time.
  public enum StepSize: Sendable {
    /// Always the same.
    case constant(Double)
    /// `min{first, (2t+1) / (μ (t+1)²)}`.
    case anytime(first: Double, strongConvexity: Double)

    /// The step of iteration t, from 0 on.
    public func callAsFunction(_ t: Int) -> Double {
      switch self {
      case .constant(let step): return step
      case .anytime(let first, let mu):
        let next = Double(t) + 1
        return min(first, (2 * next - 1) / (mu * next * next))
      }
    }
  }

  /// The estimator of the gradient.
  public var estimator: GradientEstimator
  /// The structure of the scale.
  public var parameterization: Parameterization
  /// The step over time.
  public var stepSize: StepSize
  /// How many steps.
  public var iterations = 3000
  /// The share of the steps at the end whose parameters are averaged; zero takes the last ones.
  public var averagedShare = 0.5

  /// A configuration. The energy estimator belongs to the proximal step, the others to the projected one.
  public init(_ estimator: GradientEstimator, _ parameterization: Parameterization, stepSize: StepSize) {
    if case .proximal = parameterization {
      precondition(estimator == .energy, "the proximal step holds the entropy: it takes the energy estimator")
    } else {
      precondition(estimator != .energy, "the projected step needs an estimator of the entropy too")
    }
    self.estimator = estimator
    self.parameterization = parameterization
    self.stepSize = stepSize
  }

  /// Fits from a start.
  /// - Parameters:
  ///   - start: its scale is lower triangular or symmetric positive definite, as the parameterisation wants.
  ///   - onIteration: hears the number of steps taken and the parameters.
  public func callAsFunction(
    _ density: some LogDensity, from start: VariationalGaussian, using random: inout SeededGenerator,
    onIteration: (Int, VariationalGaussian) -> Void = { _, _ in }
  ) -> VariationalReport {
    precondition(density.dimension == start.location.count, "the start has the density's dimension")
    var q = start
    var report = VariationalReport(start)
    var mean = VariationalGaussian(
      location: start.location.map { _ in 0 }, scale: Matrix(rows: start.scale.rows, columns: start.scale.columns))
    let first = iterations - Int(Double(iterations) * min(max(averagedShare, 0), 1))
    // The eigenvectors of a symmetric scale, which give its inverse.
    var eigen = try? SymmetricEigen(start.scale)
    for t in 0..<iterations {
      let u = random.gaussians(q.location.count)
      let (value, gradient) = density.valueAndGradient(q.point(u))
      let (dm, dC) = estimator(u, slope: gradient.scaled(by: -1)) { v in
        if case .proximal = parameterization { return q.scale.solveLower(v, transposed: true) }
        guard let eigen else { return v.map { _ in .nan } }
        let inside = eigen.vectors * v
        return eigen.vectors.transposedTimes(zip(inside, eigen.values).map { $0 / $1 })
      }
      let step = stepSize(t)
      var next = q
      next.location.add(dm, times: -step)
      next.scale.add(structured(dC), times: -step)
      switch parameterization {
      case .proximal: next.scale = EntropyProximal(step: step)(next.scale)
      case .projected(let smoothness):
        let floor = 1 / smoothness.squareRoot()
        eigen = (try? SymmetricEigen(next.scale)).map { $0.raised(to: floor) }
        if let eigen { next.scale = eigen.reassembled { $0 }.symmetrized }
      }
      guard value.isFinite, next.location.allSatisfy(\.isFinite), next.scale.isFinite else {
        report.outcome = .diverged
        break
      }
      q = next
      report.energies.append(-value)
      onIteration(t + 1, q)
      if t >= first {
        mean.location.add(q.location, times: 1 / Double(iterations - first))
        mean.scale.add(q.scale, times: 1 / Double(iterations - first))
      }
    }
    report.solution = first < iterations && report.outcome != .diverged ? mean : q
    return report
  }

  private func structured(_ gradient: Matrix<Double>) -> Matrix<Double> {
    if case .proximal = parameterization { return gradient.lowerTriangle }
    return gradient.symmetrized
  }
}

extension SymmetricEigen {
  /// The same vectors with values of at least a floor.
  fileprivate func raised(to floor: Double) -> SymmetricEigen {
    SymmetricEigen(values: values.map { max($0, floor) }, vectors: vectors)
  }
}

/// What a variational fit found.
public struct VariationalReport: Sendable {
  /// The fitted distribution.
  public fileprivate(set) var solution: VariationalGaussian
  /// `iterationLimit` unless it diverged: stochastic steps have no end of their own.
  public fileprivate(set) var outcome = SolverOutcome.iterationLimit
  /// f at the sample of every step, a noisy history of the energy.
  public fileprivate(set) var energies: [Double] = []

  fileprivate init(_ start: VariationalGaussian) { solution = start }
}
