#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How likely a pose of the global search is right: a logistic regression on its evidence,
///
///     p = 1 / (1 + exp(-(b + w·x)))
///
/// with the x of ``PoseEvidence/values``. Its figures were fitted by `Benchmarks confidence` to simulated rooms, streets and
/// objects, right poses and wrong ones and pairs without a common surface (docs/registration.md, "Verdict", with the
/// reliability on families that a fit did not see). It is a frequency among such pairs: where nearly all pairs of a survey
/// overlap, poses are right more often than it says.
package struct Confidence: Sendable, Equatable {
  /// The weights, w, in the order of ``PoseEvidence/names``.
  package let weights: [Double]
  /// The bias, b.
  package let bias: Double

  /// A regression with a weight for each of ``PoseEvidence/names``, and its bias.
  package init(weights: [Double], bias: Double) {
    precondition(weights.count == PoseEvidence.names.count, "\(weights.count) weights")
    (self.weights, self.bias) = (weights, bias)
  }

  /// The regression that comes with Plumb.
  package static let shipped = Confidence(
    weights: [0.4485, 0.3385, -0.8984, 0.5307, -22.8041, 0.6124, 1.1517], bias: -2.9643)

  /// The probability for the evidence of a pose.
  package func callAsFunction(_ evidence: PoseEvidence) -> Double {
    1 / (1 + exp(-zip(weights, evidence.values).reduce(bias) { $0 + $1.0 * $1.1 }))
  }
}
