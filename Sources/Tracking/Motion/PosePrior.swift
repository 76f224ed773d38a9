import Solvers

/// What is known of a pose (x, y, z, yaw) before the scan is looked at: its mean and information matrix, A⁻¹.
struct PosePrior: Sendable {
  var information: Matrix4
  var mean: SIMD4<Double>

  /// Adds a measurement of the height, metres.
  mutating func add(height: Double, deviation: Double) {
    let weight = 1 / (deviation * deviation)
    let right = information * mean + SIMD4(0, 0, weight * height, 0)
    information += Matrix4(diagonal: [0, 0, weight, 0])
    if let inverse = information.inverseOfPositiveDefinite { mean = inverse * right }
  }

  /// The squared Mahalanobis distance of a pose, `(T - T̄)ᵀ A⁻¹ (T - T̄)`.
  func squaredDistance(_ pose: SIMD4<Double>) -> Double {
    let offset = pose - mean
    return ((information * offset) * offset).sum()
  }
}
