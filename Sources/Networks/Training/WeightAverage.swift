/// A running mean of the weights, which serves better than the last ones (Polyak, Juditsky 1992).
///
///     a ← d a + (1 - d) w,   d = min(decay, (1 + t) / (10 + t))
public struct WeightAverage: Sendable, Equatable {
  /// The share that lasts from step to step once many were taken.
  public var decay: Float
  /// a.
  public private(set) var values: [Float]
  /// t, the steps so far.
  public private(set) var steps: Int

  /// Begins with the weights themselves.
  public init(_ values: [Float], decay: Float = 0.999, steps: Int = 0) {
    (self.values, self.decay, self.steps) = (values, decay, steps)
  }

  /// Takes in the weights after a step.
  public mutating func update(_ weights: [Float]) {
    precondition(weights.count == values.count, "weights of another network")
    let share = 1 - min(decay, Float(1 + steps) / Float(10 + steps))
    for i in weights.indices { values[i] += share * (weights[i] - values[i]) }
    steps += 1
  }
}
