#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How fast to learn at a step: a straight rise to the peak, then half a cosine down to the end.
public struct LearningRate: Sendable {
  /// The highest rate.
  public var peak: Float
  /// The rate at the last step.
  public var end: Float
  /// How many steps it rises.
  public var warmUp: Int
  /// How many steps there are in all; the end holds beyond.
  public var steps: Int

  /// A schedule.
  public init(peak: Float = 1e-3, end: Float = 1e-5, warmUp: Int = 1000, steps: Int) {
    (self.peak, self.end, self.warmUp, self.steps) = (peak, end, warmUp, steps)
  }

  /// The rate at a step, counted from 0.
  public func callAsFunction(_ step: Int) -> Float {
    if step < warmUp { return peak * Float(step + 1) / Float(warmUp) }
    guard step < steps, steps > warmUp else { return end }
    let share = Double(step - warmUp) / Double(steps - warmUp)
    return end + (peak - end) * Float((1 + cos(.pi * share)) / 2)
  }
}
