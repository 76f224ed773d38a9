import Foundation
import Geometry
import LinearAlgebra
import Parallelism
import Solvers

/// The solvers of papers on problems that general libraries solve too; `peers/solvers.py` reads the problems from the folder.
struct SolverBenchmark {
  private let folder: String
  private let runs: Int

  init(_ arguments: Arguments) {
    folder = arguments.cloudPath(1)
    runs = arguments.integer("runs", 3)
  }

  func run() {
    gaussian(condition: 1)
    gaussian(condition: 25)
    pose()
    lens()
    ridge()
    classifier()
  }

  // MARK: Variational inference

  /// A Gaussian with a known mean and precision, six dimensions; steps as the product takes them.
  private func gaussian(condition: Double) {
    var random = SeededGenerator(seed: 1)
    let d = 6
    var raw = Matrix<Double>(rows: d, columns: d)
    for r in 0..<d { for c in 0..<d { raw[r, c] = random.gaussian() } }
    guard let basis = try? QRFactors(raw).q else { fail("no basis") }
    let spectrum = (0..<d).map { pow(condition, Double($0) / Double(d - 1)) }
    let precision = ((basis * Matrix(diagonal: spectrum)).timesTransposed(basis)).symmetrized
    let density = GaussianDensity(mean: random.gaussians(d), precision: precision)
    write("gaussian-\(Int(condition))", [density.mean] + (0..<d).map(precision.row))
    report("bbvi gaussian \(Int(condition))", density, precision: precision, mean: density.mean)
  }

  /// Thirty matched points with a fifth of outliers, Student t noise.
  private func pose() {
    var random = SeededGenerator(seed: 2)
    let source = (0..<30).map { _ in Point3(random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-0.5, 0.5)) }
    let target = source.enumerated().map { k, p in
      let spread = k % 5 == 0 ? 0.5 : 0.05
      return p + Point3(random.gaussian(), random.gaussian(), random.gaussian()) * spread
    }
    write("pose", zip(source, target).map { [$0.x, $0.y, $0.z, $1.x, $1.y, $1.z] })
    let density = PoseLogDensity(source: source, target: target, noise: 0.05)
    report("bbvi pose 30", density, precision: nil, mean: nil)
  }

  private func report(
    _ task: String, _ density: some LogDensity, precision: Matrix<Double>?, mean: [Double]?
  ) {
    let d = density.dimension
    func fitted() -> (laplace: VariationalGaussian, fit: VariationalGaussian)? {
      guard let laplace = try? LaplaceApproximation(density, from: [Double](repeating: 0, count: d)) else { return nil }
      var solver = BlackBoxVI(
        .stickingTheLanding, .projected(smoothness: 4), stepSize: .anytime(first: 0.03, strongConvexity: 1))
      solver.iterations = 3000
      var random = SeededGenerator(seed: 3)
      let start = VariationalGaussian(location: [Double](repeating: 0, count: d), scale: 0.7 * .identity(d))
      let q = solver(WhitenedDensity(density, in: laplace.gaussian), from: start, using: &random).solution
      return (
        laplace.gaussian,
        VariationalGaussian(
          location: laplace.gaussian.point(q.location), scale: laplace.gaussian.scale * q.scale)
      )
    }
    guard let found = fitted() else { fail("\(task): no mode") }
    for (name, q) in [("laplace", found.laplace), ("plumb", found.fit)] {
      write("\(task.replacing(" ", with: "-"))-\(name)", [q.location] + (0..<d).map(q.covariance.row))
    }
    var note = "3000 steps from Laplace"
    if let precision, let mean {
      let root = try? Cholesky(precision).lower
      let whitened = root.map { $0.transposedTimes(found.fit.covariance) * $0 }
      let error = whitened.map { ($0 - .identity(d)).norm / Double(d).squareRoot() } ?? .nan
      note += ", covariance off by \(error), mean by \(found.fit.location.subtracting(mean).norm)"
    }
    Figure.print(task: task, step: "fit", seconds: Stopwatch.best(of: runs, fitted), note: note)
  }

  // MARK: Inversion

  /// A hundred thousand points seen through a lens, of which the undistorted ones are known.
  private func lens() {
    let lens = LensDistortion(radial: SIMD2(-0.28, 0.07), tangential: SIMD2(5e-4, -3e-4))
    var random = SeededGenerator(seed: 4)
    let points = (0..<100_000).map { _ in SIMD2(random.uniform(-0.8, 0.8), random.uniform(-0.6, 0.6)) }
    let seen = points.map(lens.distorted)
    write("lens", zip(points, seen).map { [$0.x, $0.y, $1.x, $1.y] })
    for (step, method, iterations) in [
      ("5 iterations", FixedPointInverse.Method.forwardStep(relaxation: 1), 5),
      ("to 1e-12", FixedPointInverse.Method.forwardStep(relaxation: 1.3), 100),
    ] {
      let solver = FixedPointInverse(method: method, iterations: iterations, tolerance: 1e-12)
      func work() -> [SIMD2<Double>] {
        Parallel.map(seen.count) { i in
          let report = solver(from: [seen[i].x, seen[i].y]) { z in
            let off = lens.distorted(SIMD2(z[0], z[1])) - seen[i]
            return [off.x, off.y]
          }
          return SIMD2(report.solution[0], report.solution[1])
        }
      }
      let worst = zip(work(), points).map { (($0 - $1) * ($0 - $1)).sum().squareRoot() }.max() ?? 0
      Figure.print(
        task: "lens 100000", step: step, seconds: Stopwatch.best(of: runs, work), note: "largest error \(worst)")
    }
  }

  // MARK: Regression and classification

  private func ridge() {
    var random = SeededGenerator(seed: 5)
    let rows = (0..<2000).map { _ in random.gaussians(40) }
    let rule = random.gaussians(40)
    let labels = rows.map { $0.dot(rule) + random.gaussian() }
    write("ridge", zip(rows, labels).map { $0 + [$1] })
    let features = Matrix(rows: 2000, columns: 40, rows.flatMap { $0 }).transposed
    guard let model = try? RidgeRegression(features: features, labels: labels, penalty: 3) else { fail("ridge") }
    write("ridge-plumb", [model.coefficients, model.leaveOneOut])
    let seconds = Stopwatch.best(of: runs) { try? RidgeRegression(features: features, labels: labels, penalty: 3) }
    Figure.print(task: "ridge 2000x40", step: "fit, leave-one-out", seconds: seconds)
  }

  /// Slack bounds learnt on validation samples against a plain classifier: a linear rule with a sixth of wrong labels.
  private func classifier() {
    var random = SeededGenerator(seed: 6)
    let rows = (0..<768).map { _ in (0..<8).map { _ in random.uniform(-1, 1) } }
    let rule = random.gaussians(8)
    let labels = rows.map { ($0.dot(rule) < 0) != (random.uniform() < 1.0 / 6) ? -1.0 : 1 }
    write("classifier", zip(rows, labels).map { $0 + [$1] })
    func part(_ range: Range<Int>) -> (features: Matrix<Double>, labels: [Double]) {
      (Matrix(rows: range.count, columns: 8, rows[range].flatMap { $0 }), Array(labels[range]))
    }
    let test = part(650..<768)
    let problem = SlackBoundedClassifier(training: part(0..<500), validation: part(500..<650))
    guard let dual = try? problem.dualStep() else { fail("classifier: no step") }
    let start = (0..<500).map { _ in random.uniform(1, 5) }
    func work() -> Double {
      var (first, second) = (
        MaxMinSolver(primalStep: 1, dualStep: dual), MaxMinSolver(primalStep: 1, dualStep: 12 * dual)
      )
      (first.rounds, second.rounds, first.isAccelerated, second.isAccelerated) = (20, 20, true, true)
      var solver = BLOCC(penalty: 12, step: 0.01, lowerSolver: first, penaltySolver: second)
      solver.iterations = 80
      let report = solver(problem, from: start, lower: [Double](repeating: 0, count: 9))
      return SlackBoundedClassifier.accuracy(report.penalized.y, features: test.features, labels: test.labels)
    }
    let accuracy = work()
    Figure.print(
      task: "classifier 768", step: "slack bounds", seconds: Stopwatch.best(of: runs, work),
      note: "test accuracy \((accuracy * 1000).rounded() / 1000)")
  }

  private func write(_ name: String, _ rows: [[Double]]) {
    let text = rows.map { $0.map { "\($0)" }.joined(separator: " ") }.joined(separator: "\n") + "\n"
    do {
      try text.write(toFile: "\(folder)/\(name).txt", atomically: true, encoding: .utf8)
    } catch {
      fail("\(folder)/\(name).txt: cannot be written; the folder must exist")
    }
  }
}
