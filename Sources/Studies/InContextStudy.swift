import Foundation
import LinearAlgebra
import Parallelism
import Solvers

/// Rows F1 to F5: what a trained in-context learner tends to, and the ridge regression that is its limit.
enum InContextStudy: Study {
  static let name = "in-context"
  static let paper =
    "In-context learning with representations: contextual generalization of trained transformers, NeurIPS 2024, "
    + "arXiv 2408.10147"

  static func run(seed: UInt64, quick: Bool) -> StudyReport {
    var report = StudyReport(self, seed: seed, quick: quick)
    heads(&report, seed, quick)
    descent(&report, seed, quick)
    penalties(&report, seed)
    if quick {
      report.add("F4", "paper size, 300 steps", .nan, .skipped("not in the quick run"))
    } else {
      paperSize(&report, seed)
    }
    RidgeReference.add(to: &report)
    return report
  }

  /// The features of all tokens beside the model, for drawing tasks.
  private struct Problem: Sendable {
    var model: InContextTransformer
    let features: Matrix<Double>
    let noise = 0.01

    init?(prompt: Int, tokens: Int, dimension: Int, features m: Int, heads: Int, seed: UInt64, stream: Int) {
      var random = SeededGenerator(seed: seed, stream: stream)
      var v = random.gaussianMatrix(rows: dimension, columns: tokens)
      for k in 0..<tokens {
        let length = v.column(k).norm
        for r in 0..<dimension { v[r, k] /= length }
      }
      features = random.gaussianMatrix(rows: m, columns: tokens)
      guard
        let model = try? InContextTransformer(
          tokens: v, features: features, prompt: prompt, heads: heads, noise: noise, using: &random)
      else { return nil }
      self.model = model
    }

    /// The mean squared difference to ridge over the mean square of ridge, for 200 tasks λ ~ N(mean, deviation²).
    func distance(mean: Double, deviation: Double, using random: inout SeededGenerator) -> Double {
      let (predictor, n) = (model.predictor, model.prompt.columns)
      var (error, size) = (0.0, 0.0)
      for _ in 0..<200 {
        let task = random.gaussians(features.rows, times: deviation).map { mean + $0 }
        let labels = (0..<n).map { k in
          features.column(k).adding(random.gaussians(features.rows, times: noise.squareRoot())).dot(task)
        }
        let ridge = model.limit.transposedTimes(labels)
        error += predictor.transposedTimes(labels).subtracting(ridge).squaredNorm
        size += ridge.squaredNorm
      }
      return error / size
    }
  }

  /// F1: too few heads cannot reach ridge.
  private static func heads(_ report: inout StudyReport, _ seed: UInt64, _ quick: Bool) {
    let counts = quick ? [1, 4, 10, 20] : [1, 4, 10, 20, 40]
    let runs = Parallel.map(counts.count, grain: 1) { k -> (losses: [Double], near: Double, far: Double)? in
      // The longest first, so that both processors end together.
      let count = counts[counts.count - 1 - k]
      guard
        var problem = Problem(prompt: 10, tokens: 40, dimension: 20, features: 6, heads: count, seed: seed, stream: 1)
      else { return nil }
      let losses = InContextTraining(.adaptive(rate: 5e-3), steps: 4000)(&problem.model).losses
      var random = SeededGenerator(seed: seed, stream: 2)
      return (
        losses, problem.distance(mean: 0, deviation: 1, using: &random),
        problem.distance(mean: 1, deviation: 2, using: &random)
      )
    }.reversed().map { $0 }
    var lines: [StudyFigure.Series] = []
    for (count, run) in zip(counts, runs) {
      let excess = run?.losses.last ?? .nan
      let expected: StudyRow.Expectation = count == 1 ? .atLeast(0.3) : count >= 10 ? .atMost(1e-4) : .printed
      report.add("F1.i", "N = 10, \(count) heads, Adam, 4000 steps: excess loss", excess, expected)
      if count == 20 {
        report.add("F1.ii", "20 heads: relative error to ridge, tasks as trained", run?.near ?? .nan, .printed)
        report.add("F1.ii", "20 heads: relative error to ridge, tasks from N(1, 4)", run?.far ?? .nan, .atMost(1e-4))
      }
      if let run { lines.append(StudyFigure.Series("\(count) heads", logarithmsOf: run.losses)) }
    }
    report.add(
      StudyFigure(
        title: "Excess loss of an in-context learner", xLabel: "steps of Adam", yLabel: "log₁₀ excess loss",
        series: lines))
  }

  /// F2: gradient descent, against the theorem's rate with its constant measured along the way.
  private static func descent(_ report: inout StudyReport, _ seed: UInt64, _ quick: Bool) {
    let steps = quick ? 5000 : 20_000
    guard var problem = Problem(prompt: 10, tokens: 40, dimension: 20, features: 6, heads: 20, seed: seed, stream: 3)
    else { return }
    let root = (try? problem.model.metric.positiveRoot()) ?? problem.model.metric
    var smallest = Double.infinity
    let losses = InContextTraining(.descent(queries: 0.02, weights: 2), steps: steps)(&problem.model) { step, model in
      if step % (steps / 10) == 0 { smallest = min(smallest, leastEigenvalue(model, root)) }
    }.losses
    let marks = quick ? [1250, 2500, 5000] : [5000, 10_000, 20_000]
    for mark in marks { report.add("F2", "descent: excess loss after \(mark) steps", losses[mark], .printed) }
    let falls = zip(marks, marks.dropFirst()).map { losses[$1] / losses[$0] }.max() ?? .nan
    report.add("F2", "descent: largest ratio of the losses of a mark and the one before", falls, .atMost(0.999))
    report.add("F2", "descent: the constant ζ of theorem 1, smallest of ten models on the way", smallest, .printed)
    // 1 - η_w ζ / 2K, theorem 1.
    let rate = 1 - 2 * smallest / (2 * Double(problem.model.tokens.columns))
    let worst = losses.indices.map { losses[$0] / (losses[0] * pow(rate, Double($0))) }.max() ?? .nan
    report.add(
      "F2", "descent: largest loss over the bound of theorem 1, its constant measured (these steps exceed 1/L)", worst,
      .atMost(1 + 1e-12))
  }

  /// min over tokens of the least eigenvalue of `Z̄ C C^T Z̄`, C the softmax vectors of the heads.
  private static func leastEigenvalue(_ model: InContextTransformer, _ root: Matrix<Double>) -> Double {
    let attention = model.attention
    return (0..<model.tokens.columns).map { k in
      let vectors =
        Matrix(
          rows: attention.count, columns: root.rows, attention.flatMap { $0.column(k) }) * root
      return (try? SymmetricEigen(vectors.transposedTimes(vectors)))?.values.first ?? .nan
    }.min() ?? .nan
  }

  /// F3: the learner's penalty m τ against the best one N τ.
  private static func penalties(_ report: inout StudyReport, _ seed: UInt64) {
    let (m, tau, tokens) = (100, 0.01, 200)
    var gaps: [(Double, Double)] = []
    for n in [50, 75, 90, 100, 110, 125, 150] {
      var random = SeededGenerator(seed: seed, stream: 4)
      let features = random.gaussianMatrix(rows: m, columns: tokens)
      let given = features.prefix(columns: n)
      let asked = Matrix(
        rows: m, columns: tokens - n, (0..<m).flatMap { Array(features.row($0)[n...]) })
      let moment = given.timesTransposed(given)
      var gap = 0.0
      let factors = [Double(m), Double(n)].compactMap { try? Cholesky(moment + $0 * tau * .identity(m)) }
      for _ in 0..<100 where factors.count == 2 {
        let task = random.gaussians(m)
        let labels = given.transposedTimes(task).adding(random.gaussians(n, times: tau.squareRoot() * task.norm))
        let right = given * labels
        let difference = factors[0].solve(right).subtracting(factors[1].solve(right))
        gap += asked.transposedTimes(difference).squaredNorm / Double(tokens) / 100
      }
      report.add(
        "F3", "m = 100, N = \(n): gap between the ridge of m τ and of N τ", factors.count == 2 ? gap : .nan,
        n == m ? .near(0, tolerance: 1e-20) : .atLeast(1e-6))
      gaps.append((Double(n), gap))
    }
    report.add(
      StudyFigure(
        title: "Distance of the learner's limit from the best ridge", xLabel: "labelled tokens N", yLabel: "gap",
        series: [StudyFigure.Series("m = 100", gaps)]))
  }

  /// F4: the paper's size, the beginning of its training.
  private static func paperSize(_ report: inout StudyReport, _ seed: UInt64) {
    guard var problem = Problem(prompt: 30, tokens: 200, dimension: 100, features: 20, heads: 64, seed: seed, stream: 5)
    else { return }
    let losses = InContextTraining(.adaptive(rate: 1e-3), steps: 300)(&problem.model).losses
    report.add("F4", "paper size, Adam 0.001, 300 steps: excess loss at the start", losses[0], .printed)
    report.add("F4", "paper size, Adam 0.001, 300 steps: excess loss", losses.last ?? .nan, .atMost(1))
  }
}
