import Foundation
import LinearAlgebra

/// Linear layers in a row at the equilibrium of the gradient noise, for a given end-to-end map.
///
/// With inputs of covariance Σ_x, noise of covariance Σ_e, both divided by their traces to S_x and S_e, and the singular
/// values `√S_e V √S_x = L S R`,
///
///     W_1 √S_x = U_1 D_1 R,   W_i = U_i D_i U_{i-1}ᵀ,   √S_e W_D = L D_D U_{D-1}ᵀ,
///     D_1 = D_D = (Tr S)^(-(D-2)/2D) √S,   D_i = (Tr S)^(1/D) I,
///
/// with any orthonormal U_i. Source: "Parameter symmetry and noise equilibrium of stochastic gradient descent", NeurIPS
/// 2024, arXiv 2402.07193, theorem 5.4. The normalisation of the covariances and the constants differ from print; see row
/// C5 of `plumb study noise-equilibrium`.
public struct DeepLinearNetwork: Sendable {
  /// The layers, the first one applied first.
  public var layers: [Matrix<Double>]

  /// A network of given layers.
  public init(layers: [Matrix<Double>]) { self.layers = layers }

  /// The balanced network of an end-to-end map.
  /// - Parameters:
  ///   - map: V, d_y x d_x, of any rank above zero.
  ///   - depth: how many layers, at least 2.
  ///   - width: their width, at least min(d_x, d_y).
  ///   - inputCovariance: Σ_x, positive definite.
  ///   - noiseCovariance: Σ_e, positive definite.
  public init(
    balanced map: Matrix<Double>, depth: Int, width: Int, inputCovariance: Matrix<Double>,
    noiseCovariance: Matrix<Double>, using random: inout SeededGenerator
  ) throws(FactorizationError) {
    precondition(depth >= 2 && width >= min(map.rows, map.columns), "\(depth) layers of width \(width)")
    let input = (1 / inputCovariance.trace) * inputCovariance
    let noise = (1 / noiseCovariance.trace) * noiseCovariance
    let svd = try SingularValues(noise.positiveRoot() * map * input.positiveRoot())
    let (d, total, order) = (svd.values.count, svd.values.reduce(0, +), Double(depth))
    var turns: [Matrix<Double>] = []
    for _ in 1..<depth { turns.append(try QRFactors(random.gaussianMatrix(rows: width, columns: d)).q) }
    let outer = Matrix(diagonal: svd.values.map { pow(total, -(order - 2) / (2 * order)) * $0.squareRoot() })
    layers = [turns[0] * outer * svd.rightTransposed * (try input.inversePositiveRoot())]
    for i in 1..<depth - 1 { layers.append((pow(total, 1 / order) * turns[i]).timesTransposed(turns[i - 1])) }
    layers.append((try noise.inversePositiveRoot()) * svd.left * outer.timesTransposed(turns[depth - 2]))
  }

  /// The end-to-end map.
  public var product: Matrix<Double> { layers.dropFirst().reduce(layers[0]) { $1 * $0 } }

  /// The relative distance from the balance of every two layers in a row, seen as two factors between what comes before
  /// and after them.
  public func mismatches(inputCovariance: Matrix<Double>, noiseCovariance: Matrix<Double>) -> [Double] {
    (0..<layers.count - 1).map { i in
      let before = layers[0..<i].reduce(Matrix.identity(layers[0].columns)) { $1 * $0 }
      let last = layers[layers.count - 1]
      let after = layers[(i + 2)...].reversed().reduce(Matrix.identity(last.rows)) { $0 * $1 }
      let input = (before * inputCovariance).timesTransposed(before)
      let noise = after.transposedTimes(noiseCovariance * after)
      let inner = noise.trace * (layers[i] * input).timesTransposed(layers[i])
      let outer = input.trace * layers[i + 1].transposedTimes(noise * layers[i + 1])
      return FactorizedLayers.mismatch(inner, outer)
    }
  }
}
