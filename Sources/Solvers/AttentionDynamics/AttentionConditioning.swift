import LinearAlgebra

/// Whether the values of an attention layer can fit a batch, and how fast gradient descent would.
///
/// Training the values alone (outputs absorbed) is least squares in `B = [S_1 X | … | S_H X]`, one row per token. Descent
/// with the step 1/σ_max² shrinks the error like `(1 - σ_min²/σ_max²)^t`, to zero for all targets exactly when B has as
/// many independent rows as there are tokens, for which `H D` must be at least their number.
public struct AttentionConditioning: Sendable {
  /// The matrix B.
  public let features: Matrix<Double>
  /// Its rank, singular values above 1e-9 of the largest.
  public let rank: Int
  /// The smallest and the largest singular value of its rows.
  public let singularValues: (smallest: Double, largest: Double)

  /// Measures a layer on a batch of token rows.
  public init(_ layer: KernelAttention, _ x: Matrix<Double>) throws(FactorizationError) {
    let parts = layer.heads.map { layer.mixedInputs($0, x) }
    features = Matrix(
      rows: x.rows, columns: parts.count * x.columns, (0..<x.rows).flatMap { row in parts.flatMap { $0.row(row) } })
    let svd = try SingularValues(features)
    rank = svd.rank()
    let isTall = features.columns < features.rows
    singularValues = (isTall ? 0 : svd.values.last ?? 0, svd.values.first ?? 0)
  }

  /// Whether every target can be fitted.
  public var fitsAll: Bool { rank == features.rows }

  /// The factor by which a step shrinks the squared-error root at worst; 1 when some targets cannot be fitted.
  public var rate: Double {
    guard fitsAll, singularValues.largest > 0 else { return 1 }
    let ratio = singularValues.smallest / singularValues.largest
    return 1 - ratio * ratio
  }

  /// Half the mean squared error before every step of descent on the values from zero, and after the last.
  public func losses(after steps: Int, targets y: [Double]) -> [Double] {
    let step = 1 / (singularValues.largest * singularValues.largest)
    var values = [Double](repeating: 0, count: features.columns)
    var losses: [Double] = []
    for t in 0...steps {
      let error = (features * values).subtracting(y)
      losses.append(error.squaredNorm / (2 * Double(max(1, y.count))))
      if t < steps { values.add(features.transposedTimes(error), times: -step) }
    }
    return losses
  }
}
