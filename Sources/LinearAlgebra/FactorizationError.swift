/// Why a matrix has no factors.
public enum FactorizationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// An entry is NaN or infinite.
  case notFinite
  /// The leading minor of this order is not positive.
  case notPositiveDefinite(order: Int)
  /// LAPACK's iteration did not end.
  case noConvergence

  /// The reason in words.
  public var description: String {
    switch self {
    case .notFinite: "the matrix has entries that are not finite"
    case .notPositiveDefinite(let order):
      "the matrix is not positive definite: its leading minor of order \(order) is not positive"
    case .noConvergence: "the iteration for the factors did not converge"
    }
  }
}
