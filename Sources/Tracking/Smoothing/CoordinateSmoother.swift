import Solvers

/// Four coordinates of an object in some of the frames, ascending.
struct CoordinateTrack: Sendable {
  var frames: [Int] = []
  var values: [SIMD4<Double>] = []
}

/// Smooths the coordinates of objects and fills short gaps between their frames.
struct CoordinateSmoother: Sendable {
  /// The longest gap that is filled, frames.
  let maxGap: Int

  /// The coordinates of an object by frame.
  typealias Path = [Int: SIMD4<Double>]

  /// The smoothed coordinates of all frames that are there and of those in short gaps, and the standard deviation of what
  /// was given. Noise and agility are those that make all tracks together most likely; a track is cut at longer gaps.
  func callAsFunction(_ tracks: [CoordinateTrack]) -> (paths: [Path], deviation: SIMD4<Double>?) {
    let pieces = tracks.map(self.pieces)
    let all = pieces.flatMap { $0.map(\.measurements) }
    guard !all.isEmpty else { return (tracks.map { _ in [:] }, nil) }
    let smoother = ConstantVelocitySmoother.fitted(to: all)
    let paths = pieces.map { pieces in
      var path = Path()
      for piece in pieces {
        for (k, state) in smoother(piece.measurements).enumerated() { path[piece.first + k] = state.position }
      }
      return path
    }
    return (paths, smoother.noise.squareRoot())
  }

  /// A track cut at gaps that are too long: the first frame of each piece, and a measurement or none for every frame.
  private func pieces(_ track: CoordinateTrack) -> [(first: Int, measurements: [SIMD4<Double>?])] {
    var pieces: [(first: Int, measurements: [SIMD4<Double>?])] = []
    for (frame, value) in zip(track.frames, track.values) {
      if let last = pieces.last, case let missing = frame - last.first - last.measurements.count, missing <= maxGap {
        pieces[pieces.count - 1].measurements += Array(repeating: nil, count: missing) + [value]
      } else {
        pieces.append((frame, [value]))
      }
    }
    return pieces
  }
}
