import LinearAlgebra

/// How much attention a query pays to a key, before all of a query's are made to sum up to 1.
public enum AttentionKernel: String, Sendable, CaseIterable {
  /// `exp(q · k / √d)` (Vaswani et al. 2017).
  case softmax
  /// `exp(-|q - k|² / (2 √d))`. The length of the query cancels, that of the key does not: a key attracts whoever is near
  /// it, not whoever is long.
  case gaussian
}

/// Attention of queries to keys without parameters of its own: `y = P v`, `P = rows of the kernel, each summing up to 1`,
/// in several heads, which share the channels among them.
///
///     dP = dy vᵀ,  dv = Pᵀ dy,  dL = P ⊙ (dP - rowsum(dP ⊙ P)) / √d,  dq = dL k,  dk = dLᵀ q
///
/// with the logits `L = q kᵀ/√d`, for the Gaussian kernel less `|k|²/(2√d)`, which takes `colsum(dL) ⊙ k` from dk.
public struct Attention: Sendable {
  /// Among how many heads the channels are shared.
  public let heads: Int
  /// What weighs a key.
  public let kernel: AttentionKernel

  /// Attention.
  public init(heads: Int, kernel: AttentionKernel = .softmax) {
    self.heads = heads
    self.kernel = kernel
  }

  /// What the backward pass needs.
  public struct Memory<S: NetworkScalar>: Sendable {
    /// P, head by head, [heads, queries, keys].
    public let weights: [S]

    @inlinable
    init(weights: [S]) { self.weights = weights }
  }

  /// What the queries gather. Without any key it is zero.
  /// - Parameters:
  ///   - queries, keys, values: tokens of equal length, as many values as keys.
  @inlinable
  public func forward<S: NetworkScalar>(
    _ queries: Tokens<S>, _ keys: Tokens<S>, _ values: Tokens<S>
  ) -> (Tokens<S>, Memory<S>) {
    let (n, m, c) = (queries.rows, keys.rows, queries.columns)
    precondition(keys.columns == c && values.columns == c && values.rows == m && c % heads == 0, "shapes of attention")
    var output = Tokens<S>(rows: n, columns: c)
    guard n > 0, m > 0 else { return (output, Memory(weights: [])) }
    let d = c / heads
    let scale = 1 / S(d).squareRoot()
    let weights = [S](unsafeUninitializedCapacity: heads * n * m) { weights, count in
      count = heads * n * m
      for h in 0..<heads {
        let p = weights.baseAddress! + h * n * m
        queries.values.withUnsafeBufferPointer { q in
          keys.values.withUnsafeBufferPointer { k in
            S.multiply(
              .init(q.baseAddress! + h * d, stride: c), .init(k.baseAddress! + h * d, stride: c, isTransposed: true),
              rows: n, columns: m, inner: d, scale: scale, keeping: 0, into: p, stride: m)
            if kernel == .gaussian { subtractLengths(k.baseAddress! + h * d, p, n, m, c, d) }
          }
        }
        for r in 0..<n { normalize(p + r * m, m) }
        values.values.withUnsafeBufferPointer { v in
          output.values.withUnsafeMutableBufferPointer { y in
            S.multiply(
              .init(p, stride: m), .init(v.baseAddress! + h * d, stride: c), rows: n, columns: d, inner: m, scale: 1,
              keeping: 0, into: y.baseAddress! + h * d, stride: c)
          }
        }
      }
    }
    return (output, Memory(weights: weights))
  }

  /// The gradients with respect to queries, keys and values.
  @inlinable
  public func backward<S: NetworkScalar>(
    _ dy: Tokens<S>, _ queries: Tokens<S>, _ keys: Tokens<S>, _ values: Tokens<S>, _ memory: Memory<S>
  ) -> (queries: Tokens<S>, keys: Tokens<S>, values: Tokens<S>) {
    let (n, m, c) = (queries.rows, keys.rows, queries.columns)
    var (dq, dk, dv) = (Tokens<S>(rows: n, columns: c), Tokens<S>(rows: m, columns: c), Tokens<S>(rows: m, columns: c))
    guard n > 0, m > 0 else { return (dq, dk, dv) }
    var slopes = [S](repeating: 0, count: n * m)
    slopes.withUnsafeMutableBufferPointer { slopes in
      memory.weights.withUnsafeBufferPointer { weights in
        for h in 0..<heads {
          backward(dy, values, weights.baseAddress! + h * n * m, head: h, logits: slopes.baseAddress!, &dv)
          backward(logits: slopes.baseAddress!, queries, keys, head: h, &dq, &dk)
        }
      }
    }
    return (dq, dk, dv)
  }

  /// One head back to its values and its logits.
  @inlinable
  func backward<S: NetworkScalar>(
    _ dy: Tokens<S>, _ values: Tokens<S>, _ p: UnsafePointer<S>, head: Int, logits s: UnsafeMutablePointer<S>,
    _ dv: inout Tokens<S>
  ) {
    let (n, m, c) = (dy.rows, values.rows, dy.columns)
    let d = c / heads
    dy.values.withUnsafeBufferPointer { dy in
      values.values.withUnsafeBufferPointer { v in
        S.multiply(
          .init(dy.baseAddress! + head * d, stride: c),
          .init(v.baseAddress! + head * d, stride: c, isTransposed: true), rows: n, columns: m, inner: d, scale: 1,
          keeping: 0, into: s, stride: m)
      }
      dv.values.withUnsafeMutableBufferPointer { dv in
        S.multiply(
          .init(p, stride: m, isTransposed: true), .init(dy.baseAddress! + head * d, stride: c), rows: m, columns: d,
          inner: n, scale: 1, keeping: 0, into: dv.baseAddress! + head * d, stride: c)
      }
    }
    for r in 0..<n {
      var sum: S = 0
      for j in 0..<m { sum += s[r * m + j] * p[r * m + j] }
      for j in 0..<m { s[r * m + j] = p[r * m + j] * (s[r * m + j] - sum) }
    }
  }

  /// The logits of one head back to its queries and keys.
  @inlinable
  func backward<S: NetworkScalar>(
    logits s: UnsafePointer<S>, _ queries: Tokens<S>, _ keys: Tokens<S>, head: Int, _ dq: inout Tokens<S>,
    _ dk: inout Tokens<S>
  ) {
    let (n, m, c) = (queries.rows, keys.rows, queries.columns)
    let d = c / heads
    let (at, scale) = (head * d, 1 / S(d).squareRoot())
    keys.values.withUnsafeBufferPointer { k in
      queries.values.withUnsafeBufferPointer { q in
        dq.values.withUnsafeMutableBufferPointer { dq in
          S.multiply(
            .init(s, stride: m), .init(k.baseAddress! + at, stride: c), rows: n, columns: d, inner: m, scale: scale,
            keeping: 0, into: dq.baseAddress! + at, stride: c)
        }
        dk.values.withUnsafeMutableBufferPointer { dk in
          S.multiply(
            .init(s, stride: m, isTransposed: true), .init(q.baseAddress! + at, stride: c), rows: m, columns: d,
            inner: n, scale: scale, keeping: 0, into: dk.baseAddress! + at, stride: c)
          guard kernel == .gaussian else { return }
          for j in 0..<m {
            var sum: S = 0
            for r in 0..<n { sum += s[r * m + j] }
            for i in 0..<d { dk[j * c + at + i] -= scale * sum * k[j * c + at + i] }
          }
        }
      }
    }
  }

  /// Takes |k|²/(2√d) from the logits of every key.
  @inlinable
  func subtractLengths<S: NetworkScalar>(
    _ k: UnsafePointer<S>, _ logits: UnsafeMutablePointer<S>, _ n: Int, _ m: Int, _ c: Int, _ d: Int
  ) {
    let half = S(0.5) / S(d).squareRoot()
    for j in 0..<m {
      var squares: S = 0
      for i in 0..<d { squares += k[j * c + i] * k[j * c + i] }
      for r in 0..<n { logits[r * m + j] -= half * squares }
    }
  }

  /// Exponentials of a row over their sum.
  @inlinable
  func normalize<S: NetworkScalar>(_ row: UnsafeMutablePointer<S>, _ m: Int) {
    var highest = row[0]
    for j in 1..<max(1, m) where row[j] > highest { highest = row[j] }
    for j in 0..<m { row[j] -= highest }
    S.exponentials(row, count: m)
    var sum: S = 0
    for j in 0..<m { sum += row[j] }
    let inverse = 1 / sum
    for j in 0..<m { row[j] *= inverse }
  }
}
