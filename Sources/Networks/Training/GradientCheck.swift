/// Compares a derivative that was worked out by hand with differences of the function.
public struct GradientCheck: Sendable {
  /// How far the function is moved to either side, along each coordinate.
  public var step: Double

  /// Central differences; their own error is of the order of the step squared.
  public init(step: Double = 1e-5) { self.step = step }

  /// The largest difference between the two, relative to the largest component of either.
  /// - Parameters:
  ///   - gradient: the derivative by hand.
  ///   - point: where.
  ///   - function: what is derived.
  public func error(of gradient: [Double], at point: [Double], _ function: ([Double]) -> Double) -> Double {
    precondition(gradient.count == point.count, "\(gradient.count) derivatives of \(point.count) coordinates")
    var (worst, scale) = (0.0, 1e-12)
    var moved = point
    for i in point.indices {
      moved[i] = point[i] + step
      let above = function(moved)
      moved[i] = point[i] - step
      let below = function(moved)
      moved[i] = point[i]
      let slope = (above - below) / (2 * step)
      worst = max(worst, abs(slope - gradient[i]))
      scale = max(scale, max(abs(slope), abs(gradient[i])))
    }
    return worst / scale
  }
}
