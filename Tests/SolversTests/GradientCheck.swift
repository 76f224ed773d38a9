import LinearAlgebra

/// The largest difference between a gradient and central differences, relative to the larger of 1 and the gradient.
func gradientError(
  _ f: ([Double]) -> Double, gradient: [Double], at x: [Double], step: Double = 1e-5
) -> Double {
  let size = max(1, gradient.map(abs).max() ?? 0)
  return x.indices.map { k in
    var (ahead, behind) = (x, x)
    ahead[k] += step
    behind[k] -= step
    return abs((f(ahead) - f(behind)) / (2 * step) - gradient[k]) / size
  }.max() ?? 0
}
