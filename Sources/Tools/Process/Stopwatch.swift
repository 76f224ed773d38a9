/// Measures wall-clock time from its creation.
struct Stopwatch: Sendable {
  private let start = ContinuousClock.now

  /// Seconds since the start.
  var seconds: Double {
    let elapsed = (ContinuousClock.now - start).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }
}
