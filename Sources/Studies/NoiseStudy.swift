import Foundation
import LinearAlgebra
import Parallelism
import Solvers

/// Rows C1 to C6: where the noise of stochastic gradients takes factorised layers, and the balance in one step.
///
/// The paper's scale (100 dimensions, 2000 hidden units) is cut down; the statements do not depend on it.
enum NoiseStudy: Study {
  static let name = "noise-equilibrium"
  static let paper =
    "Parameter symmetry and noise equilibrium of stochastic gradient descent, NeurIPS 2024, arXiv 2402.07193"

  static func run(seed: UInt64, quick: Bool) -> StudyReport {
    var report = StudyReport(self, seed: seed, quick: quick)
    equilibrium(&report, seed, quick)
    anisotropy(&report, seed, quick)
    decay(&report, seed, quick)
    scaleInvariance(&report, seed)
    deepNetworks(&report, seed)
    warmUp(&report, seed)
    return report
  }

  /// C1: noise balances the layers, exact gradients do not, the closed form does at once.
  private static func equilibrium(_ report: inout StudyReport, _ seed: UInt64, _ quick: Bool) {
    let setting = LayerTraining(
      inputs: [Double](repeating: 1, count: 30), noise: [Double](repeating: 1, count: 30), width: 40, step: 0.004)
    let cases: [(step: Double, limit: Double)] =
      quick
      ? [(0.004, 0.06), (0.002, 0.04)]
      : [
        (0.004, 0.06), (0.002, 0.04), (0.001, 0.03),
      ]
    let results = Parallel.map(cases.count, grain: 1) { k in
      var run = setting
      run.step = cases[k].step
      run.steps = Int(240 / run.step)
      return run.stochastic(seed: seed, stream: k)
    }
    for (item, result) in zip(cases, results) {
      report.add(
        "C1.i", "30-40-30, step \(item.step): mismatch over the second half of the run", result.mismatch,
        .atMost(item.limit))
    }
    let ratios = zip(results, results.dropFirst()).map { $1.mismatch / $0.mismatch }
    report.add("C1.i", "largest ratio of the mismatches of a step and its half", ratios.max() ?? .nan, .atMost(1))
    let (layers, noise) = setting.exact(steps: 10_000, seed: seed, stream: 0)
    let before = layers.mismatch(noise)
    report.add("C1.ii", "the same start, exact gradients: mismatch", before, .atLeast(1))
    let balanced = try? layers.balanced(noise)
    report.add("C1.iii", "closed form from there: mismatch", balanced?.mismatch(noise) ?? .nan, .atMost(1e-12))
    let change = balanced.map { ($0.product - layers.product).norm / layers.product.norm }
    report.add("C1.iii", "closed form: relative change of the function", change ?? .nan, .atMost(1e-12))
    report.add(
      StudyFigure(
        title: "Balance of two layers under stochastic gradients", xLabel: "step size x iterations",
        yLabel: "mismatch |P - Q| / mean",
        series: zip(cases, results).map { item, result in
          StudyFigure.Series("step \(item.step)", result.history)
        } + [StudyFigure.Series("exact gradients", [(0, before), (240, before)])]))
  }

  /// C2: inputs of two variances φ and 2 - φ.
  private static func anisotropy(_ report: inout StudyReport, _ seed: UInt64, _ quick: Bool) {
    let shares = quick ? [0.2, 1.0] : [0.2, 0.6, 1.0, 1.4, 1.8]
    let results = Parallel.map(shares.count, grain: 1) { k in
      LayerTraining(
        inputs: anisotropic(shares[k]), noise: [Double](repeating: 1, count: 20), width: 30, step: 0.002,
        steps: 100_000
      ).stochastic(seed: seed, stream: 10 + k)
    }
    var (measured, theory) = ([(Double, Double)](), [(Double, Double)]())
    for (phi, result) in zip(shares, results) {
      // U W = I with u⁴ = S_x / S_e per direction.
      let outer = anisotropic(phi).map { $0.squareRoot() }
      let inner = outer.map { 1 / $0 }
      let ratio = outer.reduce(0, +) / inner.reduce(0, +)
      let sharpness = 20 * zip(inner, anisotropic(phi)).reduce(0) { $0 + $1.0 * $1.1 } + outer.reduce(0, +) * 20
      report.add(
        "C2.i", "20-30-20, φ = \(phi): |U|² / |W|²", result.ratio, .near(ratio, tolerance: 0.04 * ratio))
      report.add(
        "C2.ii", "20-30-20, φ = \(phi): sharpness", result.sharpness, .near(sharpness, tolerance: 0.04 * sharpness))
      measured.append((phi, result.ratio))
      theory.append((phi, ratio))
    }
    report.add(
      StudyFigure(
        title: "Ratio of the layers' norms for inputs of two variances", xLabel: "φ", yLabel: "|U|² / |W|²",
        series: [StudyFigure.Series("stochastic gradients", measured), StudyFigure.Series("theory", theory)]))
  }

  private static func anisotropic(_ phi: Double) -> [Double] { (0..<20).map { $0 < 10 ? phi : 2 - phi } }

  /// C3: which constant of weight decay balances; differs from print.
  private static func decay(_ report: inout StudyReport, _ seed: UInt64, _ quick: Bool) {
    var run = LayerTraining(
      inputs: (0..<8).map { $0 < 4 ? 0.3 : 1.7 }, noise: [Double](repeating: 0.5, count: 8), width: 12, step: 0.002,
      steps: 300_000)
    run.decay = 0.0005
    let result = run.stochastic(seed: seed, stream: 20)
    let ours = result.mismatch(decay: run.decay / run.step)
    let printed = result.mismatch(decay: 2 * run.decay)
    let none = result.mismatch(decay: 0)
    report.add("C3", "8-12-8 with decay, k = γ S / η: mismatch", ours, .atMost(0.02))
    report.add(
      "C3", "8-12-8 with decay: that over the mismatch of k = 2γ (print) and k = 0, the larger",
      max(ours / printed, ours / none), .atMost(0.5))
    report.add("C3", "8-12-8 with decay, k = 2γ as in print: mismatch", printed, .printed)
    report.add("C3", "8-12-8 with decay, k = 0: mismatch", none, .printed)
  }

  /// C4: the norm of a scale-invariant model grows under noise alone.
  private static func scaleInvariance(_ report: inout StudyReport, _ seed: UInt64) {
    let noisy = ScaleInvariantTraining(seed: seed).norms(batch: 4)
    let exact = ScaleInvariantTraining(seed: seed).norms(batch: nil)
    let growth = zip(noisy, noisy.dropFirst()).map { $1 - $0 }.min() ?? .nan
    report.add(
      "C4.i", "scale-invariant loss, batches of 4: least growth of |w| in 5000 steps", growth, .atLeast(1e-6))
    report.add("C4.i", "scale-invariant loss, batches of 4: |w| after 20000 steps", noisy[4], .printed)
    report.add(
      "C4.ii", "scale-invariant loss, exact gradients: growth of |w| in 20000 steps", exact[4] - exact[0],
      .atMost(0.01))
    report.add(
      StudyFigure(
        title: "Norm of a scale-invariant model", xLabel: "steps", yLabel: "|w|",
        series: [
          StudyFigure.Series("batches of 4", noisy.enumerated().map { (5000 * Double($0), $1) }),
          StudyFigure.Series("exact gradients", exact.enumerated().map { (5000 * Double($0), $1) }),
        ]))
  }

  /// C5: the balanced deep network; differs from print.
  private static func deepNetworks(_ report: inout StudyReport, _ seed: UInt64) {
    for depth in [2, 3, 5] {
      var random = SeededGenerator(seed: seed, stream: 30 + depth)
      let map = random.gaussianMatrix(rows: 4, columns: 5)
      let input = Matrix(diagonal: (0..<5).map { _ in random.uniform(0.3, 2) })
      let noise = Matrix(diagonal: (0..<4).map { _ in random.uniform(0.3, 2) })
      let network = try? DeepLinearNetwork(
        balanced: map, depth: depth, width: 7, inputCovariance: input, noiseCovariance: noise, using: &random)
      let mismatch = network?.mismatches(inputCovariance: input, noiseCovariance: noise).max()
      report.add("C5", "\(depth) layers: largest mismatch of a pair", mismatch ?? .nan, .atMost(1e-12))
      report.add(
        "C5", "\(depth) layers: error of the end-to-end map",
        network.map { ($0.product - map).largestMagnitude } ?? .nan,
        .atMost(1e-12))
    }
  }

  /// C6: a step that diverges from the start is stable after a warm-up, which takes the layers to a flatter place.
  private static func warmUp(_ report: inout StudyReport, _ seed: UInt64) {
    let runs = Parallel.map(5, grain: 1) { k in
      let training = WarmUpTraining(seed: seed, stream: 50 + k)
      return (
        direct: training.run(step: 0.008, steps: 3000, warmUp: nil),
        warm: training.run(step: 0.008, steps: 3000, warmUp: (0.001, 5000))
      )
    }
    let setting = "stand-in: 30-60-30, rank-one map"
    report.add(
      "C6", "\(setting), step 0.008 from the start: share of 5 runs that stay finite",
      Double(runs.count { $0.direct.isStable }) / 5, .atMost(0))
    report.add(
      "C6", "\(setting), step 0.008 after 5000 of 0.001: share of 5 runs that stay finite",
      Double(runs.count { $0.warm.isStable }) / 5, .atLeast(1))
    report.add("C6", "\(setting): mean sharpness at the start", runs.map(\.direct.sharpness).mean, .printed)
    report.add("C6", "\(setting): mean sharpness after the warm-up", runs.map(\.warm.sharpness).mean, .printed)
  }
}
