import LinearAlgebra

/// A one-layer transformer that reads one token, as a table of logits: row a holds the logits of what follows token a.
///
/// A gradient step on a pair (a, b) moves row a alone, `Y_a ← Y_a - η (p - e_b)`: a row that was never a context keeps its
/// start, which is why a model trained on "A is B" knows nothing of "B is A", and why A → B → C gives no A → C.
///
/// Source: "Towards a theoretical understanding of the reversal curse via training dynamics", NeurIPS 2024, arXiv
/// 2405.04669; the gradient is ours.
public struct LogitTable: Sendable {
  /// Entry (a, b) is the logit of b after a.
  public var logits: Matrix<Double>

  /// A table of zeros, all tokens equally likely.
  public init(vocabulary: Int) { logits = Matrix(rows: vocabulary, columns: vocabulary) }

  /// A gradient step on the sum of the pairs' negative log likelihoods.
  public mutating func step(_ pairs: [TokenPair], rate: Double) {
    let before = logits
    for pair in pairs {
      let p = before.row(pair.context).softmax
      for b in p.indices { logits[pair.context, b] -= rate * (p[b] - (b == pair.next ? 1 : 0)) }
    }
  }

  /// The mean negative log likelihood of pairs; NaN of none.
  public func negativeLogLikelihood(_ pairs: [TokenPair]) -> Double {
    pairs.map { pair in
      let row = logits.row(pair.context)
      return row.logSumExp - row[pair.next]
    }.mean
  }

  /// The likeliest next token, the first of equals.
  public func next(after token: Int) -> Int {
    let row = logits.row(token)
    return row.indices.max { (row[$0], -$0) < (row[$1], -$1) } ?? 0
  }
}

/// A token and the one that follows it.
public struct TokenPair: Sendable, Equatable {
  /// The token that is read.
  public let context: Int
  /// The token to be said.
  public let next: Int

  /// A pair.
  public init(_ context: Int, _ next: Int) { (self.context, self.next) = (context, next) }

  /// The pair the other way round.
  public var reversed: TokenPair { TokenPair(next, context) }
}
