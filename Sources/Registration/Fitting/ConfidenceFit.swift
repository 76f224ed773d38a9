import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Fits a ``Confidence`` to poses that are known to be right or wrong: logistic regression with a ridge on the standardised
/// weights, by iteratively reweighted least squares (Newton's method; McCullagh and Nelder, Generalized Linear Models, 1989).
///
/// The ridge also keeps the weights finite where right and wrong are told apart without an error.
package struct ConfidenceFit: Sendable {
  /// The ridge per sample, on weights of evidence scaled to a standard deviation of 1.
  package var ridge: Double

  /// A fit with its ridge, positive.
  package init(ridge: Double = 3e-3) { self.ridge = ridge }

  /// A pose that is known to be right or wrong.
  package typealias Sample = (evidence: PoseEvidence, isRight: Bool)

  /// The regression for the samples, of which at least one has to be right and one wrong.
  package func callAsFunction(_ samples: [Sample]) throws(FactorizationError) -> Confidence {
    let count = Double(samples.count)
    let raw = samples.map(\.evidence.values)
    let dimension = PoseEvidence.names.count
    let mean = (0..<dimension).map { k in raw.reduce(0) { $0 + $1[k] } / count }
    let deviation = (0..<dimension).map { k in
      max((raw.reduce(0) { $0 + ($1[k] - mean[k]) * ($1[k] - mean[k]) } / count).squareRoot(), 1e-9)
    }
    // A last value of 1 carries the bias, which has no ridge.
    let rows = raw.map { x in (0..<dimension).map { (x[$0] - mean[$0]) / deviation[$0] } + [1] }
    var w = [Double](repeating: 0, count: dimension + 1)
    for _ in 0..<100 {
      let penalty = (0...dimension).map { $0 < dimension ? ridge * count : 1e-9 }
      var hessian = Matrix<Double>(diagonal: penalty)
      var gradient = (0...dimension).map { $0 < dimension ? penalty[$0] * w[$0] : 0 }
      for (x, sample) in zip(rows, samples) {
        let p = Self.logistic(zip(w, x).reduce(0) { $0 + $1.0 * $1.1 })
        let miss = p - (sample.isRight ? 1 : 0)
        for k in 0...dimension { gradient[k] += miss * x[k] }
        hessian.addOuter(x, x, times: p * (1 - p))
      }
      let step = try Cholesky(hessian).solve(gradient)
      // A Newton step from far off may overshoot.
      let scale = min(1, 4 / max(step.map(abs).max() ?? 0, 1e-300))
      for k in 0...dimension { w[k] -= scale * step[k] }
      if step.allSatisfy({ abs($0) < 1e-10 }) { break }
    }
    let weights = (0..<dimension).map { w[$0] / deviation[$0] }
    return Confidence(weights: weights, bias: w[dimension] - zip(weights, mean).reduce(0) { $0 + $1.0 * $1.1 })
  }

  private static func logistic(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
}
