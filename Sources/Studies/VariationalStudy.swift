import Foundation
import LinearAlgebra
import Parallelism
import Solvers

/// Rows A1 to A4: rates and bounds of black-box variational inference on Gaussian targets, and the posterior of a pose.
///
/// The paper is mainly theory; its rates are measured here, no experiment of it is repeated.
enum VariationalStudy: Study {
  static let name = "bbvi"
  static let paper =
    "Provable convergence guarantees for black-box variational inference, NeurIPS 2023, arXiv 2306.03638"

  static func run(seed: UInt64, quick: Bool) -> StudyReport {
    var report = StudyReport(self, seed: seed, quick: quick)
    rates(&report, seed, quick)
    noise(&report, seed, quick)
    proximal(&report, seed)
    PosePosteriorRows(seed: seed, quick: quick).add(to: &report)
    return report
  }

  /// The steps after which distances are taken.
  private static let marks = [100, 1000, 2000, 5000, 10_000, 20_000]

  /// A1: the mean squared distance of 5 seeds against the promise.
  private static func rates(_ report: inout StudyReport, _ seed: UInt64, _ quick: Bool) {
    var lines: [StudyFigure.Series] = []
    for (number, kappa) in [1.0, 4, 25].enumerated() {
      guard let target = GaussianTarget(condition: kappa, seed: seed, stream: number) else {
        report.add("A1.i", "κ = \(kappa): target", .nan, .atMost(1))
        continue
      }
      let runs = Parallel.map(15, grain: 1) { k in
        target.distances(GradientEstimator.allCases[k / 5], seed: seed, stream: 100 + k, marks: marks)
      }
      for (e, estimator) in GradientEstimator.allCases.enumerated() {
        let means = marks.indices.map { m in (0..<5).map { runs[5 * e + $0][m] }.mean }
        let problem = target.problem(estimator)
        let ratios = zip(marks, means).map { $1 / problem.guarantee($0, start: problem.startDistance) }
        report.add(
          "A1.i", "κ = \(kappa), \(estimator.rawValue): largest r_T over the bound, T = 100 to 20000",
          ratios.max() ?? .nan, .atMost(1))
        report.add("A1", "κ = \(kappa), \(estimator.rawValue): r_T at T = 20000", means[5], .printed)
        if kappa == 1, estimator != .stickingTheLanding {
          let points = zip(marks, means).dropFirst().map { (x: log(Double($0)), y: log($1)) }
          report.add(
            "A1.ii", "κ = 1, \(estimator.rawValue): slope of log r_T in log T, T = 1000 to 20000", slope(points),
            .within(-1.3...(-0.8)))
        }
        if kappa == 1, estimator == .stickingTheLanding {
          report.add("A1.iii", "κ = 1, \(estimator.rawValue): r_T at T = 20000", means[5], .atMost(1e-8))
        }
        if kappa < 25 {
          lines.append(
            StudyFigure.Series(
              "κ = \(Int(kappa)), \(estimator.rawValue)",
              zip(marks, means).map { (decimalLogarithm(Double($0)), decimalLogarithm($1)) }))
        }
      }
    }
    report.add(
      StudyFigure(
        title: "Distance to the optimum by anytime steps", xLabel: "log₁₀ T", yLabel: "log₁₀ E |w - w*|²", series: lines
      ))
  }

  /// A2: the mean squared gradient against its bound at random parameters.
  private static func noise(_ report: inout StudyReport, _ seed: UInt64, _ quick: Bool) {
    let places = 100
    let samples = quick ? 500 : 4000
    guard let target = GaussianTarget(condition: 4, seed: seed, stream: 7) else { return }
    for (e, estimator) in GradientEstimator.allCases.enumerated() {
      let ratios = Parallel.map(places, grain: 4) { place in
        var random = SeededGenerator(seed: seed, stream: 1000 * (e + 1) + place)
        return target.noiseRatios(estimator, samples: samples, using: &random)
      }
      report.add(
        "A2", "κ = 4, \(estimator.rawValue): largest E|g|² over a r + b at \(places) places, \(samples) samples each",
        ratios.map(\.split).max() ?? .nan, .atMost(1))
      if estimator == .energy {
        report.add(
          "A2", "κ = 4, energy: largest E|g|² over (d+3) M² |w - w̄|²", ratios.map(\.direct).max() ?? .nan,
          // The bound is attained at m = mode and isotropic curvature; sampling adds its noise.
          .atMost(1 + 4 / Double(samples).squareRoot()))
      }
    }
  }

  /// A3: the proximal operator against the root of its derivative.
  private static func proximal(_ report: inout StudyReport, _ seed: UInt64) {
    var random = SeededGenerator(seed: seed, stream: 8)
    let worst = (0..<1000).map { _ in
      let (c, step) = (4 * random.gaussian(), exp(random.uniform(-6, 2)))
      // -1/z + (z - c)/γ grows in z; its root is bracketed by 0 and |c| + √γ + 1.
      var (low, high) = (0.0, abs(c) + step.squareRoot() + 1)
      for _ in 0..<200 {
        let z = (low + high) / 2
        if (z - c) / step < 1 / z { low = z } else { high = z }
      }
      return abs(EntropyProximal(step: step)(c) - low)
    }.max()
    report.add("A3", "proximal step against bisection, 1000 draws: largest difference", worst ?? .nan, .atMost(1e-10))
  }
}
