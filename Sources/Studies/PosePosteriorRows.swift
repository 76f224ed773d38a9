import Foundation
import Geometry
import LinearAlgebra
import Parallelism
import Solvers

/// Row A4: the covariance of a pose from few matched points with outliers, against importance sampling.
///
/// Points are uniform in a box; the first of them meet a place displaced by 0.5 N(0, I). The error of a covariance S is
/// `|L⁻¹ S L⁻ᵀ - I| / √6` with L the root of the reference, the median of the seeds.
struct PosePosteriorRows: Sendable {
  let seed: UInt64
  let quick: Bool

  /// A set of scenes.
  struct Case: Sendable {
    let points: Int
    let outliers, noise: Double
    let box: Point3
    let limit: Double
  }

  private static let cases = [
    Case(points: 200, outliers: 0.2, noise: 0.02, box: Point3(1, 1, 1), limit: 0.02),
    Case(points: 30, outliers: 0.2, noise: 0.05, box: Point3(1, 1, 0.5), limit: 0.02),
    Case(points: 12, outliers: 0.25, noise: 0.1, box: Point3(1, 1, 0.3), limit: 0.06),
  ]

  func add(to report: inout StudyReport) {
    for (number, scene) in PosePosteriorRows.cases.enumerated() {
      let results = Parallel.map(5, grain: 1) { k in
        errors(scene, stream: 50 + 10 * number + k)
      }
      func middle(_ part: (PoseErrors) -> Double) -> Double { results.map(part).median }
      let setting = "pose of \(scene.points) points, \(Int(100 * scene.outliers)) % outliers"
      report.add("A4", "\(setting): error, sticking the landing", middle(\.landing), .atMost(scene.limit))
      report.add("A4", "\(setting): error, energy and proximal step", middle(\.energy), .printed)
      report.add("A4", "\(setting): error, Laplace", middle(\.laplace), .printed)
      report.add("A4", "\(setting): effective samples of the reference", middle(\.effectiveSamples), .printed)
    }
  }

  /// The errors of three covariances, and how far the reference can be trusted.
  struct PoseErrors: Sendable {
    var laplace, energy, landing, effectiveSamples: Double
    static let none = PoseErrors(laplace: .nan, energy: .nan, landing: .nan, effectiveSamples: .nan)
  }

  private func errors(_ scene: Case, stream: Int) -> PoseErrors {
    var random = SeededGenerator(seed: seed, stream: stream)
    let density = PosePosteriorRows.density(scene, using: &random)
    guard let laplace = try? LaplaceApproximation(density, from: [Double](repeating: 0, count: 6)),
      let reference = ImportanceSample(density, around: laplace.gaussian, count: 40_000, using: &random)
    else { return .none }
    let frame = laplace.gaussian
    let white = WhitenedDensity(density, in: frame)
    let start = VariationalGaussian(location: [Double](repeating: 0, count: 6), scale: 0.7 * .identity(6))
    let step = BlackBoxVI.StepSize.anytime(first: 0.03, strongConvexity: 1)
    func error(_ covariance: Matrix<Double>) -> Double { reference.error(covariance) }
    func fitted(_ estimator: GradientEstimator, _ parameterization: BlackBoxVI.Parameterization) -> Double {
      let fit = BlackBoxVI(estimator, parameterization, stepSize: step)(white, from: start, using: &random)
      let root = frame.scale * fit.solution.scale
      return error(root.timesTransposed(root))
    }
    return PoseErrors(
      laplace: error(frame.covariance), energy: fitted(.energy, .proximal),
      landing: fitted(.stickingTheLanding, .projected(smoothness: 4)), effectiveSamples: reference.effectiveSamples)
  }

  private static func density(_ scene: Case, using random: inout SeededGenerator) -> PoseLogDensity {
    let source = (0..<scene.points).map { _ in
      Point3(random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)) * scene.box
    }
    let displaced = Int(scene.outliers * Double(scene.points))
    let target = source.indices.map { k in
      let noise = random.gaussians(3, times: scene.noise)
      let jump = k < displaced ? random.gaussians(3, times: 0.5) : [0, 0, 0]
      return source[k] + Point3(noise[0] + jump[0], noise[1] + jump[1], noise[2] + jump[2])
    }
    return PoseLogDensity(source: source, target: target, noise: scene.noise)
  }
}
