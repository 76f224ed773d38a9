import LinearAlgebra
import Solvers

/// `f = |y - t|²/2`, `g = |y - s - x|²/2`, `y ≤ 1 + x`: some of the constraints bind.
struct BilevelQuadratic: CoupledBilevelProblem {
  private let wanted, resting: [Double]

  init(size: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed, stream: 300)
    wanted = random.gaussians(size)
    resting = random.gaussians(size, times: 1.5)
  }

  func upper(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double]) {
    let gap = y.subtracting(wanted)
    return (gap.squaredNorm / 2, x.map { _ in 0 }, gap)
  }

  func lower(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double]) {
    let gap = y.subtracting(resting).subtracting(x)
    return (gap.squaredNorm / 2, gap.scaled(by: -1), gap)
  }

  func constraints(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { $1 - 1 - $0 } }

  func constraintPull(_ x: [Double], _ y: [Double], multipliers: [Double]) -> (dx: [Double], dy: [Double]) {
    (multipliers.scaled(by: -1), multipliers)
  }
}
