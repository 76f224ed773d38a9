/// What bends a network between two linear maps, value by value.
public enum Activation: String, Sendable, CaseIterable {
  /// `max(0, x)`.
  case relu
  /// `x s(x)` with the logistic function s (Ramachandran et al. 2017).
  case silu

  /// The bent values.
  @inlinable
  public func forward<S: NetworkScalar>(_ x: Tokens<S>) -> Tokens<S> {
    var y = x
    y.values.withUnsafeMutableBufferPointer { y in
      switch self {
      case .relu: for i in y.indices { y[i] = y[i] > 0 ? y[i] : 0 }
      case .silu: for i in y.indices { y[i] *= logistic(y[i]) }
      }
    }
    return y
  }

  /// The gradient with respect to the values before.
  @inlinable
  public func backward<S: NetworkScalar>(_ dy: Tokens<S>, input x: Tokens<S>) -> Tokens<S> {
    precondition(dy.values.count == x.values.count, "gradient of another shape")
    var dx = dy
    dx.values.withUnsafeMutableBufferPointer { d in
      x.values.withUnsafeBufferPointer { x in
        switch self {
        case .relu: for i in d.indices { d[i] = x[i] > 0 ? d[i] : 0 }
        case .silu:
          for i in d.indices {
            let s = logistic(x[i])
            d[i] *= s * (1 + x[i] * (1 - s))
          }
        }
      }
    }
    return dx
  }
}

/// The logistic function `1 / (1 + exp(-x))`.
@inlinable
public func logistic<S: NetworkScalar>(_ x: S) -> S { 1 / (1 + S.exponential(-x)) }
