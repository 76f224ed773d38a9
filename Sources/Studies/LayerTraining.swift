import LinearAlgebra
import Solvers

/// Two linear layers trained on `y = x + noise` with the loss |r|² and batches of one.
struct LayerTraining: Sendable {
  /// The variances of the inputs and of the noise, one per coordinate.
  var inputs, noise: [Double]
  var width: Int
  var step: Double
  var steps = 0
  /// Weight decay γ of a loss with γ |θ|².
  var decay = 0.0

  init(inputs: [Double], noise: [Double], width: Int, step: Double, steps: Int = 0) {
    (self.inputs, self.noise, self.width, self.step, self.steps) = (inputs, noise, width, step, steps)
  }

  /// Means over the second half of a run.
  struct Result: Sendable {
    /// The sides of the balance without decay, and the squares that a decay term is a multiple of.
    var outerSide, innerSide, outerSquare, innerSquare: Matrix<Double>
    var ratio = 0.0
    var sharpness = 0.0
    /// Mismatch over step size times iterations.
    var history: [(Double, Double)] = []

    var mismatch: Double { FactorizedLayers.mismatch(outerSide, innerSide) }

    func mismatch(decay k: Double) -> Double {
      FactorizedLayers.mismatch(outerSide + k * outerSquare, innerSide + k * innerSquare)
    }
  }

  private var inputCovariance: Matrix<Double> { Matrix(diagonal: inputs) }

  private func start(_ random: inout SeededGenerator) -> FactorizedLayers {
    let inner = random.gaussianMatrix(
      rows: width, columns: inputs.count, times: (1 / Double(inputs.count)).squareRoot())
    let outer = random.gaussianMatrix(rows: noise.count, columns: width, times: 0.5 / Double(width).squareRoot())
    return FactorizedLayers(outer: outer, inner: inner)
  }

  private func gradientNoise(_ layers: FactorizedLayers) -> GradientNoise {
    GradientNoise(
      deviation: layers.product - .identity(inputs.count), inputCovariance: inputCovariance,
      noiseCovariance: Matrix(diagonal: noise))
  }

  /// Stochastic gradient descent; every twentieth step of the second half counts.
  func stochastic(seed: UInt64, stream: Int) -> Result {
    var random = SeededGenerator(seed: seed, stream: stream)
    var layers = start(&random)
    let none = Matrix<Double>(rows: width, columns: width)
    var result = Result(outerSide: none, innerSide: none, outerSquare: none, innerSquare: none)
    var (counted, outerNorm, innerNorm) = (0.0, 0.0, 0.0)
    let (inputDeviations, noiseDeviations) = (inputs.map { $0.squareRoot() }, noise.map { $0.squareRoot() })
    for t in 0..<steps {
      if t % max(1, steps / 100) == 0 {
        result.history.append((Double(t) * step, layers.mismatch(gradientNoise(layers))))
      }
      if t >= steps / 2, t % 20 == 0 {
        let (p, q) = layers.sides(gradientNoise(layers))
        result.outerSide.add(p)
        result.innerSide.add(q)
        result.outerSquare.add(layers.outer.transposedTimes(layers.outer))
        result.innerSquare.add(layers.inner.timesTransposed(layers.inner))
        outerNorm += layers.outer.squaredNorm
        innerNorm += layers.inner.squaredNorm
        result.sharpness += layers.sharpness(inputCovariance: inputCovariance)
        counted += 1
      }
      let x = inputDeviations.map { $0 * random.gaussian() }
      let hidden = layers.inner * x
      var residual = layers.outer * hidden
      for k in residual.indices { residual[k] -= x[k] + noiseDeviations[k] * random.gaussian() }
      let back = layers.outer.transposedTimes(residual)
      if decay > 0 {
        layers.outer = (1 - 2 * step * decay) * layers.outer
        layers.inner = (1 - 2 * step * decay) * layers.inner
      }
      layers.outer.addOuter(residual, hidden, times: -2 * step)
      layers.inner.addOuter(back, x, times: -2 * step)
    }
    let share = counted > 0 ? 1 / counted : 0
    for path in [\Result.outerSide, \.innerSide, \.outerSquare, \.innerSquare] {
      result[keyPath: path] = share * result[keyPath: path]
    }
    result.sharpness *= share
    result.ratio = outerNorm / innerNorm
    return result
  }

  /// Gradient descent on the expected loss, from the start of the stochastic run.
  func exact(steps: Int, seed: UInt64, stream: Int) -> (layers: FactorizedLayers, noise: GradientNoise) {
    var random = SeededGenerator(seed: seed, stream: stream)
    var layers = start(&random)
    for _ in 0..<steps {
      let error = (layers.product - .identity(inputs.count)) * inputCovariance
      let (outer, inner) = (error.timesTransposed(layers.inner), layers.outer.transposedTimes(error))
      layers.outer.add(outer, times: -2 * step)
      layers.inner.add(inner, times: -2 * step)
    }
    return (layers, gradientNoise(layers))
  }
}
