import Foundation
import LinearAlgebra
import Parallelism
import Solvers

/// Rows D1 and D2: what a layer of attention heads can fit, and how the kernel changes training.
///
/// Synthetic stand-ins throughout: 8 samples of 6 random tokens, 2 heads. The paper's text and image tasks do not fit a
/// study.
enum AttentionStudy: Study {
  static let name = "attention"
  static let paper = "Unraveling the gradient descent dynamics of transformers, NeurIPS 2024, arXiv 2411.07538"

  private static let (samples, tokens, headCount) = (8, 6, 2)

  static func run(seed: UInt64, quick: Bool) -> StudyReport {
    var report = StudyReport(self, seed: seed, quick: quick)
    values(&report, seed, quick)
    queriesAndKeys(&report, seed, quick)
    return report
  }

  /// D1: the values alone are trained, a least squares problem; the first of 5 draws is judged.
  private static func values(_ report: inout StudyReport, _ seed: UInt64, _ quick: Bool) {
    let widths = quick ? [8, 16, 32, 48, 64] : [8, 16, 32, 48, 64, 128, 256]
    let draws = 5
    // The last ones, with the bare Gaussian, are of width 64.
    let found = Parallel.map((widths.count + 1) * draws, grain: 1) { k -> ValueFit? in
      let (width, kernel): (Int, KernelAttention.Kernel) =
        k / draws < widths.count ? (widths[k / draws], .softmax) : (64, .gaussian)
      return fitValues(width, kernel, seed, stream: k % draws == 0 ? 0 : 100 + k % draws)
    }
    func fits(_ group: Int) -> [ValueFit] { found[draws * group..<draws * (group + 1)].compactMap { $0 } }
    func losses(_ group: Int) -> [Double] { fits(group).map { $0.losses.last ?? .nan } }
    func loss(_ group: Int) -> Double { losses(group).first ?? .nan }
    let all = samples * tokens
    for (k, width) in widths.enumerated() {
      let setting = "stand-in, values trained, softmax, D = \(width)"
      let expected = Double(min(headCount * width, all))
      report.add(
        "D1.i", "\(setting): rank of the features, farthest from \(Int(expected)) of \(draws) draws",
        fits(k).map { Double($0.rank) }.max { abs($0 - expected) < abs($1 - expected) } ?? .nan,
        .near(expected, tolerance: 0))
      report.add(
        "D1.ii", "\(setting): loss after 5000 steps", loss(k),
        width >= 64 ? .atMost(1e-8) : headCount * width < all ? .atLeast(0.05) : .printed)
      report.add("D1.ii", "\(setting): median loss of \(draws) draws", losses(k).median, .printed)
    }
    let (soft, bare) = (widths.firstIndex(of: 64).map(loss) ?? .nan, loss(widths.count))
    report.add(
      "D1.iii", "stand-in, values trained, D = 64: loss of the bare Gaussian over that of softmax", bare / soft,
      .atLeast(1))
    report.add(
      "D1.iii", "stand-in, values trained, D = 64, bare Gaussian: loss after 5000 steps", bare, .printed)
    report.add(
      StudyFigure(
        title: "Loss of an attention layer whose values are trained", xLabel: "steps of gradient descent",
        yLabel: "log₁₀ loss",
        series: widths.enumerated().compactMap { k, width in
          fits(k).first.map { StudyFigure.Series("D = \(width)", logarithmsOf: $0.losses) }
        }))
  }

  /// The rank of the features of a draw, and its losses under descent.
  private struct ValueFit: Sendable {
    let rank: Int
    let losses: [Double]
  }

  private static func fitValues(
    _ width: Int, _ kernel: KernelAttention.Kernel, _ seed: UInt64, stream: Int
  ) -> ValueFit? {
    var random = SeededGenerator(seed: seed, stream: stream)
    let x = random.gaussianMatrix(rows: samples * tokens, columns: width)
    let targets = random.gaussians(samples * tokens)
    let scale = 1 / Double(width).squareRoot()
    let heads = (0..<headCount).map { _ in
      let query = random.gaussianMatrix(rows: width, columns: width / headCount, times: scale)
      let key = random.gaussianMatrix(rows: width, columns: width / headCount, times: scale)
      return KernelAttention.Head(
        query: query, key: key, value: .identity(width), output: Matrix(rows: width, columns: 1))
    }
    let layer = KernelAttention(heads: heads, kernel: kernel, tokens: tokens)
    guard let conditioning = try? AttentionConditioning(layer, x) else { return nil }
    return ValueFit(rank: conditioning.rank, losses: conditioning.losses(after: 5000, targets: targets))
  }

  /// D2: queries and keys are trained, values and outputs stay.
  private static func queriesAndKeys(_ report: inout StudyReport, _ seed: UInt64, _ quick: Bool) {
    for width in quick ? [16] : [16, 64] {
      let medians = medianLosses(width, seed, trainsKeys: true, &report)
      let (soft, normalized, bare) = (medians[0], medians[1], medians[2])
      let (id, factor) = width == 16 ? ("D2.i", 0.1) : ("D2.ii", 1.0)
      let setting = "stand-in, queries and keys trained, D = \(width)"
      report.add(id, "\(setting): loss of the bare Gaussian over softmax", bare / soft, .atMost(factor))
      report.add(
        id, "\(setting): loss of the normalised Gaussian over softmax", normalized / soft, .near(1, tolerance: 0.05))
      for (kernel, loss) in zip(KernelAttention.Kernel.allCases, medians) {
        report.add(id, "\(setting), \(kernel.rawValue): median loss of 3 seeds", loss, .printed)
      }
    }
    if quick {
      report.add("D2.ii", "queries and keys trained, D = 64", .nan, .skipped("not in the quick run"))
      report.add("D2.iii", "queries trained alone, D = 16", .nan, .skipped("not in the quick run"))
      return
    }
    var none = report
    let alone = medianLosses(16, seed, trainsKeys: false, &none)
    report.add("D2.iii", "stand-in, queries trained alone, D = 16: loss of softmax", alone[0], .printed)
    report.add("D2.iii", "stand-in, queries trained alone, D = 16: loss of the bare Gaussian", alone[2], .printed)
  }

  /// The median over 3 seeds of the loss at the best of three rates, per kernel.
  private static func medianLosses(
    _ width: Int, _ seed: UInt64, trainsKeys: Bool, _ report: inout StudyReport
  ) -> [Double] {
    let kernels = KernelAttention.Kernel.allCases
    let runs = Parallel.map(27, grain: 1) { k in
      train(
        width, kernels[k / 9], rate: [1.0, 10, 100][k % 9 / 3], trainsKeys: trainsKeys, seed: seed, stream: 10 + k % 3)
    }
    func best(_ kernel: Int, _ trial: Int) -> [Double] {
      let rates = (0..<3).map { runs[9 * kernel + 3 * $0 + trial] }.filter { $0.last?.isFinite == true }
      return rates.min { ($0.last ?? .infinity) < ($1.last ?? .infinity) } ?? []
    }
    report.add(
      StudyFigure(
        title: "Queries and keys trained, D = \(width)", xLabel: "steps of gradient descent", yLabel: "log₁₀ loss",
        series: kernels.indices.map { StudyFigure.Series(kernels[$0].rawValue, logarithmsOf: best($0, 0)) }))
    return kernels.indices.map { kernel in (0..<3).map { best(kernel, $0).last ?? .nan }.median }
  }

  private static func train(
    _ width: Int, _ kernel: KernelAttention.Kernel, rate: Double, trainsKeys: Bool, seed: UInt64, stream: Int
  ) -> [Double] {
    var random = SeededGenerator(seed: seed, stream: stream)
    let inner = width / headCount
    let x = random.gaussianMatrix(rows: samples * tokens, columns: width, times: 1 / Double(width).squareRoot())
    let targets = random.gaussianMatrix(rows: samples * tokens, columns: 1)
    let scale = 1 / Double(inner).squareRoot()
    let heads = (0..<headCount).map { _ in
      KernelAttention.Head(
        query: random.gaussianMatrix(rows: width, columns: inner, times: scale),
        key: random.gaussianMatrix(rows: width, columns: inner, times: scale),
        value: random.gaussianMatrix(rows: width, columns: inner, times: 3 * scale),
        output: random.gaussianMatrix(rows: inner, columns: 1, times: 1 / Double(width).squareRoot()))
    }
    var layer = KernelAttention(heads: heads, kernel: kernel, tokens: tokens)
    var losses: [Double] = []
    for _ in 0..<3000 {
      let (loss, gradients) = layer.lossAndGradients(x, targets: targets)
      losses.append(loss)
      guard loss.isFinite else { break }
      for (h, gradient) in gradients.enumerated() {
        layer.heads[h].query.add(gradient.query, times: -rate)
        if trainsKeys { layer.heads[h].key.add(gradient.key, times: -rate) }
      }
    }
    return losses
  }
}
