import LinearAlgebra

/// The proximal operator of the negative entropy of a Gaussian, `h(C) = -log |det C|`:
///
///     prox(C') = argmin_C h(C) + |C - C'|² / 2γ.
///
/// Over lower triangular C it moves the diagonal alone, `c → (c + √(c² + 4γ)) / 2`, which is positive whatever c was: the
/// scale stays regular without a floor.
public struct EntropyProximal: Sendable {
  /// The weight γ of the entropy against the distance.
  public let step: Double

  /// The operator of a positive step.
  public init(step: Double) { self.step = step }

  /// One diagonal entry.
  public func callAsFunction(_ c: Double) -> Double {
    let root = (c * c + 4 * step).squareRoot()
    // Far below zero, the sum would cancel.
    return c >= 0 ? (c + root) / 2 : 2 * step / (root - c)
  }

  /// A lower triangular scale.
  public func callAsFunction(_ scale: Matrix<Double>) -> Matrix<Double> {
    var result = scale
    for k in 0..<scale.rows { result[k, k] = self(scale[k, k]) }
    return result
  }
}
