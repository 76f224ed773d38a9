import Foundation
import LinearAlgebra

/// One layer of softmax attention heads that predicts the labels of a fixed dictionary of tokens from the labels of its
/// first N tokens.
///
///     ŷ_k = ⟨y, Σ_h w_hk s_hk⟩,   s_hk = softmax(Vᵀ Q_h v_k),
///
/// V the first N of the tokens v_k. Over tasks λ ~ N(0, I) with labels `y = (Z + noise)ᵀ λ` the loss is, up to its least
/// value, `1/2K Σ_k |Z̄ (Σ_h w_hk s_hk - A_k)|²` with `Z̄² = Zᵀ Z + m τ I` and the limit
/// `A = Z̄⁻² (Zᵀ Ẑ + (m τ I, 0))`: ridge regression with penalty m τ on what is asked for, the given labels themselves on
/// the rest.
///
/// Gradients: with `G = Z̄² (P - A)` and P the predictions, `∂w_hk = ⟨G_k, s_hk⟩ / K`, and through the softmax
/// `∂s_hk = w_hk G_k / K`, `∂l = s (∂s - ⟨s, ∂s⟩)`, `∂Q_h = V ∂L_h V̂ᵀ`.
///
/// Source: "In-context learning with representations: contextual generalization of trained transformers", NeurIPS 2024,
/// arXiv 2408.10147. The weights belong to one dictionary: this is for study; ``RidgeRegression`` is for use.
public struct InContextTransformer: Sendable {
  /// The tokens as columns, d x K.
  public let tokens: Matrix<Double>
  /// The labelled ones, d x N.
  public let prompt: Matrix<Double>
  /// Z̄², N x N.
  public let metric: Matrix<Double>
  /// A, N x K.
  public let limit: Matrix<Double>
  /// One d x d matrix per head.
  public var queries: [Matrix<Double>]
  /// H x K.
  public var weights: Matrix<Double>

  /// Heads with queries from N(0, 1) and weights of zero.
  /// - Parameters:
  ///   - tokens: d x K.
  ///   - features: m x K.
  ///   - prompt: N, how many tokens come with labels.
  ///   - heads: H.
  ///   - noise: τ, the variance of the noise of a feature.
  public init(
    tokens: Matrix<Double>, features: Matrix<Double>, prompt n: Int, heads: Int, noise: Double,
    using random: inout SeededGenerator
  ) throws(FactorizationError) {
    precondition(tokens.columns == features.columns && n <= tokens.columns, "a feature vector per token")
    self.tokens = tokens
    prompt = tokens.prefix(columns: n)
    let given = features.prefix(columns: n)
    let decay = Double(features.rows) * noise
    metric = given.transposedTimes(given) + decay * .identity(n)
    var right = given.transposedTimes(features)
    for k in 0..<n { right[k, k] += decay }
    limit = try Cholesky(metric).solve(right)
    queries = (0..<heads).map { _ in random.gaussianMatrix(rows: tokens.rows, columns: tokens.rows) }
    weights = Matrix(rows: heads, columns: tokens.columns)
  }

  /// The softmax vectors of every head as columns, N x K each.
  public var attention: [Matrix<Double>] {
    queries.map { (prompt.transposedTimes($0) * tokens).softmaxOfColumns }
  }

  /// The matrix that maps the prompt's labels to predictions, N x K.
  public var predictor: Matrix<Double> { predictor(attention) }

  /// The predictions for the labels of a prompt.
  public func predict(_ labels: [Double]) -> [Double] { predictor.transposedTimes(labels) }

  /// The loss above its least value.
  public var excessLoss: Double {
    let gap = predictor - limit
    return zip(gap.elements, (metric * gap).elements).reduce(0) { $0 + $1.0 * $1.1 } / (2 * Double(tokens.columns))
  }

  /// The loss above its least value, and its gradients.
  public func lossAndGradients() -> (loss: Double, queries: [Matrix<Double>], weights: Matrix<Double>) {
    let attention = attention
    let gap = predictor(attention) - limit
    let pull = metric * gap
    let share = 1 / Double(tokens.columns)
    let loss = zip(gap.elements, pull.elements).reduce(0) { $0 + $1.0 * $1.1 } * share / 2
    var weightGradient = Matrix<Double>(rows: weights.rows, columns: weights.columns)
    var queryGradients: [Matrix<Double>] = []
    for (h, s) in attention.enumerated() {
      var logits = s
      for k in 0..<s.columns {
        var along = 0.0
        for j in 0..<s.rows { along += s[j, k] * pull[j, k] }
        weightGradient[h, k] = along * share
        for j in 0..<s.rows { logits[j, k] *= weights[h, k] * (pull[j, k] - along) * share }
      }
      queryGradients.append((prompt * logits).timesTransposed(tokens))
    }
    return (loss, queryGradients, weightGradient)
  }

  private func predictor(_ attention: [Matrix<Double>]) -> Matrix<Double> {
    var sum = Matrix<Double>(rows: prompt.columns, columns: tokens.columns)
    for (h, s) in attention.enumerated() {
      for j in 0..<s.rows { for k in 0..<s.columns { sum[j, k] += weights[h, k] * s[j, k] } }
    }
    return sum
  }
}

extension Matrix<Double> {
  /// Every column as shares that sum to one.
  fileprivate var softmaxOfColumns: Matrix {
    var result = self
    for c in 0..<columns {
      var top = -Double.infinity
      for r in 0..<rows { top = Swift.max(top, self[r, c]) }
      var total = 0.0
      for r in 0..<rows {
        result[r, c] = exp(self[r, c] - top)
        total += result[r, c]
      }
      for r in 0..<rows { result[r, c] /= total }
    }
    return result
  }
}
