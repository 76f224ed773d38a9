import Evaluation
import Geometry
import Tracking

/// Tracks held against labelled boxes.
struct TrackScores {
  /// An object's errors in the frames that have both a tracked and a labelled box.
  struct Errors {
    /// The frames' numbers.
    var frames: [Double] = []
    /// Distances of the centres, metres.
    var distances: [Double] = []
    /// Intersections over union.
    var overlaps: [Double] = []
    /// Angles between the headings, 0 to 180 degrees.
    var turnsDegrees: [Double] = []
  }

  /// The scores of one-pass evaluation of the objects that have labels, by their numbers.
  private(set) var scores: [Int: TrackletScore] = [:]

  /// Scores all tracks that have labels beyond the first box.
  init(_ history: TrackHistory, sequence: String) {
    for track in history.tracks where track.labels.count > 1 {
      let item = TrackletItem(
        id: "\(sequence)/\(track.number)", sequence: sequence, track: track.number, category: track.category,
        frames: track.labels.sorted { $0.key < $1.key }.map { .init(number: $0.key, cloud: nil, box: $0.value) })
      let boxes = Dictionary(track.entries.map { ($0.frame, $0.box) }) { first, _ in first }
      scores[track.number] = TrackletScore(item: item, boxes: boxes)
    }
  }

  /// Success and precision of an object, 0 to 100; nil without labels.
  func figures(_ number: Int) -> (success: Double, precision: Double)? {
    guard let score = scores[number], let success = TrackingMeasures.success(score.overlaps),
      let precision = TrackingMeasures.precision(score.distances)
    else { return nil }
    return (success, precision)
  }

  /// The mean distance of the centres over the labelled frames, metres; nil without labels.
  func meanDistance(_ number: Int) -> Double? {
    guard let distances = scores[number]?.distances, !distances.isEmpty else { return nil }
    return distances.reduce(0, +) / Double(distances.count)
  }

  /// The errors of a track by frame.
  static func errors(_ track: TrackHistory.Track) -> Errors {
    var errors = Errors()
    for entry in track.entries {
      guard let label = track.labels[entry.frame] else { continue }
      errors.frames.append(Double(entry.frame))
      errors.distances.append((entry.box.center - label.center).length)
      errors.overlaps.append(entry.box.intersectionOverUnion(with: label))
      let turn = (entry.box.yawRadians - label.yawRadians).remainder(dividingBy: 2 * .pi)
      errors.turnsDegrees.append(abs(turn) * 180 / .pi)
    }
    return errors
  }
}
