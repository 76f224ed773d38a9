import LinearAlgebra

/// Finds the saddle point `max_{μ ≥ 0} min_y α f + β g + ⟨μ, c⟩` for fixed x by dual ascent with inner descent.
///
/// One round extrapolates the multipliers, `μ½ = μ + β_t (μ - μ₋)` with β_t = (t-1)/(t+2) when accelerated and 0 otherwise,
/// descends in y, and ascends, `μ = max(0, μ½ + η₂ c(x, y))`. Steps below 1/L_y in y and m/|∂c/∂y|² in μ converge, L_y and m
/// the largest and smallest curvature of `α f + β g` in y.
///
/// Source: "A primal-dual-assisted penalty approach to bilevel optimization with coupled constraints", NeurIPS 2024, arXiv
/// 2406.10148.
public struct MaxMinSolver: Sendable {
  /// Step in y; of no effect where the problem minimises exactly.
  public var primalStep: Double
  /// Step in the multipliers.
  public var dualStep: Double
  /// The most rounds.
  public var rounds = 2000
  /// The most steps in y per round.
  public var primalIterations = 20
  /// Whether the multipliers are extrapolated.
  public var isAccelerated = false
  /// A round that ends with the multipliers it began with, to this times the dual step, is the last.
  public var tolerance = 1e-5

  /// A solver with its steps.
  public init(primalStep: Double, dualStep: Double) {
    self.primalStep = primalStep
    self.dualStep = dualStep
  }

  /// A point with its multipliers.
  public struct Saddle: Sendable {
    /// The lower variables.
    public var y: [Double]
    /// One multiplier per constraint, not negative.
    public var multipliers: [Double]

    /// A point with its multipliers.
    public init(y: [Double], multipliers: [Double]) { (self.y, self.multipliers) = (y, multipliers) }
  }

  /// Improves a saddle point.
  /// - Returns: how many rounds it took and whether the last one was small.
  public func callAsFunction(
    _ problem: some CoupledBilevelProblem, upperWeight: Double, lowerWeight: Double, _ x: [Double],
    _ saddle: inout Saddle
  ) -> (rounds: Int, converged: Bool) {
    var previous = saddle.multipliers
    for t in 0..<rounds {
      var ahead = saddle.multipliers
      if isAccelerated, t > 0 {
        ahead.add(saddle.multipliers.subtracting(previous), times: Double(t - 1) / Double(t + 2))
      }
      descend(problem, upperWeight, lowerWeight, x, ahead, &saddle.y)
      previous = saddle.multipliers
      saddle.multipliers = zip(ahead, problem.constraints(x, saddle.y)).map { max(0, $0 + dualStep * $1) }
      // Against the extrapolated ones, from which y comes: both must have settled.
      let change = saddle.multipliers.subtracting(ahead).norm
      if t > 1, change < tolerance * dualStep { return (t + 1, true) }
      if !change.isFinite { return (t + 1, false) }
    }
    return (rounds, false)
  }

  private func descend(
    _ problem: some CoupledBilevelProblem, _ upperWeight: Double, _ lowerWeight: Double, _ x: [Double],
    _ multipliers: [Double], _ y: inout [Double]
  ) {
    if let exact = problem.minimizer(
      upperWeight: upperWeight, lowerWeight: lowerWeight, x, multipliers: multipliers, near: y)
    {
      y = exact
      return
    }
    for _ in 0..<primalIterations {
      var gradient = problem.lower(x, y).dy.scaled(by: lowerWeight)
      if upperWeight != 0 { gradient.add(problem.upper(x, y).dy, times: upperWeight) }
      gradient.add(problem.constraintPull(x, y, multipliers: multipliers).dy)
      var next = y.adding(gradient, times: -primalStep)
      problem.project(lower: &next)
      let change = next.subtracting(y).norm
      y = next
      if change < tolerance * 1e-2 { break }
    }
  }
}
