import LinearAlgebra
import Networks

/// Random tokens.
func tokens(_ rows: Int, _ columns: Int, seed: UInt64) -> Tokens<Double> {
  Tokens(rows: rows, columns: columns, values: numbers(rows * columns, seed: seed))
}

/// Normal numbers.
func numbers(_ count: Int, seed: UInt64) -> [Double] {
  var rng = SeededGenerator(seed: seed)
  return (0..<count).map { _ in rng.gaussian() }
}

/// Compares hand-written derivatives of `Σ w y(inputs, parameters)`, w random, with differences; returns the largest
/// relative error over all inputs and parameters.
/// - Parameters:
///   - forward: the outputs.
///   - backward: from the gradient of the outputs, those of the inputs; adds those of the parameters.
func gradientError(
  _ inputs: [Tokens<Double>], parameters: [Double] = [],
  _ forward: ([Tokens<Double>], [Double]) -> Tokens<Double>,
  _ backward: (Tokens<Double>, [Tokens<Double>], [Double], inout [Double]) -> [Tokens<Double>]
) -> Double {
  let output = forward(inputs, parameters)
  let weights = Tokens(
    rows: output.rows, columns: output.columns, values: numbers(output.values.count, seed: 77))
  func loss(_ inputs: [Tokens<Double>], _ parameters: [Double]) -> Double {
    zip(forward(inputs, parameters).values, weights.values).reduce(0) { $0 + $1.0 * $1.1 }
  }
  var gradient = [Double](repeating: 0, count: parameters.count)
  let slopes = backward(weights, inputs, parameters, &gradient)
  var worst = 0.0
  for (k, input) in inputs.enumerated() {
    let error = GradientCheck().error(of: slopes[k].values, at: input.values) { values in
      var moved = inputs
      moved[k].values = values
      return loss(moved, parameters)
    }
    worst = max(worst, error)
  }
  if !parameters.isEmpty {
    worst = max(worst, GradientCheck().error(of: gradient, at: parameters) { loss(inputs, $0) })
  }
  return worst
}
