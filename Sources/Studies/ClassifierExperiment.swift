import Foundation
import LinearAlgebra
import Solvers

/// A synthetic set of the size of the paper's: 768 samples of 8 numbers, their squares and products as features, labels
/// by a linear rule with a little curvature, a sixth of them wrong; 500 train, 150 validate, 118 test.
struct ClassifierExperiment: Sendable {
  private let features: Matrix<Double>
  private let labels: [Double]
  private let start: [Double]

  init(seed: UInt64, stream: Int) {
    var random = SeededGenerator(seed: seed, stream: stream)
    let samples = (0..<768).map { _ in (0..<8).map { _ in random.uniform(-1, 1) } }
    let rows = samples.map { x in
      [1] + x + x.map { $0 * $0 } + (0..<8).flatMap { i in (0..<i).map { x[i] * x[$0] } }
    }
    let rule = random.gaussians(9) + random.gaussians(rows[0].count - 9, times: 0.3)
    features = Matrix(rows: rows.count, columns: rows[0].count, rows.flatMap { $0 })
    labels = rows.map { ($0.dot(rule) < 0) != (random.uniform() < 1.0 / 6) ? -1 : 1 }
    start = (0..<500).map { _ in random.uniform(1, 5) }
  }

  /// The share of test samples on the right side, for the learnt slacks and for ridge regression on the labels.
  func accuracies() -> (learnt: Double, ridge: Double) {
    let (train, test) = (part(0..<500), part(650..<768))
    let problem = SlackBoundedClassifier(training: train, validation: part(500..<650))
    guard let dual = try? problem.dualStep() else { return (.nan, .nan) }
    let penalty = 12.0
    var (first, second) = (
      MaxMinSolver(primalStep: 1, dualStep: dual), MaxMinSolver(primalStep: 1, dualStep: penalty * dual)
    )
    (first.rounds, second.rounds) = (20, 20)
    (first.isAccelerated, second.isAccelerated) = (true, true)
    var solver = BLOCC(penalty: penalty, step: 0.01, lowerSolver: first, penaltySolver: second)
    solver.iterations = 80
    let y = [Double](repeating: 0, count: features.columns + 1)
    let report = solver(problem, from: start, lower: y)
    let learnt = SlackBoundedClassifier.accuracy(report.penalized.y, features: test.features, labels: test.labels)
    let known = part(0..<650)
    let ridge = try? RidgeRegression(features: known.features.transposed, labels: known.labels, penalty: 1)
    let right = ridge.map { zip($0.predict(test.features.transposed), test.labels).count { $0 * $1 > 0 } }
    return (learnt, right.map { Double($0) / Double(test.labels.count) } ?? .nan)
  }

  private func part(_ range: Range<Int>) -> (features: Matrix<Double>, labels: [Double]) {
    (
      Matrix(rows: range.count, columns: features.columns, range.flatMap { features.row($0) }), Array(labels[range])
    )
  }
}
