import Foundation
import LinearAlgebra

/// Finds a zero of an operator from its values alone: the inverse of a decoder, of a lens or of a warp without a
/// derivative.
///
/// With the operator `T z = E(D(z)) - E(x)` of a decoder D and an encoder E the zero is the latent whose image looks like
/// x to the encoder. T is β-cocoercive at the zero z* when `⟨T z, z - z*⟩ ≥ β |T z|²`; then
///
/// - the forward step `z ← z - ρ T z` with `0 < ρ < 2β` shrinks the error in every step,
///   `|z⁺ - z*|² ≤ |z - z*|² - ρ (2β - ρ) |T z|²`;
/// - the inertial Krasnoselskii-Mann step `y = z + α (z - z₋)`, `z⁺ = y - 2λβ T y` converges when
///   `λ (1 - α + 2α²) < (1 - α)²`.
///
/// Adam on T as if it were a gradient has no such promise and often works.
///
/// Complexity: one value of the operator per iteration. Source: "Gradient-free decoder inversion in latent diffusion
/// models", NeurIPS 2024, arXiv 2409.18442, theorems 1 and 2.
public struct FixedPointInverse: Sendable {
  /// How a step is made from the operator's value.
  public enum Method: Sendable {
    /// `z ← z - ρ T z`.
    case forwardStep(relaxation: Double)
    /// `y = z + α (z - z₋)`, `z⁺ = y - s T y` with s = 2λβ.
    case inertial(inertia: Double, step: Double)
    /// Adam with a rate that warms up over a tenth of the iterations, falls along a cosine and stays from 80 % on.
    case adaptive(rate: Double)
  }

  /// The step rule.
  public var method: Method
  /// The most steps.
  public var iterations: Int
  /// Iteration stops when the norm of T z is at most this.
  public var tolerance: Double
  /// Whether the report holds every iterate, for the measure of cocoercivity.
  public var keepsPath = false

  /// A solver; by default the forward step with relaxation 1, Picard's iteration.
  public init(method: Method = .forwardStep(relaxation: 1), iterations: Int = 100, tolerance: Double = 0) {
    precondition(iterations >= 0, "\(iterations) iterations")
    self.method = method
    self.iterations = iterations
    self.tolerance = tolerance
  }

  /// Iterates from a start.
  /// - Parameters:
  ///   - start: the first iterate.
  ///   - residual: the operator T, which keeps the number of coordinates.
  public func callAsFunction(from start: [Double], residual: ([Double]) -> [Double]) -> FixedPointReport {
    var (z, previous) = (start, start)
    var moments = AdaptiveMoments(count: start.count)
    var report = FixedPointReport(solution: start)
    for k in 0...iterations {
      // The inertial step looks at the operator ahead of the iterate.
      var point = z
      if case .inertial(let inertia, _) = method { point.add(z.subtracting(previous), times: inertia) }
      let value = residual(point)
      let size = value.norm
      guard size.isFinite else {
        report.outcome = .diverged
        return report
      }
      report.solution = z
      report.residualNorms.append(size)
      if keepsPath { report.path.append((point, value)) }
      if size <= tolerance {
        report.solution = point
        report.outcome = .converged
        return report
      }
      if k == iterations { break }
      previous = z
      switch method {
      case .forwardStep(let relaxation): z = point.adding(value, times: -relaxation)
      case .inertial(_, let step): z = point.adding(value, times: -step)
      case .adaptive(let rate): moments.step(&z, against: value, rate: rate * share(at: k))
      }
    }
    return report
  }

  /// The latent of an observation, from the encoder's guess.
  public func invert(
    _ observation: [Double], decoder: ([Double]) -> [Double], encoder: ([Double]) -> [Double]
  ) -> FixedPointReport {
    let start = encoder(observation)
    return self(from: start) { encoder(decoder($0)).subtracting(start) }
  }

  /// The least upper bound of λ in the inertial step, `(1 - α)² / (1 - α + 2α²)`, for an inertia in [0, 1).
  public static func largestRelaxation(inertia a: Double) -> Double { (1 - a) * (1 - a) / (1 - a + 2 * a * a) }

  /// The share of the rate at a step: up over the first tenth, down along a cosine, constant from 80 % on.
  private func share(at k: Int) -> Double {
    let warmUp = max(1, iterations / 10)
    let at = min(k, max(0, Int((0.8 * Double(iterations)).rounded(.up)) - 1))
    if at < warmUp { return Double(at) / Double(warmUp) }
    return 0.5 * (1 + cos(.pi * Double(at - warmUp) / Double(max(1, iterations - warmUp))))
  }
}

/// What an inversion found.
public struct FixedPointReport: Sendable {
  /// The last iterate.
  public fileprivate(set) var solution: [Double]
  /// How it ended.
  public fileprivate(set) var outcome = SolverOutcome.iterationLimit
  /// The norm of the operator's value in every step, the start first.
  public fileprivate(set) var residualNorms: [Double] = []
  /// Where the operator was asked and what it said; empty unless wanted.
  public fileprivate(set) var path: [(point: [Double], value: [Double])] = []

  fileprivate init(solution: [Double]) { self.solution = solution }

  /// The smallest `⟨T z, z - z*⟩ / |T z|²` along the path for a zero z*: the largest β that the path allows. Steps with
  /// a value below `floor` are passed over, for rounding decides there; nil when none is left.
  public func cocoercivity(zero: [Double], floor: Double = 1e-12) -> Double? {
    path.compactMap { step in
      let size = step.value.squaredNorm
      return size > floor * floor ? step.value.dot(step.point.subtracting(zero)) / size : nil
    }.min()
  }
}
