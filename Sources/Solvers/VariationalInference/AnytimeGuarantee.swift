/// The promise of the anytime step for a strongly convex energy:
///
///     E |w_T - w*|² ≤ 16 ⌊a/μ²⌋² |w_0 - w*|² / T² + c / (μ² T)
///
/// with c = 8 (b + |∇l(w*)|²) for the proximal step, where |∇l(w*)|² = |C*⁻ᵀ|², and c = 4b for the projected one.
///
/// The proximal step is nonexpansive, so `r⁺ ≤ r - 2γ⟨g - ∇l*, w - w*⟩ + γ² |g - ∇l*|²`, and the last factor is at most
/// `2 (a r + b + |∇l*|²)` in the mean; the projected one needs no ∇l*.
public struct AnytimeGuarantee: Sendable {
  /// The noise of the estimator.
  public let noise: GradientNoiseBound
  /// μ, the smallest curvature of f.
  public let strongConvexity: Double
  /// |∇l(w*)|² of the proximal step; nil for the projected step.
  public let squaredSlope: Double?

  /// The promise of a problem.
  public init(noise: GradientNoiseBound, strongConvexity: Double, squaredSlope: Double?) {
    self.noise = noise
    self.strongConvexity = strongConvexity
    self.squaredSlope = squaredSlope
  }

  /// The step that the promise holds for.
  public var stepSize: BlackBoxVI.StepSize {
    let first = strongConvexity / (squaredSlope == nil ? noise.a : 2 * noise.a)
    return .anytime(first: first, strongConvexity: strongConvexity)
  }

  /// The bound after T steps.
  public func callAsFunction(_ steps: Int, start: Double) -> Double {
    let (t, mu2) = (Double(steps), strongConvexity * strongConvexity)
    let whole = (noise.a / mu2).rounded(.down)
    let constant = squaredSlope.map { 8 * (noise.b + $0) } ?? 4 * noise.b
    return 16 * whole * whole / (t * t) * start + constant / (mu2 * t)
  }
}
