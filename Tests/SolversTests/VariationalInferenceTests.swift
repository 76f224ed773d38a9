import Foundation
import Geometry
import LinearAlgebra
import Solvers
import Testing

@Suite struct VariationalInferenceTests {
  private func scene(_ random: inout SeededGenerator) -> PoseLogDensity {
    func point(_ s: Double) -> Point3 {
      let g = random.gaussians(3, times: s)
      return Point3(g[0], g[1], g[2])
    }
    let source = (0..<15).map { _ in point(1) }
    let pose = RigidTransform(exponential: Twist(rotation: point(0.5), translation: point(1)))
    return PoseLogDensity(source: source, target: source.map { pose($0) + point(0.1) }, around: pose, noise: 0.1)
  }

  @Test func densitiesHaveTheGradientOfCentralDifferences() {
    var random = SeededGenerator(seed: 1)
    let pose = scene(&random)
    // Near the mode and at twists of up to half a turn.
    for size in [0.0, 1e-4, 0.3, 1.5] {
      let z = random.gaussians(6, times: size)
      let gradient = pose.valueAndGradient(z).gradient
      #expect(gradientError({ pose.valueAndGradient($0).value }, gradient: gradient, at: z) < 1e-6)
    }
    let normal = GaussianDensity(mean: [1, -2], precision: Matrix(rows: 2, columns: 2, [2, 0.5, 0.5, 1]))
    let z = random.gaussians(2)
    #expect(
      gradientError({ normal.valueAndGradient($0).value }, gradient: normal.valueAndGradient(z).gradient, at: z) < 1e-6)
    let frame = VariationalGaussian(location: [0.3, 1], scale: Matrix(rows: 2, columns: 2, [2, 0, 1, 3]))
    let white = WhitenedDensity(normal, in: frame)
    #expect(
      gradientError({ white.valueAndGradient($0).value }, gradient: white.valueAndGradient(z).gradient, at: z) < 1e-6)
  }

  /// The means of all estimators over many samples agree with the closed gradient of a Gaussian target:
  /// ∇_m = H (m - μ), ∇_C l = H C, ∇_C h = -C⁻ᵀ.
  @Test(arguments: GradientEstimator.allCases) func estimatorsAreUnbiased(estimator: GradientEstimator) throws {
    var random = SeededGenerator(seed: 2)
    let precision = Matrix<Double>(rows: 2, columns: 2, [2, 0.5, 0.5, 1])
    let density = GaussianDensity(mean: [1, -1], precision: precision)
    let q = VariationalGaussian(location: [0.5, 0], scale: Matrix(rows: 2, columns: 2, [0.8, 0.2, 0.2, 1.1]))
    let inverse = try Cholesky(q.scale).inverse
    var location = [0.0, 0.0]
    var scale = Matrix<Double>(rows: 2, columns: 2)
    let samples = 100_000
    for _ in 0..<samples {
      let u = random.gaussians(2)
      let slope = density.valueAndGradient(q.point(u)).gradient.scaled(by: -1)
      let (dm, dC) = estimator(u, slope: slope) { inverse * $0 }
      location.add(dm, times: 1 / Double(samples))
      scale.add(dC, times: 1 / Double(samples))
    }
    var expected = precision * q.scale
    if estimator != .energy { expected.add(inverse, times: -1) }
    #expect(location.subtracting(precision * [-0.5, 1]).norm < 0.05)
    #expect((scale - expected).norm < 0.05)
  }

  @Test func theProximalStepIsTheArgminAndNonexpansive() {
    let prox = EntropyProximal(step: 0.3)
    func objective(_ z: Double, _ c: Double) -> Double { -log(z) + (z - c) * (z - c) / 0.6 }
    for c in [-1e6, -2, 0, 0.5, 7, 1e6] {
      let z = prox(c)
      #expect(z > 0)
      for other in [z * 0.99, z * 1.01] { #expect(objective(z, c) <= objective(other, c)) }
    }
    #expect(abs(prox(2) - prox(-1)) <= 3)
    let scale = prox(Matrix(rows: 2, columns: 2, [-3, 0, 5, 1]))
    #expect(scale[1, 0] == 5 && scale[0, 0] > 0)
  }

  @Test func aFitFindsAGaussianAndRepeats() throws {
    let density = GaussianDensity(mean: [1, 2], precision: Matrix(diagonal: [1, 2]))
    let solver = BlackBoxVI(
      .stickingTheLanding, .projected(smoothness: 2), stepSize: .anytime(first: 0.1, strongConvexity: 1))
    func fit() -> VariationalReport {
      var random = SeededGenerator(seed: 5)
      return solver(density, from: .init(location: [0, 0], scale: .identity(2)), using: &random)
    }
    let report = fit()
    #expect(report.solution.location.subtracting([1, 2]).norm < 1e-3)
    #expect((report.solution.covariance - Matrix(diagonal: [1, 0.5])).norm < 1e-2)
    #expect(report.energies.count == solver.iterations && report.outcome == .iterationLimit)
    #expect(fit().solution.location == report.solution.location)
  }

  @Test func stepsThatAreTooLongEndAsDiverged() {
    let density = GaussianDensity(mean: [0], precision: Matrix(diagonal: [1e200]))
    var random = SeededGenerator(seed: 1)
    let report = BlackBoxVI(.energy, .proximal, stepSize: .constant(1e200))(
      density, from: .init(location: [1], scale: .identity(1)), using: &random)
    #expect(report.outcome == .diverged && report.solution.location[0].isFinite)
  }

  @Test func laplaceIsExactForAGaussian() throws {
    let precision = Matrix<Double>(rows: 2, columns: 2, [2, 0.5, 0.5, 1])
    let laplace = try LaplaceApproximation(GaussianDensity(mean: [0.2, -0.1], precision: precision), from: [0, 0])
    #expect(laplace.outcome == .converged)
    #expect(laplace.gaussian.location.subtracting([0.2, -0.1]).norm < 1e-9)
    #expect((laplace.gaussian.covariance - (try Cholesky(precision).inverse)).norm < 1e-6)
  }

  @Test func theAnytimeStepIsConstantFirstAndThenFalls() {
    let step = BlackBoxVI.StepSize.anytime(first: 0.1, strongConvexity: 2)
    #expect(step(0) == 0.1 && step(5) == 0.1)
    #expect(abs(step(99) - 199.0 / 20_000) < 1e-15)
  }
}
