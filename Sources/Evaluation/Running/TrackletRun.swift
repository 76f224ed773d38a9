import Geometry

/// What Plumb made of one object of a tracking benchmark.
package struct TrackletRun: Sendable {
  /// The labelled frames up to a failure, in order; the first holds the given box.
  package var frames: [Frame]
  /// The boxes against the truth.
  package var score: TrackletScore
  /// Scans that could not be used and count as empty, one line each.
  package var notes: [String]
  /// Wall-clock seconds, reading included.
  package var seconds: Double

  /// One frame.
  package struct Frame: Sendable {
    /// The frame's number.
    package var number: Int
    /// Where the object is believed to be, in the scanner's frame.
    package var box: Box3
    /// Whether the scan shows the object; otherwise the box coasts on the motion so far.
    package var isSeen: Bool
    /// How well scan and template explain each other, from 0 to 1.
    package var fitness: Double
    /// Wall-clock seconds of tracking, reading not included.
    package var seconds: Double
  }

  /// The boxes by the number of their frame.
  package var boxes: [Int: Box3] { Dictionary(frames.map { ($0.number, $0.box) }, uniquingKeysWith: { $1 }) }
  /// Why the object could not be followed to the end; nil when it was.
  package var failure: TrackletScore.Failure? { score.failure }
  /// The mean time of tracking in a frame after the first; nil where there is none.
  package var secondsPerFrame: Double? {
    frames.count > 1 ? frames.dropFirst().reduce(0) { $0 + $1.seconds } / Double(frames.count - 1) : nil
  }
}
