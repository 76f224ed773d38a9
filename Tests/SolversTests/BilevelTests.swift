import Foundation
import LinearAlgebra
import Solvers
import Studies
import Testing

/// `f = (x - 3)² + (y - 1)²`, `g = (y - x)²`, `y ≤ 1`: beyond x = 1 the constraint binds with μ = 2 (x - 1).
private struct Corner: CoupledBilevelProblem {
  func upper(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double]) {
    let (a, b) = (x[0] - 3, y[0] - 1)
    return (a * a + b * b, [2 * a], [2 * b])
  }

  func lower(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double]) {
    let d = y[0] - x[0]
    return (d * d, [-2 * d], [2 * d])
  }

  func constraints(_ x: [Double], _ y: [Double]) -> [Double] { [y[0] - 1] }

  func constraintPull(_ x: [Double], _ y: [Double], multipliers: [Double]) -> (dx: [Double], dy: [Double]) {
    ([0], multipliers)
  }
}

@Suite struct BilevelTests {
  @Test(arguments: [false, true]) func saddlePointsHaveTheirMultipliers(isAccelerated: Bool) {
    var solver = MaxMinSolver(primalStep: 0.3, dualStep: 1)
    solver.isAccelerated = isAccelerated
    var saddle = MaxMinSolver.Saddle(y: [0], multipliers: [0])
    let run = solver(Corner(), upperWeight: 0, lowerWeight: 1, [2.5], &saddle)
    #expect(run.converged)
    #expect(abs(saddle.y[0] - 1) < 1e-4 && abs(saddle.multipliers[0] - 3) < 1e-4)
    // Where the constraint is slack, its multiplier is zero.
    _ = solver(Corner(), upperWeight: 0, lowerWeight: 1, [0.25], &saddle)
    #expect(abs(saddle.y[0] - 0.25) < 1e-4 && saddle.multipliers[0] == 0)
  }

  @Test func theWholeProblemIsSolved() {
    let solver = BLOCC(
      penalty: 10, step: 0.02, lowerSolver: MaxMinSolver(primalStep: 0.3, dualStep: 1),
      penaltySolver: MaxMinSolver(primalStep: 0.04, dualStep: 10))
    let report = solver(Corner(), from: [0], lower: [0])
    // y* = 1 at x = 3, where f is zero.
    #expect(report.outcome == .converged)
    #expect(abs(report.x[0] - 3) < 1e-2 && abs(report.lower.y[0] - 1) < 1e-3)
    #expect(report.stationarity.count == report.objectives.count)
  }

  /// All gradients against central differences.
  private func expectDerivatives(
    of problem: some CoupledBilevelProblem, _ x: [Double], _ y: [Double], multipliers mu: [Double]
  ) {
    #expect(gradientError({ problem.upper($0, y).value }, gradient: problem.upper(x, y).dx, at: x) < 1e-6)
    #expect(gradientError({ problem.upper(x, $0).value }, gradient: problem.upper(x, y).dy, at: y) < 1e-6)
    #expect(gradientError({ problem.lower(x, $0).value }, gradient: problem.lower(x, y).dy, at: y) < 1e-6)
    let pull = problem.constraintPull(x, y, multipliers: mu)
    #expect(gradientError({ mu.dot(problem.constraints($0, y)) }, gradient: pull.dx, at: x) < 1e-6)
    #expect(gradientError({ mu.dot(problem.constraints(x, $0)) }, gradient: pull.dy, at: y) < 1e-6)
  }

  /// The gradient in y of `α f + β g + ⟨μ, c⟩`.
  private func slope(
    of problem: some CoupledBilevelProblem, _ alpha: Double, _ beta: Double, _ x: [Double], _ y: [Double],
    multipliers mu: [Double]
  ) -> [Double] {
    var gradient = problem.lower(x, y).dy.scaled(by: beta)
    gradient.add(problem.upper(x, y).dy, times: alpha)
    gradient.add(problem.constraintPull(x, y, multipliers: mu).dy)
    return gradient
  }

  @Test func theClassifiersDerivativesAgreeWithCentralDifferences() {
    var random = SeededGenerator(seed: 3)
    func set(_ count: Int) -> (features: Matrix<Double>, labels: [Double]) {
      (random.gaussianMatrix(rows: count, columns: 3), (0..<count).map { _ in random.uniform() < 0.5 ? -1 : 1 })
    }
    let problem = SlackBoundedClassifier(training: set(6), validation: set(5))
    let (x, y, mu) = (random.gaussians(6).map(abs), random.gaussians(4), random.gaussians(6).map(abs))
    expectDerivatives(of: problem, x, y, multipliers: mu)
    // The exact minimiser leaves no gradient.
    for weight in [0.0, 1] {
      let best = problem.minimizer(upperWeight: weight, lowerWeight: 12, x, multipliers: mu, near: y) ?? []
      let gradient = slope(of: problem, weight, 12, x, best, multipliers: mu)
      #expect(gradient.norm < 1e-5)
    }
  }

  @Test func theNetworksDerivativesAgreeWithCentralDifferences() {
    let problem = TransportNetwork()
    var random = SeededGenerator(seed: 4)
    let x = (0..<6).map { _ in random.uniform(0.2, 1) }
    let y = (0..<12).map { _ in random.uniform(0.1, 0.4) }
    let mu = (0..<6).map { _ in random.uniform(0, 2) }
    expectDerivatives(of: problem, x, y, multipliers: mu)
    // The exact minimiser leaves no gradient along the routes that are used, and none that would be worth using.
    for weight in [0.0, 1] {
      let best = problem.minimizer(upperWeight: weight, lowerWeight: 5, x, multipliers: mu, near: y) ?? []
      let gradient = slope(of: problem, weight, 5, x, best, multipliers: mu)
      #expect(zip(gradient, best).allSatisfy { $1 > 0 ? abs($0) < 1e-9 : $0 > -1e-9 })
    }
  }

  @Test func travellersOfTheNetworkFollowTheLogisticLaw() {
    let problem = TransportNetwork()
    var saddle = MaxMinSolver.Saddle(
      y: [Double](repeating: 0.1, count: 12), multipliers: [Double](repeating: 0, count: 6))
    // Room for all: 1 / (1 + e^(cost - 3)) travel, from 0 to 2 over 1 at cost 3.
    let loss = problem.loss([Double](repeating: 3, count: 6), &saddle)
    func share(_ cost: Double) -> Double { 1 / (1 + exp(cost - 3)) }
    let fares = 2 * (2 * share(1) + 6 * share(3) + share(2))
    #expect(abs(loss - (2 * 3 * (1 + 10 + 3) - fares)) < 1e-6)
    #expect(saddle.multipliers.allSatisfy { $0 == 0 })
    // Half the room of the first arc: a toll that keeps the others at home.
    _ = problem.loss([share(1) / 2, 3, 3, 3, 3, 3], &saddle)
    let all = saddle.y[0] + saddle.y[3]
    #expect(abs(all - share(1) / 2) < 1e-4 && saddle.multipliers[0] > 0)
  }
}
