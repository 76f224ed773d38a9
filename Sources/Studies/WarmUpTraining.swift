import LinearAlgebra
import Solvers

/// Two linear layers 30-60-30 from Kaiming's start, trained on a rank-one map with unit noise and batches of one.
struct WarmUpTraining: Sendable {
  let seed: UInt64
  let stream: Int

  /// Trains with a step, after a warm-up with another where one is given.
  /// - Returns: whether it stayed finite, and the sharpness before the step is taken up.
  func run(step: Double, steps: Int, warmUp: (step: Double, steps: Int)?) -> (isStable: Bool, sharpness: Double) {
    var random = SeededGenerator(seed: seed, stream: stream)
    let (size, width) = (30, 60)
    var layers = FactorizedLayers(
      outer: random.gaussianMatrix(rows: size, columns: width, times: (2 / Double(width)).squareRoot()),
      inner: random.gaussianMatrix(rows: width, columns: size, times: (2 / Double(size)).squareRoot()))
    let (a, b) = (random.gaussians(size), random.gaussians(size))
    let (left, right) = (a.scaled(by: 1 / a.norm), b.scaled(by: 1 / b.norm))
    let delay = warmUp?.steps ?? 0
    var sharpness = 0.0
    for t in 0..<delay + steps {
      if t == delay { sharpness = layers.sharpness(inputCovariance: .identity(size)) }
      let rate = t < delay ? warmUp?.step ?? step : step
      let x = random.gaussians(size)
      let hidden = layers.inner * x
      var residual = layers.outer * hidden
      residual.add(left, times: -right.dot(x))
      residual.add(random.gaussians(size), times: -1)
      guard residual.squaredNorm < 1e12 else { return (false, sharpness) }
      let back = layers.outer.transposedTimes(residual)
      layers.outer.addOuter(residual, hidden, times: -2 * rate)
      layers.inner.addOuter(back, x, times: -2 * rate)
    }
    return (true, sharpness)
  }
}
