import Foundation
import LinearAlgebra

/// One layer of attention heads over a batch of short token sequences, with the kernel between queries and keys to choose.
///
///     Y = Σ_h S_h X W_V,h W_O,h,   S_ij = softmax_j(q_i·k_j / √e)  or  exp(-|q_i - k_j|² / 2√e),
///
/// with q = x W_Q, k = x W_K and e the width of a head. The tokens of all samples are rows of one matrix, `tokens` rows per
/// sample. The rows of softmax weights sum to one: every output of a head is in the convex hull of its values. Gaussian
/// weights that are not normalised leave it.
///
/// Gradients by hand: with `E = log S` before normalisation, `∂E = S ∘ ∂S` for the bare Gaussian, and
/// `∂E = S ∘ (∂S - (S ∘ ∂S) 1)` for the others.
///
/// Source: the setting of "Unraveling the gradient descent dynamics of transformers", NeurIPS 2024, arXiv 2411.07538.
public struct KernelAttention: Sendable {
  /// What two tokens are to each other.
  public enum Kernel: String, Sendable, CaseIterable {
    /// `softmax(q·k / √e)`.
    case softmax
    /// A Gaussian of |q - k|, normalised over the keys.
    case normalizedGaussian
    /// A Gaussian of |q - k| as it is.
    case gaussian
  }

  /// The matrices of a head.
  public struct Head: Sendable {
    /// D x e.
    public var query, key, value: Matrix<Double>
    /// e x p.
    public var output: Matrix<Double>

    /// A head from its matrices.
    public init(query: Matrix<Double>, key: Matrix<Double>, value: Matrix<Double>, output: Matrix<Double>) {
      (self.query, self.key, self.value, self.output) = (query, key, value, output)
    }
  }

  /// The heads.
  public var heads: [Head]
  /// The kernel.
  public var kernel: Kernel
  /// How many tokens a sample has.
  public let tokens: Int

  /// A layer.
  public init(heads: [Head], kernel: Kernel, tokens: Int) {
    precondition(tokens > 0, "a sample has tokens")
    self.heads = heads
    self.kernel = kernel
    self.tokens = tokens
  }

  /// The outputs, one row per token.
  public func callAsFunction(_ x: Matrix<Double>) -> Matrix<Double> {
    heads.dropFirst().reduce(output(heads[0], x)) { $0 + output($1, x) }
  }

  private func output(_ head: Head, _ x: Matrix<Double>) -> Matrix<Double> {
    mix(weights(head, x), x * head.value * head.output)
  }

  /// The attention weights of a head, one row of `tokens` numbers per token.
  public func weights(_ head: Head, _ x: Matrix<Double>) -> Matrix<Double> {
    precondition(x.rows % tokens == 0, "\(x.rows) rows of samples of \(tokens) tokens")
    return weights(queries: x * head.query, keys: x * head.key)
  }

  /// `Σ_h S_h X`, the rows that the values of a head are linear in.
  public func mixedInputs(_ head: Head, _ x: Matrix<Double>) -> Matrix<Double> { mix(weights(head, x), x) }

  /// Half the mean squared error against targets and its gradients in the queries and keys of every head.
  public func lossAndGradients(
    _ x: Matrix<Double>, targets: Matrix<Double>
  ) -> (loss: Double, heads: [(query: Matrix<Double>, key: Matrix<Double>)]) {
    let parts = heads.map { head in
      (query: x * head.query, key: x * head.key, value: x * head.value * head.output)
    }
    let shares = parts.map { weights(queries: $0.query, keys: $0.key) }
    var error = zip(shares, parts).map { mix($0, $1.value) }.reduce(Matrix(rows: x.rows, columns: targets.columns), +)
    error.add(targets, times: -1)
    let count = Double(max(1, error.elements.count))
    let loss = error.squaredNorm / (2 * count)
    let pull = (1 / count) * error
    return (
      loss,
      zip(parts, shares).map { part, share in
        let slopes = logitSlopes(share, values: part.value, pull)
        let (queries, keys) = pulledBack(slopes, queries: part.query, keys: part.key)
        return (x.transposedTimes(queries), x.transposedTimes(keys))
      }
    )
  }

  private func weights(queries: Matrix<Double>, keys: Matrix<Double>) -> Matrix<Double> {
    let width = Double(queries.columns).squareRoot()
    var s = Matrix<Double>(rows: queries.rows, columns: tokens)
    for i in 0..<queries.rows {
      let first = i - i % tokens
      for j in 0..<tokens {
        var (product, distance) = (0.0, 0.0)
        for c in 0..<queries.columns {
          let (q, k) = (queries[i, c], keys[first + j, c])
          product += q * k
          distance += (q - k) * (q - k)
        }
        s[i, j] = kernel == .softmax ? product / width : -distance / (2 * width)
      }
      var (top, total) = (-Double.infinity, 0.0)
      for j in 0..<tokens { top = max(top, s[i, j]) }
      if kernel == .gaussian { top = 0 }
      for j in 0..<tokens {
        s[i, j] = exp(s[i, j] - top)
        total += s[i, j]
      }
      if kernel == .gaussian { continue }
      for j in 0..<tokens { s[i, j] /= total }
    }
    return s
  }

  /// `S V`, sample by sample.
  private func mix(_ s: Matrix<Double>, _ values: Matrix<Double>) -> Matrix<Double> {
    var result = Matrix<Double>(rows: values.rows, columns: values.columns)
    for i in 0..<values.rows {
      let first = i - i % tokens
      for j in 0..<tokens {
        for c in 0..<values.columns { result[i, c] += s[i, j] * values[first + j, c] }
      }
    }
    return result
  }

  /// The gradient in the logarithms of the kernel.
  private func logitSlopes(_ s: Matrix<Double>, values: Matrix<Double>, _ pull: Matrix<Double>) -> Matrix<Double> {
    var slopes = s
    for i in 0..<s.rows {
      let first = i - i % tokens
      var along = 0.0
      for j in 0..<tokens {
        var slope = 0.0
        for c in 0..<values.columns { slope += pull[i, c] * values[first + j, c] }
        slopes[i, j] = slope * s[i, j]
        along += slopes[i, j]
      }
      if kernel == .gaussian { continue }
      for j in 0..<tokens { slopes[i, j] -= s[i, j] * along }
    }
    return slopes
  }

  /// The gradients in queries and keys.
  private func pulledBack(
    _ slopes: Matrix<Double>, queries: Matrix<Double>, keys: Matrix<Double>
  ) -> (queries: Matrix<Double>, keys: Matrix<Double>) {
    let width = Double(queries.columns).squareRoot()
    let pullsApart = kernel != .softmax
    var dq = Matrix<Double>(rows: queries.rows, columns: queries.columns)
    var dk = dq
    for i in 0..<queries.rows {
      let first = i - i % tokens
      for j in 0..<tokens {
        let slope = slopes[i, j] / width
        for c in 0..<queries.columns {
          let (q, k) = (queries[i, c], keys[first + j, c])
          // ∂(q·k) = k dq + q dk;  ∂(-|q - k|²/2) = (k - q) dq + (q - k) dk
          dq[i, c] += slope * (pullsApart ? k - q : k)
          dk[first + j, c] += slope * (pullsApart ? q - k : q)
        }
      }
    }
    return (dq, dk)
  }
}
