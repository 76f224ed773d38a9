import Foundation
import LinearAlgebra
import Parallelism
import Solvers

/// Rows E1 to E4: what training on one order teaches about the other.
///
/// The paper's language models are out of reach; its two theory models are run as they are, and the learned matcher of E4
/// is a stand-in of ours.
enum ReversalStudy: Study {
  static let name = "reversal"
  static let paper =
    "Towards a theoretical understanding of the reversal curse via training dynamics, NeurIPS 2024, arXiv 2405.04669"

  static func run(seed: UInt64, quick: Bool) -> StudyReport {
    var report = StudyReport(self, seed: seed, quick: quick)
    bilinear(&report, seed)
    table(&report)
    chain(&report)
    matcher(&report, seed)
    return report
  }

  /// What the bilinear run saw: losses of the training pairs, of the held pairs forward and reversed.
  private struct Curve: Sendable {
    var train: [Double] = []
    var forward: [Double] = []
    var reverse: [Double] = []
  }

  /// E1: 20 pairs over 40 tokens, 30 % seen in one direction.
  private static func bilinear(_ report: inout StudyReport, _ seed: UInt64) {
    let dimensions = [10, 100, 1000]
    let curves = Parallel.map(dimensions.count, grain: 1) { k in
      curve(dimension: dimensions[dimensions.count - 1 - k], seed: seed, stream: k)
    }.reversed().map { $0 }
    let chance = log(40.0)
    for (d, curve) in zip(dimensions, curves) {
      let (train, forward, reverse) = (last(curve.train), last(curve.forward), last(curve.reverse))
      let setting = "bilinear model, d = \(d)"
      if d == 10 {
        report.add("E1.v", "\(setting): training loss, too few dimensions to fit", train, .printed)
        report.add("E1.v", "\(setting): reverse loss", reverse, .printed)
        continue
      }
      report.add("E1.i", "\(setting): training loss", train, .atMost(0.01))
      if d == 100 { report.add("E1.ii", "\(setting): forward loss of one-way pairs", forward, .atMost(0.01)) }
      report.add(
        "E1.iii", "\(setting): reverse loss of one-way pairs, chance is log 40 = 3.689", reverse,
        .atLeast(chance - 0.05))
      if d == 1000 {
        let bound = pow(forward / curve.forward[0], 0.05)
        report.add(
          "E1.iv", "\(setting): reverse loss over its start, minus (forward loss over its start)^0.05",
          reverse / curve.reverse[0] - bound, .atLeast(0))
      }
    }
    let shown = curves[2]
    func line(_ name: String, _ values: [Double]) -> StudyFigure.Series {
      StudyFigure.Series(name, values.enumerated().map { (10 * Double($0), $1) })
    }
    report.add(
      StudyFigure(
        title: "Loss of pairs seen in one direction, d = 1000", xLabel: "steps", yLabel: "negative log likelihood",
        series: [line("seen direction", shown.forward), line("reverse", shown.reverse), line("training", shown.train)]))
  }

  private static func last(_ values: [Double]) -> Double { values.last ?? .nan }

  private static func curve(dimension: Int, seed: UInt64, stream: Int) -> Curve {
    var random = SeededGenerator(seed: seed, stream: stream)
    let pairs = 20
    var model = BilinearModel(vocabulary: 2 * pairs, dimension: dimension, deviation: 1e-3, using: &random)
    let order = random.permutation(pairs)
    let held = order.prefix(6).map { TokenPair($0, pairs + $0) }
    let both = order.dropFirst(6).map { TokenPair($0, pairs + $0) }
    let training = both + both.map(\.reversed) + held
    let reversed = held.map(\.reversed)
    var curve = Curve()
    for step in 0...1500 {
      if step % 10 == 0 {
        curve.train.append(model.negativeLogLikelihood(training))
        curve.forward.append(model.negativeLogLikelihood(held))
        curve.reverse.append(model.negativeLogLikelihood(reversed))
      }
      if step < 1500 { model.step(training, rate: 20) }
    }
    return curve
  }

  /// E2: the one-layer transformer as a table; rows that were never a context do not move.
  private static func table(_ report: inout StudyReport) {
    let pairs = (0..<100).map { TokenPair($0, 100 + $0) }
    var table = LogitTable(vocabulary: 200)
    for _ in 0..<2000 { table.step(pairs, rate: 1) }
    report.add("E2", "table of 100 pairs: training loss", table.negativeLogLikelihood(pairs), .atMost(1e-3))
    report.add(
      "E2", "table of 100 pairs: reverse loss", table.negativeLogLikelihood(pairs.map(\.reversed)),
      .near(log(200.0), tolerance: 1e-12))
  }

  /// E3: A → B and B → C do not give A → C, one step at a time does.
  private static func chain(_ report: inout StudyReport) {
    let first = (0..<100).map { TokenPair($0, 100 + $0) }
    let second = (0..<100).map { TokenPair(100 + $0, 200 + $0) }
    var table = LogitTable(vocabulary: 300)
    for _ in 0..<2000 { table.step(first + second, rate: 1) }
    report.add("E3.i", "100 chains: training loss", table.negativeLogLikelihood(first + second), .atMost(1e-3))
    report.add(
      "E3.i", "100 chains: loss of A → C at once, chance is log 300 = 5.704",
      table.negativeLogLikelihood((0..<100).map { TokenPair($0, 200 + $0) }), .atLeast(log(300.0)))
    let right = (0..<100).count { table.next(after: table.next(after: $0)) == 200 + $0 }
    report.add("E3.ii", "100 chains: share of A → B → C in two steps that is right", Double(right) / 100, .atLeast(1))
  }

  /// E4: swapping training pairs lowers the round-trip error of a learned matcher on held-out pairs.
  private static func matcher(_ report: inout StudyReport, _ seed: UInt64) {
    let experiment = SwapExperiment(seed: seed)
    let (plain, swapped) = (experiment.roundTrip(swapping: false), experiment.roundTrip(swapping: true))
    let setting = "stand-in: learned matcher"
    report.add(
      "E4", "\(setting): round-trip rotation with swapped pairs over without",
      swapped.rotationDegrees / plain.rotationDegrees, .atMost(0.9))
    report.add(
      "E4", "\(setting): round-trip translation with swapped pairs over without",
      swapped.translation / plain.translation, .atMost(0.9))
    report.add("E4", "\(setting): round trip without swapping, degrees", plain.rotationDegrees, .printed)
    report.add("E4", "\(setting): round trip with swapping, degrees", swapped.rotationDegrees, .printed)
  }
}
