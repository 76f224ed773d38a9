import LinearAlgebra

/// Bilevel optimisation with coupled constraints by a penalty on the lower level's value.
///
/// With `v(x) = min {g : c ≤ 0}` the penalty function is `F(x) = max_{μ≥0} min_y f + γ (g - v(x)) + ⟨μ, c⟩` and
///
///     ∇F = ∇_x f(x, y_F) + γ (∇_x g(x, y_F) - ∇_x g(x, y_g) - ⟨μ_g, ∇_x c(x, y_g)⟩) + ⟨μ_F, ∇_x c(x, y_F)⟩,
///
/// where (y_g, μ_g) and (y_F, μ_F) are the saddle points of g and of F. Without the multiplier terms the direction is
/// wrong. `|y_F - y_g| = O(1/γ)`; γ = O(ε^-½) gives an ε-stationary point.
///
/// Each outer step costs two runs of ``MaxMinSolver`` from where the last ones ended. Source: "A primal-dual-assisted
/// penalty approach to bilevel optimization with coupled constraints", NeurIPS 2024, arXiv 2406.10148.
public struct BLOCC: Sendable {
  /// γ, the weight of the lower level.
  public var penalty: Double
  /// Step in x.
  public var step: Double
  /// Finds the saddle points of g.
  public var lowerSolver: MaxMinSolver
  /// Finds the saddle points of F.
  public var penaltySolver: MaxMinSolver
  /// The most outer steps.
  public var iterations = 2000
  /// An outer step shorter than this times `step` is the last.
  public var tolerance = 1e-4
  /// Whether the multipliers enter the gradient; without them it is wrong, which a study shows.
  package var usesMultipliers = true

  /// A configuration.
  public init(penalty: Double, step: Double, lowerSolver: MaxMinSolver, penaltySolver: MaxMinSolver) {
    self.penalty = penalty
    self.step = step
    self.lowerSolver = lowerSolver
    self.penaltySolver = penaltySolver
  }

  /// Solves from a start.
  /// - Parameters:
  ///   - x: where the upper variables begin.
  ///   - y: where the lower ones do.
  public func callAsFunction(
    _ problem: some CoupledBilevelProblem, from x: [Double], lower y: [Double]
  ) -> BilevelReport {
    let none = problem.constraints(x, y).map { _ in 0.0 }
    var report = BilevelReport(
      x: x, lower: .init(y: y, multipliers: none), penalized: .init(y: y, multipliers: none))
    for _ in 0..<iterations {
      let x = report.x
      let first = lowerSolver(problem, upperWeight: 0, lowerWeight: 1, x, &report.lower)
      let second = penaltySolver(problem, upperWeight: 1, lowerWeight: penalty, x, &report.penalized)
      report.innerRounds += first.rounds + second.rounds
      var next = x.adding(gradient(problem, report), times: -step)
      problem.project(upper: &next)
      let stationarity = next.subtracting(x).norm / step
      guard stationarity.isFinite else {
        report.outcome = .diverged
        break
      }
      report.x = next
      report.stationarity.append(stationarity)
      report.objectives.append(problem.upper(x, report.lower.y).value)
      if stationarity < tolerance {
        report.outcome = .converged
        break
      }
    }
    return report
  }

  /// ∇F at the report's saddle points.
  private func gradient(_ problem: some CoupledBilevelProblem, _ report: BilevelReport) -> [Double] {
    let (x, lower, penalized) = (report.x, report.lower, report.penalized)
    var gradient = problem.upper(x, penalized.y).dx
    gradient.add(problem.lower(x, penalized.y).dx, times: penalty)
    gradient.add(problem.lower(x, lower.y).dx, times: -penalty)
    if usesMultipliers {
      gradient.add(problem.constraintPull(x, lower.y, multipliers: lower.multipliers).dx, times: -penalty)
      gradient.add(problem.constraintPull(x, penalized.y, multipliers: penalized.multipliers).dx)
    }
    return gradient
  }
}

/// What a bilevel solver found.
public struct BilevelReport: Sendable {
  /// The upper variables.
  public fileprivate(set) var x: [Double]
  /// The lower variables and multipliers of the lower problem, y_g and μ_g.
  public fileprivate(set) var lower: MaxMinSolver.Saddle
  /// Those of the penalty function, y_F and μ_F.
  public fileprivate(set) var penalized: MaxMinSolver.Saddle
  /// How it ended.
  public fileprivate(set) var outcome = SolverOutcome.iterationLimit
  /// The length of the projected gradient in every outer step.
  public fileprivate(set) var stationarity: [Double] = []
  /// f at the lower solution of every outer step.
  public fileprivate(set) var objectives: [Double] = []
  /// All rounds of the inner solvers.
  public fileprivate(set) var innerRounds = 0

  fileprivate init(x: [Double], lower: MaxMinSolver.Saddle, penalized: MaxMinSolver.Saddle) {
    (self.x, self.lower, self.penalized) = (x, lower, penalized)
  }
}
