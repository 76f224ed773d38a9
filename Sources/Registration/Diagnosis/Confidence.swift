#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How likely a pose of the global search is right: a logistic regression on its evidence,
///
///     p = 1 / (1 + exp(-(b + w·x))),    x = (score, ln(1 + n), min(margin, 5), V, n / N)
///
/// with n of N matches that agree and V the share of points that stand in free space. Its figures were fitted to simulated
/// rooms, streets and objects, right poses and wrong ones and pairs without a common surface (docs/registration.md, "Verdict",
/// with the reliability on families that a fit did not see). It is a frequency among such pairs: where nearly all pairs of a
/// survey overlap, poses are right more often than it says.
package struct Confidence: Sendable, Equatable {
  /// The weights, w, in the order of x.
  package let weights: SIMD8<Double>
  /// The bias, b.
  package let bias: Double

  /// A regression with its weights for score, ln(1 + n), margin, V and n / N, and its bias.
  package init(score: Double, agreeing: Double, margin: Double, violation: Double, share: Double, bias: Double) {
    weights = SIMD8(score, agreeing, margin, violation, share, 0, 0, 0)
    self.bias = bias
  }

  /// The regression that comes with Plumb.
  package static let shipped = Confidence(
    score: 0.7922, agreeing: 0.5202, margin: 0.4121, violation: -13.8595, share: -5.0321, bias: -7.338)

  /// The probability for the evidence of a pose.
  /// - Parameters:
  ///   - margin: nil when there is no distinct rival.
  ///   - inliers: matches that agree, n.
  ///   - matches: all matches, N.
  package func callAsFunction(
    score: Double, margin: Double?, inliers: Int, matches: Int, violation: Double
  ) -> Double {
    let share = Double(inliers) / Double(max(matches, 1))
    let x = SIMD8(score, log1p(Double(inliers)), min(margin ?? 5, 5), violation, share, 0, 0, 0)
    return 1 / (1 + exp(-(bias + (weights * x).sum())))
  }
}
