/// What a prediction costs, with the derivative that training follows.
public enum Loss {
  /// Quadratic for small errors, linear for large ones (Huber 1964, scaled): `e²/2w` below w, `|e| - w/2` beyond.
  /// - Parameter width: w, the error at which the two pieces meet.
  @inlinable
  public static func smoothAbsolute<S: NetworkScalar>(_ error: S, width: S) -> (value: S, slope: S) {
    let size = abs(error)
    if size < width { return (error * error / (2 * width), error / width) }
    return (size - width / 2, error > 0 ? 1 : -1)
  }

  /// The cost of a logit where the truth is 0 or 1, or a share between: `log(1 + exp(x)) - t x`.
  @inlinable
  public static func binaryCrossEntropy<S: NetworkScalar>(logit x: S, target t: S) -> (value: S, slope: S) {
    // The larger of x and 0 outside keeps the exponential below 1.
    let value = max(x, 0) - x * t + S.logarithm(1 + S.exponential(-abs(x)))
    return (value, logistic(x) - t)
  }

  /// The cost of logits where one of the classes is true: `log Σ exp(x) - x[true]`.
  @inlinable
  public static func crossEntropy<S: NetworkScalar>(logits x: [S], target: Int) -> (value: S, slopes: [S]) {
    precondition(x.indices.contains(target), "class \(target) of \(x.count)")
    let highest = x.max() ?? 0
    let powers = x.map { S.exponential($0 - highest) }
    let sum = powers.reduce(0, +)
    var slopes = powers.map { $0 / sum }
    slopes[target] -= 1
    return (S.logarithm(sum) + highest - x[target], slopes)
  }

  /// The cost of an error whose variance is predicted, too: `(e² exp(-s) + s) / 2` with s the logarithm of the variance.
  @inlinable
  public static func gaussian<S: NetworkScalar>(
    _ error: S, logVariance s: S
  ) -> (value: S, slope: S, logVarianceSlope: S) {
    let precision = S.exponential(-s)
    return (
      (error * error * precision + s) / 2, error * precision, (1 - error * error * precision) / 2
    )
  }

  /// What two equal rectangles with parallel sides lack of covering each other: 1 - intersection over union.
  ///
  /// Where they lie apart the cost is 1 and the derivative zero.
  /// - Parameters:
  ///   - offset: from one centre to the other.
  ///   - size: length and width, both positive.
  @inlinable
  public static func rectangleOverlap<S: NetworkScalar>(
    offset: SIMD2<S>, size: SIMD2<S>
  ) -> (value: S, slope: SIMD2<S>) {
    let (x, y) = (size.x - abs(offset.x), size.y - abs(offset.y))
    guard x > 0, y > 0 else { return (1, .zero) }
    let common = x * y
    let union = 2 * size.x * size.y - common
    // d(I/U) = 2 l w dI / U²
    let rate = 2 * size.x * size.y / (union * union)
    let signs = SIMD2<S>(offset.x > 0 ? 1 : offset.x < 0 ? -1 : 0, offset.y > 0 ? 1 : offset.y < 0 ? -1 : 0)
    return (1 - common / union, SIMD2(rate * y * signs.x, rate * x * signs.y))
  }
}
