import LinearAlgebra

/// A bilinear model of pairs of tokens: the logit of b after a is `x_aᵀ Θ x_b` with fixed embeddings x.
///
/// The gradient of the mean negative log likelihood of pairs (a, b) is `mean x_a (Σ_c p_c x_c - x_b)ᵀ`. All steps stay in
/// the span of the embeddings, `Θ = Θ₀ + Xᵀ M X`, so that the model steps M and needs only the products `G = X Xᵀ`:
/// the logits are `X Θ₀ Xᵀ + G M G`.
///
/// Training on (a, b) moves the logits of contexts near x_a; x_b is nearly orthogonal to them in high dimension, so the
/// reverse loss stays at its start: `L_rev(t)/L_rev(0) ≥ (L(t)/L(0))^ε`.
///
/// Complexity: a step costs O(V³), whatever the dimension. Source: "Towards a theoretical understanding of the reversal
/// curse via training dynamics", NeurIPS 2024, arXiv 2405.04669; the gradient is ours.
public struct BilinearModel: Sendable {
  /// The matrix Θ at the start, d x d.
  public let start: Matrix<Double>
  /// The embeddings as rows, V x d.
  public let embeddings: Matrix<Double>
  /// M, V x V; zero at the start.
  public private(set) var coefficients: Matrix<Double>
  private let startLogits: Matrix<Double>
  private let products: Matrix<Double>

  /// A model from its parts.
  public init(start: Matrix<Double>, embeddings: Matrix<Double>) {
    precondition(start.rows == embeddings.columns && start.columns == embeddings.columns, "Θ fits the embeddings")
    self.start = start
    self.embeddings = embeddings
    startLogits = (embeddings * start).timesTransposed(embeddings)
    products = embeddings.timesTransposed(embeddings)
    coefficients = Matrix(rows: embeddings.rows, columns: embeddings.rows)
  }

  /// Embeddings from N(0, I/d) and Θ from N(0, deviation²).
  public init(vocabulary: Int, dimension: Int, deviation: Double, using random: inout SeededGenerator) {
    let scale = 1 / Double(dimension).squareRoot()
    let embeddings = random.gaussianMatrix(rows: vocabulary, columns: dimension, times: scale)
    self.init(
      start: random.gaussianMatrix(rows: dimension, columns: dimension, times: deviation), embeddings: embeddings)
  }

  /// The matrix Θ.
  public var theta: Matrix<Double> { start + embeddings.transposedTimes(coefficients * embeddings) }

  /// Entry (a, b) is the logit of b after a.
  public var logits: Matrix<Double> { startLogits + products * coefficients * products }

  /// The mean negative log likelihood of pairs and C of its gradient `Xᵀ C X` in Θ.
  public func lossAndGradient(_ pairs: [TokenPair]) -> (loss: Double, gradient: Matrix<Double>) {
    let logits = logits
    var gradient = Matrix<Double>(rows: logits.rows, columns: logits.columns)
    var loss = 0.0
    let share = 1 / Double(pairs.count)
    for pair in pairs {
      let row = logits.row(pair.context)
      loss += (row.logSumExp - row[pair.next]) * share
      for (b, p) in row.softmax.enumerated() {
        gradient[pair.context, b] += share * (p - (b == pair.next ? 1 : 0))
      }
    }
    return (loss, gradient)
  }

  /// A gradient step on the mean negative log likelihood.
  public mutating func step(_ pairs: [TokenPair], rate: Double) {
    coefficients.add(lossAndGradient(pairs).gradient, times: -rate)
  }

  /// The mean negative log likelihood of pairs; NaN of none.
  public func negativeLogLikelihood(_ pairs: [TokenPair]) -> Double {
    let logits = logits
    return pairs.map { pair in
      let row = logits.row(pair.context)
      return row.logSumExp - row[pair.next]
    }.mean
  }
}
