/// The published protocols for following one object, by name.
public enum TrackingProtocol: String, CaseIterable, Sendable {
  /// One-pass evaluation: Success and Precision over all frames of a class, the given first ones included.
  case ope
  /// LiDAR-SOT (Waymo): accuracy and robustness of every object, weighted by its frames, the given first one excluded.
  case lidarSOT = "lidar-sot"

  /// The protocol in words.
  public var title: String {
    switch self {
    case .ope: "one-pass evaluation: first frame included, classes weighted by their frames"
    case .lidarSOT: "LiDAR-SOT: first frame excluded, objects weighted by their frames"
    }
  }
}

/// Scores of followed objects, judged under one protocol.
public struct TrackingEvaluation: Sendable {
  /// The protocol.
  public var `protocol`: TrackingProtocol

  /// An evaluation under a protocol.
  public init(protocol: TrackingProtocol = .ope) { self.protocol = `protocol` }

  /// One table: a row for every class (Car, Pedestrian, Van, Cyclist, then others in order of appearance) and the mean
  /// weighted by frames; none without an object.
  public func tables(_ scores: [TrackletScore]) -> [ScoreTable] {
    let classes = self.classes(scores)
    guard !classes.isEmpty else { return [] }
    let figures = classes.map { self.figures($0.scores) }
    var rows = zip(classes, figures).map { kind, figures in
      ScoreTable.Row(name: kind.name, cells: cells(figures))
    }
    rows.append(ScoreTable.Row(name: "mean by frames", cells: cells(mean(figures)), isSummary: true))
    let heads = `protocol` == .ope ? ["Success", "Precision"] : ["Accuracy", "Robustness"]
    return [
      ScoreTable(
        title: "tracking, \(`protocol`.title)", columns: ["class", "tracklets", "frames"] + heads, rows: rows,
        notes: notes(scores))
    ]
  }

  /// The curves whose areas the table states: one line per class.
  public func curves(_ scores: [TrackletScore]) -> [Curve] {
    let classes = self.classes(scores)
    guard !classes.isEmpty else { return [] }
    func curve(
      _ title: String, _ x: String, _ y: String, _ thresholds: [Double], _ shares: ([TrackletScore]) -> [Double]?
    ) -> Curve {
      let lines = classes.compactMap { kind in
        shares(kind.scores).map { shares in
          Curve.Line(name: kind.name, points: zip(thresholds, shares).map { (x: $0, y: 100 * $1) })
        }
      }
      return Curve(title: title, xLabel: x, yLabel: y, lines: lines)
    }
    let (overlaps, distances) = (TrackingMeasures.overlapThresholds, TrackingMeasures.distanceThresholds)
    switch `protocol` {
    case .ope:
      return [
        curve("Success", "overlap (IoU) of at least", "frames, %", overlaps) { scores in
          let all = scores.flatMap(\.overlaps)
          return all.isEmpty ? nil : TrackingMeasures.overlapShares(all)
        },
        curve("Precision", "centre distance of at most, m", "frames, %", distances) { scores in
          let all = scores.flatMap(\.distances)
          return all.isEmpty ? nil : TrackingMeasures.distanceShares(all)
        },
      ]
    case .lidarSOT:
      return [
        curve("Robustness", "overlap (IoU) of at least", "frames until lost, %", overlaps) { scores in
          lifetimes(scores)
        }
      ]
    }
  }

  /// What a row shows.
  private struct Figures {
    var tracklets: Int
    var frames: Int
    /// Success and precision, or accuracy and robustness; nil without a frame.
    var values: (Double, Double)?
  }

  /// The classes in the order of the benchmark's tables.
  private func classes(_ scores: [TrackletScore]) -> [(name: String, scores: [TrackletScore])] {
    let known = ["Car", "Pedestrian", "Van", "Cyclist"]
    let groups = PairEvaluation.grouped(scores, by: \.category)
    return known.compactMap { name in groups.first { $0.name == name } } + groups.filter { !known.contains($0.name) }
  }

  private func figures(_ scores: [TrackletScore]) -> Figures {
    switch `protocol` {
    case .ope:
      let (overlaps, distances) = (scores.flatMap(\.overlaps), scores.flatMap(\.distances))
      let success = TrackingMeasures.success(overlaps)
      let precision = TrackingMeasures.precision(distances)
      return Figures(
        tracklets: scores.count, frames: overlaps.count,
        values: success.flatMap { success in precision.map { (success, $0) } })
    case .lidarSOT:
      let objects = scores.map { Array($0.overlaps.dropFirst()) }.filter { !$0.isEmpty }
      let frames = objects.reduce(0) { $0 + $1.count }
      guard frames > 0 else { return Figures(tracklets: scores.count, frames: 0, values: nil) }
      let accuracy = objects.flatMap { $0 }.pairwiseSum / Double(frames)
      let robustness = objects.map { Double($0.count) * (TrackingMeasures.robustness($0) ?? 0) }.pairwiseSum
      return Figures(tracklets: scores.count, frames: frames, values: (accuracy, robustness / Double(frames)))
    }
  }

  /// The sums of the counts and the mean of the values, weighted by frames.
  private func mean(_ rows: [Figures]) -> Figures {
    let frames = rows.reduce(0) { $0 + $1.frames }
    func weighted(_ value: ((Double, Double)) -> Double) -> Double {
      rows.compactMap { row in row.values.map { value($0) * Double(row.frames) } }.pairwiseSum / Double(frames)
    }
    return Figures(
      tracklets: rows.reduce(0) { $0 + $1.tracklets }, frames: frames,
      values: frames == 0 ? nil : (weighted(\.0), weighted(\.1)))
  }

  private func cells(_ figures: Figures) -> [ScoreTable.Cell] {
    let decimals = `protocol` == .ope ? 1 : 3
    let values: [ScoreTable.Cell] =
      figures.values.map { [.number($0.0, decimals: decimals), .number($0.1, decimals: decimals)] } ?? [.none, .none]
    return [.count(figures.tracklets), .count(figures.frames)] + values
  }

  /// The shares of frames until the object is lost, weighted by frames.
  private func lifetimes(_ scores: [TrackletScore]) -> [Double]? {
    let objects = scores.map { Array($0.overlaps.dropFirst()) }.filter { !$0.isEmpty }
    guard !objects.isEmpty else { return nil }
    let frames = Double(objects.reduce(0) { $0 + $1.count })
    let lifetimes = objects.map(TrackingMeasures.lifetimes)
    return TrackingMeasures.overlapThresholds.indices.map { k in
      zip(objects, lifetimes).map { Double($0.count) * $1[k] }.pairwiseSum / frames
    }
  }

  private func notes(_ scores: [TrackletScore]) -> [String] {
    var notes: [String] = []
    let missing = scores.reduce(0) { $0 + $1.missingFrames }
    if missing > 0 { notes.append("\(missing) frames without an estimate repeat the box before") }
    let failed = scores.filter { $0.failure != nil }
    if let first = failed.first, let failure = first.failure {
      notes.append("\(failed.count) objects could not be followed (\(first.id): \(failure.message))")
    }
    let empty = scores.count { $0.overlaps.isEmpty }
    if empty > 0 { notes.append("\(empty) objects without a frame count for nothing") }
    return notes
  }
}
