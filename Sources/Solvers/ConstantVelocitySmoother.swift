/// Smooths four coordinates that move at constant velocity, each by itself: a Kalman filter forwards, then the pass
/// backwards of Rauch, Tung and Striebel (*Maximum likelihood estimates of linear dynamic systems*, AIAA Journal 3, 1965).
///
///     p ← p + v, v ← v + white acceleration, Q = q [1/3 1/2; 1/2 1];   z = p + noise of variance r
///
/// The result is the mean of the states given all measurements. Time is counted in steps. Linear in the number of steps.
public struct ConstantVelocitySmoother: Sendable, Equatable {
  /// Variance r of the measurements, positive.
  public var noise: SIMD4<Double>
  /// Variance q of the change of each velocity in a step, positive.
  public var acceleration: SIMD4<Double>
  /// Variance of the velocities before the first step, about zero.
  public var velocityVariance: SIMD4<Double>

  /// A smoother.
  public init(noise: SIMD4<Double>, acceleration: SIMD4<Double>, velocityVariance: SIMD4<Double>) {
    (self.noise, self.acceleration, self.velocityVariance) = (noise, acceleration, velocityVariance)
  }

  /// What is known of the coordinates at a step.
  public struct State: Sendable, Equatable {
    /// The coordinates.
    public var position: SIMD4<Double>
    /// Their change per step.
    public var velocity: SIMD4<Double>
    /// Variance of each coordinate.
    public var variance: SIMD4<Double>
    /// Covariance of each coordinate with its velocity.
    public var crossVariance: SIMD4<Double>
    /// Variance of each velocity.
    public var velocityVariance: SIMD4<Double>
  }

  /// The states of all steps.
  /// - Parameter measurements: one per step, nil where there is none; the first and the last are there.
  public func callAsFunction(_ measurements: [SIMD4<Double>?]) -> [State] {
    var states: [State] = []
    var predictions: [State] = []
    filter(measurements) { prediction, state, _ in
      predictions.append(prediction)
      states.append(state)
    }
    for k in states.indices.dropLast().reversed() {
      states[k] = states[k].smoothed(next: states[k + 1], predicted: predictions[k + 1])
    }
    return states
  }

  /// Runs forwards and tells at each step the prediction, the state after the measurement, and how far the measurement was
  /// from the prediction.
  func filter(_ measurements: [SIMD4<Double>?], _ tell: (State, State, SIMD4<Double>?) -> Void) {
    guard let first = measurements.first ?? nil else {
      precondition(measurements.isEmpty, "the first step has no measurement")
      return
    }
    var state = State(
      position: first, velocity: .zero, variance: noise, crossVariance: .zero, velocityVariance: velocityVariance)
    tell(state, state, nil)
    for measurement in measurements.dropFirst() {
      let prediction = state.advanced(acceleration)
      state = prediction
      if let measurement { state.correct(by: measurement - prediction.position, noise) }
      tell(prediction, state, measurement.map { $0 - prediction.position })
    }
  }
}

extension ConstantVelocitySmoother.State {
  /// One step further: `P ← F P Fᵀ + Q`.
  fileprivate func advanced(_ q: SIMD4<Double>) -> Self {
    Self(
      position: position + velocity, velocity: velocity,
      variance: variance + 2 * crossVariance + velocityVariance + q / 3,
      crossVariance: crossVariance + velocityVariance + q / 2, velocityVariance: velocityVariance + q)
  }

  /// Takes a measurement in.
  fileprivate mutating func correct(by innovation: SIMD4<Double>, _ noise: SIMD4<Double>) {
    let total = variance + noise
    let (gain, velocityGain) = (variance / total, crossVariance / total)
    position += gain * innovation
    velocity += velocityGain * innovation
    velocityVariance -= velocityGain * crossVariance
    // noise / total is 1 - gain without its rounding.
    crossVariance *= noise / total
    variance *= noise / total
  }

  /// The state given the later measurements, too: `x ← x + G (x' - x̄')`, `P ← P + G (P' - P̄') Gᵀ`, `G = P Fᵀ P̄'⁻¹`.
  fileprivate func smoothed(next: Self, predicted: Self) -> Self {
    let (a, b, c) = (predicted.variance, predicted.crossVariance, predicted.velocityVariance)
    let determinant = a * c - b * b
    let (pa, pb) = (variance + crossVariance, crossVariance)
    let (va, vb) = (crossVariance + velocityVariance, velocityVariance)
    let (g11, g12) = ((pa * c - pb * b) / determinant, (pb * a - pa * b) / determinant)
    let (g21, g22) = ((va * c - vb * b) / determinant, (vb * a - va * b) / determinant)
    let (dp, dv) = (next.position - predicted.position, next.velocity - predicted.velocity)
    let (da, db, dc) = (next.variance - a, next.crossVariance - b, next.velocityVariance - c)
    return Self(
      position: position + g11 * dp + g12 * dv, velocity: velocity + g21 * dp + g22 * dv,
      variance: variance + g11 * g11 * da + 2 * g11 * g12 * db + g12 * g12 * dc,
      crossVariance: crossVariance + g11 * g21 * da + (g11 * g22 + g12 * g21) * db + g12 * g22 * dc,
      velocityVariance: velocityVariance + g21 * g21 * da + 2 * g21 * g22 * db + g22 * g22 * dc)
  }
}
