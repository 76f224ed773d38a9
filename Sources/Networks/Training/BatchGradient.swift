import Parallelism

/// The mean gradient of a batch of samples, worked out by all threads.
///
/// The batch is cut into parts whose number is fixed, each part is added up by one thread in the order of its samples,
/// and the parts are added in their order: the bits do not depend on the number of threads.
public struct BatchGradient: Sendable {
  /// Into how many parts a batch is cut.
  public var parts: Int

  /// The mean of a batch.
  public init(parts: Int = 8) { self.parts = parts }

  /// The mean over samples of the loss and of its gradient.
  /// - Parameters:
  ///   - count: how many samples there are; at least one.
  ///   - length: how many parameters there are.
  ///   - sample: adds the gradient of a sample and returns its loss.
  public func callAsFunction(
    _ count: Int, length: Int, _ sample: @Sendable (Int, inout [Float]) -> Double
  ) -> (loss: Double, gradient: [Float]) {
    precondition(count > 0, "a batch without samples")
    let parts = min(self.parts, count)
    let sums = Parallel.map(parts, grain: 1) { part in
      var (loss, gradient) = (0.0, [Float](repeating: 0, count: length))
      for i in count * part / parts..<count * (part + 1) / parts { loss += sample(i, &gradient) }
      return (loss, gradient)
    }
    var (loss, gradient) = sums[0]
    for (other, part) in sums.dropFirst() {
      loss += other
      for i in 0..<length { gradient[i] += part[i] }
    }
    let share = 1 / Float(count)
    for i in 0..<length { gradient[i] *= share }
    return (loss / Double(count), gradient)
  }
}
