import Parallelism

/// Clips of consecutive numbers, of which some come in and as many go after so many steps. Which clips there are at a step
/// follows from the step alone.
struct ClipWindow<Clip: Sendable>: Sendable {
  /// How many clips there are.
  let count: Int
  /// How many come in at once, so that all threads have some to make.
  let arrivals: Int
  /// Steps between two arrivals.
  let pause: Int
  /// The clips.
  private(set) var clips: [Clip] = []
  private var first = 0

  init(count: Int, arrivals: Int, pause: Int) {
    (self.count, self.arrivals, self.pause) = (count, arrivals, pause)
  }

  /// Moves to a step.
  /// - Parameter make: the clip of a number.
  mutating func move(to step: Int, _ make: @Sendable (Int) -> Clip) {
    let start = step / pause * arrivals
    clips.removeFirst(min(clips.count, max(0, start - first)))
    let missing = start + clips.count..<start + count
    clips += Parallel.map(missing.count, grain: 1) { make(missing.lowerBound + $0) }
    first = start
  }
}
