/// Two nested problems with coupled constraints:
///
///     min_x f(x, y*(x)),   y*(x) = argmin_y { g(x, y) : c(x, y) ≤ 0 },
///
/// g strongly convex in y. Derivatives are written by hand.
public protocol CoupledBilevelProblem: Sendable {
  /// f with its gradients in x and y.
  func upper(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double])
  /// g with its gradients in x and y.
  func lower(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double])
  /// c, one number per constraint.
  func constraints(_ x: [Double], _ y: [Double]) -> [Double]
  /// The Jacobians of c, transposed, times multipliers.
  func constraintPull(_ x: [Double], _ y: [Double], multipliers: [Double]) -> (dx: [Double], dy: [Double])
  /// Moves x to the nearest allowed place.
  func project(upper x: inout [Double])
  /// Moves y to the nearest allowed place.
  func project(lower y: inout [Double])
  /// The exact minimum over y of `α f + β g + ⟨μ, c⟩`, where the problem has a faster way than gradient steps; nil where
  /// it has none.
  func minimizer(
    upperWeight: Double, lowerWeight: Double, _ x: [Double], multipliers: [Double], near y: [Double]
  ) -> [Double]?
}

extension CoupledBilevelProblem {
  /// No faster way.
  public func minimizer(
    upperWeight: Double, lowerWeight: Double, _ x: [Double], multipliers: [Double], near y: [Double]
  ) -> [Double]? { nil }

  /// All x are allowed.
  public func project(upper x: inout [Double]) {}

  /// All y are allowed.
  public func project(lower y: inout [Double]) {}
}
