import Foundation
import LinearAlgebra
import Solvers

/// Rows G1 to G4: inversion without gradients of a decoder, of a lens, and at the limits of the theorems.
enum InversionStudy: Study {
  static let name = "inversion"
  static let paper = "Gradient-free decoder inversion in latent diffusion models, NeurIPS 2024, arXiv 2409.18442"

  static func run(seed: UInt64, quick: Bool) -> StudyReport {
    var report = StudyReport(self, seed: seed, quick: quick)
    decoders(&report, seed, latents: quick ? 10 : 30)
    lens(&report)
    linearAutoencoder(&report, seed)
    boundary(&report)
    return report
  }

  /// G1: a tanh decoder 16 → 64 → 128 with a linear encoder, in place of a diffusion model's.
  private static func decoders(_ report: inout StudyReport, _ seed: UInt64, latents: Int) {
    var lines: [StudyFigure.Series] = []
    for (k, gain) in [0.3, 0.6, 1.0].enumerated() {
      var random = SeededGenerator(seed: seed, stream: k)
      let pair = DecoderPair(gain: gain, using: &random)
      let trials = (0..<latents).map { _ in DecoderTrial(pair, latent: random.gaussians(16)) }
      func middle(_ part: (DecoderTrial) -> Double) -> Double { trials.map(part).median }
      let (encoder, forward) = (middle(\.encoder), middle(\.forward))
      let setting = "stand-in: tanh decoder, gain \(gain)"
      report.add("G1", "\(setting): forward step 1 minus encoder, dB", forward - encoder, .atMost(-40))
      report.add("G1", "\(setting): smallest cocoercivity", trials.map(\.cocoercivity).min() ?? .nan, .atLeast(1e-9))
      // The theorem speaks of latents whose cocoercivity exceeds half the relaxation.
      let covered = trials.filter { $0.cocoercivity > 0.5 }
      report.add(
        "G1", "\(setting): share of steps that come nearer, for \(covered.count) of \(latents) latents with β > ρ/2",
        covered.map(\.monotonicShare).min() ?? .nan, covered.isEmpty ? .skipped("no latent has β > ρ/2") : .atLeast(1))
      for (label, value) in [
        ("encoder", encoder), ("forward step 1", forward), ("forward step 0.5", middle(\.half)),
        ("inertia 0.5, step 0.45", middle(\.inertial)), ("inertia 0.9, step 0.0129", middle(\.heavy)),
        ("Adam without gradient", middle(\.adaptive)), ("Adam with gradient", middle(\.gradient)),
      ] {
        report.add("G1", "\(setting): \(label), median error in dB", value, .printed)
      }
      lines.append(StudyFigure.Series("gain \(gain)", logarithmsOf: trials[0].residuals))
    }
    report.add(
      StudyFigure(
        title: "Forward step: residual of a decoder's inversion", xLabel: "iteration", yLabel: "log₁₀ |T z|",
        series: lines))
  }

  /// G2: the lens, with the errors of the prototype after 5, 10, 20 and 40 iterations.
  private static func lens(_ report: inout StudyReport) {
    let lens = LensDistortion(radial: SIMD2(-0.28, 0.07), tangential: SIMD2(5e-4, -3e-4))
    let grid = linearSpace(-0.6, 0.6, count: 31).flatMap { y in
      linearSpace(-0.8, 0.8, count: 41).map { x in SIMD2(x, y) }
    }
    let rounds = [5, 10, 20, 40]
    let cases: [(id: String, method: FixedPointInverse.Method, errors: [Double], last: Double)] = [
      ("G2.i", .forwardStep(relaxation: 1), [4.2e-3, 1.2e-4, 1.1e-7], 1e-12),
      ("G2.ii", .forwardStep(relaxation: 1.3), [6.1e-4, 2.8e-6, 6e-11], 1e-14),
      ("G2.iii", .inertial(inertia: 0.3, step: 1), [1.3e-3, 8.7e-6, 4.5e-10], 1e-14),
    ]
    var lines: [StudyFigure.Series] = []
    var smallest = Double.infinity
    for item in cases {
      func worst(_ iterations: Int) -> Double {
        grid.map { z in
          let report = inverse(lens, of: z, FixedPointInverse(method: item.method, iterations: iterations))
          return max(abs(report.solution[0] - z.x), abs(report.solution[1] - z.y))
        }.max() ?? .nan
      }
      let name: String
      switch item.method {
      case .forwardStep(let relaxation): name = "forward step \(relaxation)"
      case .inertial(let inertia, let step): name = "inertia \(inertia), step \(step)"
      case .adaptive: name = "Adam"
      }
      for (round, expected) in zip(rounds, item.errors) {
        report.add(
          item.id, "lens, \(name): largest error after \(round) iterations", worst(round),
          .within(expected / 2...expected * 2))
      }
      report.add(item.id, "lens, \(name): largest error after 40 iterations", worst(40), .atMost(item.last))
      lines.append(
        StudyFigure.Series(name, stride(from: 0, through: 40, by: 2).map { (Double($0), decimalLogarithm(worst($0))) }))
    }
    for z in grid {
      var solver = FixedPointInverse(iterations: 0)
      solver.keepsPath = true
      let beta = inverse(lens, of: z, solver).cocoercivity(zero: [z.x, z.y], floor: 1e-6)
      smallest = min(smallest, beta ?? .infinity)
    }
    report.add("G2.iv", "lens: smallest cocoercivity on the grid", smallest, .atLeast(1))
    report.add(
      StudyFigure(
        title: "Undistortion of a lens on a 41 x 31 grid", xLabel: "iterations", yLabel: "log₁₀ largest error",
        series: lines))
  }

  private static func inverse(
    _ lens: LensDistortion, of z: SIMD2<Double>, _ solver: FixedPointInverse
  ) -> FixedPointReport {
    let seen = lens.distorted(z)
    return solver(from: [seen.x, seen.y]) { point in
      let difference = lens.distorted(SIMD2(point[0], point[1])) - seen
      return [difference.x, difference.y]
    }
  }

  /// G3: a linear autoencoder with E D = I needs one step.
  private static func linearAutoencoder(_ report: inout StudyReport, _ seed: UInt64) {
    var random = SeededGenerator(seed: seed, stream: 10)
    guard let basis = try? QRFactors(random.gaussianMatrix(rows: 32, columns: 8)).q else {
      return report.add("G3", "linear autoencoder: error after one step", .nan, .atMost(1e-12))
    }
    let z = random.gaussians(8)
    let residual = { (point: [Double]) in basis.transposedTimes(basis * point).subtracting(z) }
    let solution = FixedPointInverse(iterations: 1)(from: random.gaussians(8), residual: residual).solution
    report.add(
      "G3", "linear autoencoder, E D = I: error after one step from anywhere", solution.subtracting(z).norm,
      .atMost(1e-12))
  }

  /// G4: the bounds of the theorems on `T z = z / β`, for which β is exact.
  private static func boundary(_ report: inout StudyReport) {
    let beta = 0.7
    func growth(_ method: FixedPointInverse.Method) -> Double {
      let norms = FixedPointInverse(method: method, iterations: 400)(from: [1, -2]) { $0.scaled(by: 1 / beta) }
        .residualNorms
      return (norms.last ?? .nan) / norms[0]
    }
    report.add(
      "G4", "quadratic, relaxation 1.99 β: residual after 400 steps over the first",
      growth(.forwardStep(relaxation: 1.99 * beta)), .atMost(0.1))
    report.add(
      "G4", "quadratic, relaxation 2.01 β: residual after 400 steps over the first",
      growth(.forwardStep(relaxation: 2.01 * beta)), .atLeast(10))
    let limit = FixedPointInverse.largestRelaxation(inertia: 0.3)
    for factor in [0.99, 1.5] {
      report.add(
        "G4", "quadratic, inertia 0.3, λ = \(factor) of the sufficient bound: residual over the first",
        growth(.inertial(inertia: 0.3, step: 2 * factor * limit * beta)), factor < 1 ? .atMost(1e-6) : .printed)
    }
  }
}
