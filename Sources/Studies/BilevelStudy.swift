import Foundation
import LinearAlgebra
import Parallelism
import Solvers

/// Rows B1 to B4: the penalty method for bilevel problems with coupled constraints.
///
/// The paper's data sets for B3 are not shipped; a synthetic set of the same size stands in. B2 is a quadratic problem of
/// ours, whose solutions differ from the penalty's.
enum BilevelStudy: Study {
  static let name = "bilevel"
  static let paper =
    "A primal-dual-assisted penalty approach to bilevel optimization with coupled constraints, NeurIPS 2024, "
    + "arXiv 2406.10148"

  static func run(seed: UInt64, quick: Bool) -> StudyReport {
    var report = StudyReport(self, seed: seed, quick: quick)
    toy(&report, seed, starts: quick ? 40 : 200)
    penaltyGap(&report, seed)
    classifier(&report, seed, seeds: quick ? 3 : 10)
    report.add("B3", "classifier on the diabetes set: test accuracy", .nan, .skipped("the data set is not shipped"))
    network(&report, seed, starts: quick ? 2 : 8)
    return report
  }

  /// B1: a toy with four local minima.
  private static func toy(_ report: inout StudyReport, _ seed: UInt64, starts: Int) {
    let problem = BilevelToy()
    let minima = BilevelToy.minima()
    func run(_ penalty: Double, multipliers: Bool) -> [BilevelReport] {
      Parallel.map(starts, grain: 1) { k in
        var random = SeededGenerator(seed: seed, stream: k)
        var solver = BLOCC(
          penalty: penalty, step: 0.01, lowerSolver: MaxMinSolver(primalStep: 0.25, dualStep: 1),
          penaltySolver: MaxMinSolver(primalStep: 0.25 / penalty, dualStep: 0.9 * penalty))
        if !multipliers {
          solver.usesMultipliers = false
          solver.iterations = 600
        }
        return solver(problem, from: [random.uniform(0, 3)], lower: [random.uniform(0, 3)])
      }
    }
    func distance(_ result: BilevelReport) -> Double { minima.map { abs(result.x[0] - $0) }.min() ?? .nan }
    for penalty in [1.0, 5, 20, 100] {
      let results = run(penalty, multipliers: true)
      let setting = "toy, γ = \(Int(penalty)), \(starts) starts"
      report.add(
        "B1.i", "\(setting): share within 2e-4 of a local minimum",
        Double(results.count { distance($0) < 2e-4 }) / Double(starts), .atLeast(1))
      report.add(
        "B1.ii", "\(setting): largest |y_F - x|", results.map { abs($0.penalized.y[0] - $0.x[0]) }.max() ?? .nan,
        .atMost(1e-4))
      report.add(
        "B1.iii", "\(setting): largest |μ_g - 2x|",
        results.map { abs($0.lower.multipliers[0] - 2 * $0.x[0]) }.max() ?? .nan, .atMost(1e-4))
      report.add(
        "B1.iv", "\(setting): mean outer steps", results.map { Double($0.stationarity.count) }.mean, .atMost(300))
      if penalty == 5 {
        report.add(
          StudyFigure(
            title: "Toy from ten starts, γ = 5", xLabel: "outer steps", yLabel: "log₁₀ |∇F|",
            series: results.prefix(10).enumerated().map {
              StudyFigure.Series("start \($0 + 1)", logarithmsOf: $1.stationarity)
            }))
      }
    }
    let wrong = run(5, multipliers: false)
    report.add(
      "B1.v", "toy, γ = 5, both multiplier terms dropped: share within 1e-2 of a local minimum",
      Double(wrong.count { distance($0) < 1e-2 }) / Double(starts), .atMost(0))
  }

  /// B2: the distance of the penalty's lower solution falls like 1/γ.
  private static func penaltyGap(_ report: inout StudyReport, _ seed: UInt64) {
    let problem = BilevelQuadratic(size: 40, seed: seed)
    let x = [Double](repeating: 0, count: 40)
    let penalties = [1.0, 10, 100, 1000]
    let gaps = penalties.map { penalty in
      var lower = MaxMinSolver.Saddle(y: x, multipliers: x)
      var penalized = lower
      let solver = MaxMinSolver(primalStep: 0.5, dualStep: 0.5)
      _ = solver(problem, upperWeight: 0, lowerWeight: 1, x, &lower)
      var scaled = MaxMinSolver(primalStep: 0.5 / (penalty + 1), dualStep: 0.5 * penalty)
      scaled.primalIterations = 60
      _ = scaled(problem, upperWeight: 1, lowerWeight: penalty, x, &penalized)
      return penalized.y.subtracting(lower.y).norm
    }
    for (penalty, gap) in zip(penalties, gaps) {
      report.add(
        "B2", "quadratic of 40 variables, γ = \(Int(penalty)): |y_F - y_g|", gap,
        penalty == 1000 ? .atMost(gaps[0] / 300) : .printed)
    }
    let points = zip(penalties, gaps).dropFirst().map { (x: log($0), y: log($1)) }
    report.add("B2", "quadratic: slope of log |y_F - y_g| in log γ, γ ≥ 10", slope(points), .near(-1, tolerance: 0.1))
    report.add(
      StudyFigure(
        title: "Distance of the penalty's lower solution", xLabel: "log₁₀ γ", yLabel: "log₁₀ |y_F - y_g|",
        series: [
          StudyFigure.Series("40 variables", zip(penalties, gaps).map { (decimalLogarithm($0), decimalLogarithm($1)) })
        ]))
  }

  /// B4: a transport network of three cities. The reference is the operator's loss as a function of the capacities alone,
  /// searched without gradients from where each run ends: the penalty's solution lies O(1/γ) above it.
  private static func network(_ report: inout StudyReport, _ seed: UInt64, starts: Int) {
    let penalties = [1.0, 10, 100]
    let runs = penalties.map { penalty in
      Parallel.map(starts, grain: 1) { TransportNetwork.run(penalty: penalty, seed: seed, stream: 300 + $0) }
    }
    let gaps = runs.map { $0.map { $0.loss - $0.reference }.max() ?? .nan }
    for ((penalty, runs), gap) in zip(zip(penalties, runs), gaps) {
      let setting = "transport network, γ = \(Int(penalty)), \(starts) starts"
      report.add("B4", "\(setting): largest loss above the reference", gap, .printed)
      report.add("B4", "\(setting): most outer steps", runs.map { Double($0.steps) }.max() ?? .nan, .atMost(19_999))
      if penalty == 100 {
        let shares = runs.map { ($0.loss - $0.reference) / abs($0.reference) }
        report.add("B4", "\(setting): the same over the reference", shares.max() ?? .nan, .printed)
        report.add("B4", "\(setting): least loss", runs.map(\.loss).min() ?? .nan, .printed)
      }
    }
    let points = zip(penalties, gaps).dropFirst().map { (x: log($0), y: log($1)) }
    report.add("B4", "transport network: slope of its log in log γ, γ ≥ 10", slope(points), .near(-1, tolerance: 0.1))
  }

  /// B3: slack bounds learnt for a classifier, on a synthetic set of 768 samples with 8 features and wrong labels.
  private static func classifier(_ report: inout StudyReport, _ seed: UInt64, seeds: Int) {
    let accuracies = Parallel.map(seeds, grain: 1) { k in
      ClassifierExperiment(seed: seed, stream: 200 + k).accuracies()
    }
    let setting = "stand-in: synthetic classifier, \(seeds) splits"
    // On sets of this law a NumPy version of the same method reaches 0.91 of a linear support vector machine.
    report.add(
      "B3", "\(setting): mean test accuracy over that of ridge regression on the labels",
      accuracies.map { $0.learnt / $0.ridge }.mean, .within(0.85...1))
    report.add("B3", "\(setting): mean test accuracy", accuracies.map(\.learnt).mean, .printed)
    report.add("B3", "\(setting): mean test accuracy of ridge regression", accuracies.map(\.ridge).mean, .printed)
  }
}
