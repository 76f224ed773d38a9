import Foundation
import Solvers

/// The toy of the paper: `f = exp(2-y) / (2 + cos 6x) + ½ ln((4x-2)² + 1)`, `g = (y-2x)²`, `y ≤ x`, x and y in [0, 3].
///
/// The constraint binds: y* = x, μ* = 2x, and the problem is that of f(x, x).
struct BilevelToy: CoupledBilevelProblem {
  static func value(_ x: Double, _ y: Double) -> Double {
    exp(2 - y) / (2 + cos(6 * x)) + 0.5 * log((4 * x - 2) * (4 * x - 2) + 1)
  }

  static func slopes(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    let (e, c) = (exp(2 - y), 2 + cos(6 * x))
    return (6 * e * sin(6 * x) / (c * c) + (16 * x - 8) / ((4 * x - 2) * (4 * x - 2) + 1), -e / c)
  }

  /// The local minima of f(x, x) on [0, 3], by bisection between the points of a grid.
  static func minima() -> [Double] {
    func slope(_ x: Double) -> Double {
      let s = slopes(x, x)
      return s.x + s.y
    }
    let grid = linearSpace(0, 3, count: 3001)
    var found = zip(grid, grid.dropFirst()).compactMap { pair -> Double? in
      var (low, high) = pair
      guard slope(low) < 0, slope(high) >= 0 else { return nil }
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if slope(middle) < 0 { low = middle } else { high = middle }
      }
      return low
    }
    if slope(0) > 0 { found.insert(0, at: 0) }
    if slope(3) < 0 { found.append(3) }
    return found
  }

  func upper(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double]) {
    let s = BilevelToy.slopes(x[0], y[0])
    return (BilevelToy.value(x[0], y[0]), [s.x], [s.y])
  }

  func lower(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double]) {
    let d = y[0] - 2 * x[0]
    return (d * d, [-4 * d], [2 * d])
  }

  func constraints(_ x: [Double], _ y: [Double]) -> [Double] { [y[0] - x[0]] }

  func constraintPull(_ x: [Double], _ y: [Double], multipliers: [Double]) -> (dx: [Double], dy: [Double]) {
    ([-multipliers[0]], [multipliers[0]])
  }

  func project(upper x: inout [Double]) { x[0] = min(max(x[0], 0), 3) }
  func project(lower y: inout [Double]) { y[0] = min(max(y[0], 0), 3) }
}
