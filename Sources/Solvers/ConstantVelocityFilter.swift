/// A Kalman filter over four coordinates that move at constant velocity, with full covariance.
///
/// The state is (p, v) with p, v ∈ R⁴ and covariance blocks `P = [A B; Bᵀ C]`. Time is counted in steps; velocities are
/// per step (Bar-Shalom, Li, Kirubarajan, *Estimation with Applications to Tracking and Navigation*, 2001, section 6.2).
public struct ConstantVelocityFilter: Sendable, Equatable {
  /// The coordinates.
  public var position: SIMD4<Double>
  /// Their change per step.
  public var velocity: SIMD4<Double>
  /// Covariance of the coordinates, A.
  public var positionCovariance: Matrix4
  /// Covariance of coordinates (rows) and velocities (columns), B.
  public var crossCovariance: Matrix4
  /// Covariance of the velocities, C.
  public var velocityCovariance: Matrix4

  /// A filter that knows the coordinates and the velocities (zero) up to the given standard deviations.
  public init(position: SIMD4<Double>, deviation: SIMD4<Double>, velocityDeviation: SIMD4<Double>) {
    self.position = position
    velocity = .zero
    positionCovariance = Matrix4(diagonal: deviation * deviation)
    crossCovariance = .zero
    velocityCovariance = Matrix4(diagonal: velocityDeviation * velocityDeviation)
  }

  /// One step further: `p ← p + v`, `v ← φ v`, with white accelerations.
  ///
  ///     A ← A + B + Bᵀ + C + Q/3,  B ← (B + C) Φ + Q/2,  C ← Φ C Φ + Q,  Q = diag(acceleration²)
  /// - Parameters:
  ///   - acceleration: standard deviation of the change of each velocity in a step.
  ///   - persistence: φ, the share of each velocity that is kept in a step, from 0 to 1.
  public mutating func predict(acceleration: SIMD4<Double>, persistence: SIMD4<Double>) {
    let noise = acceleration * acceleration
    let phi = Matrix4(diagonal: persistence)
    position += velocity
    velocity *= persistence
    positionCovariance +=
      crossCovariance + crossCovariance.transpose + velocityCovariance + Matrix4(diagonal: noise / 3)
    crossCovariance = (crossCovariance + velocityCovariance) * phi + Matrix4(diagonal: noise / 2)
    velocityCovariance = phi * velocityCovariance * phi + Matrix4(diagonal: noise)
  }

  /// Replaces what is known of the coordinates, and draws the velocities along.
  ///
  /// A measurement that was fused with the prior elsewhere, as an iterated update does, leaves a posterior (p', A').
  /// With the gain `G = Bᵀ A⁻¹` the velocities follow: `v ← v + G (p' - p)`, `C ← C - G (A - A') Gᵀ`, `Bᵀ ← G A'`.
  /// Nothing happens when the prior covariance is not positive definite.
  public mutating func condition(position posterior: SIMD4<Double>, covariance: Matrix4) {
    guard let inverse = positionCovariance.inverseOfPositiveDefinite else { return }
    let gain = crossCovariance.transpose * inverse
    velocity += gain * (posterior - position)
    velocityCovariance += gain * (covariance - positionCovariance) * gain.transpose
    crossCovariance = (gain * covariance).transpose
    position = posterior
    positionCovariance = covariance
  }

  /// The filter after a measurement of all coordinates with covariance R; nil when A or R is not positive definite.
  ///
  /// `A' = (A⁻¹ + R⁻¹)⁻¹`, `p' = p + A' R⁻¹ offset`, and the velocities are drawn along.
  /// - Parameter offset: what was measured less ``position``; angles may be wrapped.
  public func fused(offset: SIMD4<Double>, covariance: Matrix4) -> ConstantVelocityFilter? {
    guard let information = positionCovariance.inverseOfPositiveDefinite,
      let measured = covariance.inverseOfPositiveDefinite,
      let fused = (information + measured).inverseOfPositiveDefinite
    else { return nil }
    var filter = self
    filter.condition(position: position + fused * (measured * offset), covariance: fused)
    return filter
  }

  /// The squared Mahalanobis distance of a measurement with covariance R, `offsetᵀ (A + R)⁻¹ offset`; nil when `A + R` is not
  /// positive definite.
  public func squaredDistance(offset: SIMD4<Double>, covariance: Matrix4) -> Double? {
    (positionCovariance + covariance).inverseOfPositiveDefinite.map { (($0 * offset) * offset).sum() }
  }
}
