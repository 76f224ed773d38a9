import Foundation
import LinearAlgebra

/// A linear classifier whose slack per training sample is chosen by its loss on other samples.
///
///     upper: Σ_validation exp(1 - l (w·z + b)) + |c|,   lower: min (|w|² + b²) / 2  subject to  1 - c_i - l_i (w·z_i + b) ≤ 0
///
/// with labels l = ±1 and slacks c_i of at least a floor: a large slack lets a training sample be wrong. The lower
/// variables are (w, b). The lower problem has the closed solution `(w, b) = Σ μ_i l_i (z_i, 1)`, the penalty function a
/// Newton method.
///
/// Source: "A primal-dual-assisted penalty approach to bilevel optimization with coupled constraints", NeurIPS 2024, arXiv
/// 2406.10148, section 4.2, with the same lower objective in both inner problems.
public struct SlackBoundedClassifier: CoupledBilevelProblem {
  /// Rows `l_i (z_i, 1)` of the training samples.
  private let training: Matrix<Double>
  /// The same of the validation samples.
  private let validation: Matrix<Double>
  /// The least slack.
  public var floor = 1e-4

  /// A problem from features as rows and labels of ±1.
  public init(
    training: (features: Matrix<Double>, labels: [Double]), validation: (features: Matrix<Double>, labels: [Double])
  ) {
    self.training = SlackBoundedClassifier.signed(training.features, training.labels)
    self.validation = SlackBoundedClassifier.signed(validation.features, validation.labels)
  }

  /// The dual step that converges for the lower problem: one over the largest squared singular value of the training rows.
  public func dualStep() throws(FactorizationError) -> Double {
    let eigen = try SymmetricEigen(training.transposedTimes(training))
    return 1 / max(eigen.values.last ?? 1, 1e-300)
  }

  /// The share of samples on the right side.
  public static func accuracy(_ y: [Double], features: Matrix<Double>, labels: [Double]) -> Double {
    let margins = signed(features, labels) * y
    return Double(margins.count { $0 > 0 }) / Double(max(1, margins.count))
  }

  private static func signed(_ features: Matrix<Double>, _ labels: [Double]) -> Matrix<Double> {
    precondition(features.rows == labels.count, "\(features.rows) samples, \(labels.count) labels")
    return Matrix(
      rows: features.rows, columns: features.columns + 1,
      labels.indices.flatMap { k in (features.row(k) + [1]).map { labels[k] * $0 } })
  }

  /// `exp(1 - m)` per validation sample, capped against overflow.
  private func losses(_ y: [Double]) -> [Double] { (validation * y).map { exp(min(1 - $0, 30)) } }

  /// The validation loss and the size of the slacks.
  public func upper(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double]) {
    let e = losses(y)
    let size = x.norm
    return (
      e.reduce(0, +) + size, size > 0 ? x.scaled(by: 1 / size) : x.map { _ in 0 },
      validation.transposedTimes(e).scaled(by: -1)
    )
  }

  /// Half the squared length of (w, b).
  public func lower(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double]) {
    (y.squaredNorm / 2, x.map { _ in 0 }, y)
  }

  /// `1 - c_i - l_i (w·z_i + b)`.
  public func constraints(_ x: [Double], _ y: [Double]) -> [Double] {
    zip(x, training * y).map { 1 - $0 - $1 }
  }

  /// -μ in the slacks and -Σ μ_i l_i (z_i, 1) in (w, b).
  public func constraintPull(_ x: [Double], _ y: [Double], multipliers: [Double]) -> (dx: [Double], dy: [Double]) {
    (multipliers.scaled(by: -1), training.transposedTimes(multipliers).scaled(by: -1))
  }

  /// Slacks of at least the floor.
  public func project(upper x: inout [Double]) {
    for k in x.indices { x[k] = max(floor, x[k]) }
  }

  /// Closed for the lower problem, Newton's method for the penalty function.
  public func minimizer(
    upperWeight: Double, lowerWeight: Double, _ x: [Double], multipliers: [Double], near y: [Double]
  ) -> [Double]? {
    let pull = training.transposedTimes(multipliers)
    if upperWeight == 0 { return pull.scaled(by: 1 / lowerWeight) }
    var y = y
    for _ in 0..<20 {
      let e = losses(y).scaled(by: upperWeight)
      var gradient = y.scaled(by: lowerWeight).subtracting(pull)
      gradient.add(validation.transposedTimes(e), times: -1)
      var weighted = validation
      for (k, weight) in e.enumerated() { for c in 0..<weighted.columns { weighted[k, c] *= weight } }
      let hessian = validation.transposedTimes(weighted) + lowerWeight * .identity(y.count)
      guard let step = (try? Cholesky(hessian))?.solve(gradient) else { return nil }
      y.add(step, times: -1)
      if step.norm < 1e-6 { break }
    }
    return y
  }
}
