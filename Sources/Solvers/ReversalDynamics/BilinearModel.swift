import LinearAlgebra

/// A bilinear model of pairs of tokens: the logit of b after a is `x_aᵀ Θ x_b` with fixed embeddings x.
///
/// The gradient of the mean negative log likelihood of pairs (a, b) is `mean x_a (E_p - x_b)ᵀ`, where `E_p` is the mean
/// embedding under the model. Training on (a, b) moves the logits of contexts near x_a; x_b is nearly orthogonal to them
/// in high dimension, so the reverse loss stays at its start: `L_rev(t)/L_rev(0) ≥ (L(t)/L(0))^ε`.
///
/// Source: "Towards a theoretical understanding of the reversal curse via training dynamics", NeurIPS 2024, arXiv
/// 2405.04669; the gradient is ours.
public struct BilinearModel: Sendable {
  /// The matrix Θ, d x d.
  public var theta: Matrix<Double>
  /// The embeddings as rows, V x d.
  public let embeddings: Matrix<Double>

  /// A model from its parts.
  public init(theta: Matrix<Double>, embeddings: Matrix<Double>) {
    precondition(theta.rows == embeddings.columns && theta.columns == embeddings.columns, "Θ fits the embeddings")
    self.theta = theta
    self.embeddings = embeddings
  }

  /// Embeddings from N(0, I/d) and Θ from N(0, deviation²).
  public init(vocabulary: Int, dimension: Int, deviation: Double, using random: inout SeededGenerator) {
    let scale = 1 / Double(dimension).squareRoot()
    let embeddings = random.gaussianMatrix(rows: vocabulary, columns: dimension, times: scale)
    self.init(
      theta: random.gaussianMatrix(rows: dimension, columns: dimension, times: deviation), embeddings: embeddings)
  }

  /// The mean negative log likelihood of pairs and its gradient in Θ.
  public func lossAndGradient(_ pairs: [TokenPair]) -> (loss: Double, gradient: Matrix<Double>) {
    let contexts = contextRows(pairs)
    var shares = (contexts * theta).timesTransposed(embeddings)
    var loss = 0.0
    for (k, pair) in pairs.enumerated() {
      let row = shares.row(k)
      loss += row.logSumExp - row[pair.next]
      for (b, p) in row.softmax.enumerated() { shares[k, b] = p - (b == pair.next ? 1 : 0) }
    }
    let share = 1 / Double(pairs.count)
    return (loss * share, share * contexts.transposedTimes(shares * embeddings))
  }

  /// A gradient step on the mean negative log likelihood.
  public mutating func step(_ pairs: [TokenPair], rate: Double) {
    theta.add(lossAndGradient(pairs).gradient, times: -rate)
  }

  /// The mean negative log likelihood of pairs; NaN of none.
  public func negativeLogLikelihood(_ pairs: [TokenPair]) -> Double {
    let logits = (contextRows(pairs) * theta).timesTransposed(embeddings)
    return pairs.indices.map { logits.row($0).logSumExp - logits[$0, pairs[$0].next] }.mean
  }

  private func contextRows(_ pairs: [TokenPair]) -> Matrix<Double> {
    Matrix(rows: pairs.count, columns: embeddings.columns, pairs.flatMap { embeddings.row($0.context) })
  }
}
