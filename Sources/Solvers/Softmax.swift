import Foundation

extension [Double] {
  /// The logarithm of the sum of exponentials, without overflow; -∞ of nothing.
  public var logSumExp: Double {
    guard let top = self.max(), top.isFinite else { return self.max() ?? -.infinity }
    return top + log(reduce(0) { $0 + exp($1 - top) })
  }

  /// The shares `exp(xᵢ) / Σ exp(xⱼ)`, without overflow.
  public var softmax: [Double] {
    let top = self.max() ?? 0
    var shares = map { exp($0 - top) }
    let total = shares.reduce(0, +)
    for k in shares.indices { shares[k] /= total }
    return shares
  }
}
