import Foundation
import LinearAlgebra
import Solvers

/// Row F5: ridge regression against what scikit-learn 1.9.1 finds.
///
/// Features are `z_ij = sin(1 + 3i + 7j + ij)`, labels `y_j = cos(2 + 5j)`, counted from 0. The numbers are
/// `Ridge(alpha=c, fit_intercept=False, solver="cholesky").fit(Z.T, y).coef_`.
enum RidgeReference {
  private struct Case {
    let samples: Int
    let penalty: Double
    let coefficients: [Double]
  }

  private static let cases = [
    Case(
      samples: 8, penalty: 0.1, coefficients: [0.32485222406421366, 0.6079484906851975, -0.03077855435894614]),
    Case(
      samples: 4, penalty: 0.5,
      coefficients: [
        0.24516435703654, 0.20148597147426248, -0.2317047278867614, -0.0033498795071315868, -0.4270183904753512,
        0.21862179507874102,
      ]),
  ]

  static func add(to report: inout StudyReport) {
    for item in cases {
      let (m, n) = (item.coefficients.count, item.samples)
      var features = Matrix<Double>(rows: m, columns: n)
      for i in 0..<m { for j in 0..<n { features[i, j] = sin(1 + Double(3 * i + 7 * j + i * j)) } }
      let labels = (0..<n).map { cos(2.0 + 5 * Double($0)) }
      let model = try? RidgeRegression(features: features, labels: labels, penalty: item.penalty)
      let setting = "ridge, \(m) features, \(n) samples"
      report.add(
        "F5", "\(setting): largest difference to scikit-learn's coefficients",
        model.flatMap { zip($0.coefficients, item.coefficients).map { abs($0 - $1) }.max() } ?? .nan, .atMost(1e-10))
      let left = (0..<n).map { without(features, labels, $0, item.penalty) }
      report.add(
        "F5", "\(setting): largest difference of leave-one-out to refitting",
        model.flatMap { zip($0.leaveOneOut, left).map { abs($0 - $1) }.max() } ?? .nan, .atMost(1e-10))
    }
  }

  /// The prediction of one sample by a fit to the others.
  private static func without(
    _ features: Matrix<Double>, _ labels: [Double], _ k: Int, _ penalty: Double
  ) -> Double {
    let others = labels.indices.filter { $0 != k }
    let rest = Matrix(
      rows: features.rows, columns: others.count, (0..<features.rows).flatMap { r in others.map { features[r, $0] } })
    let model = try? RidgeRegression(features: rest, labels: others.map { labels[$0] }, penalty: penalty)
    return model.map { $0.coefficients.dot(features.column(k)) } ?? .nan
  }
}
