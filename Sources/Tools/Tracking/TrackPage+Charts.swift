import Evaluation
import Rendering

extension TrackPage {
  /// Where the objects went and how well they were seen.
  func paths(_ tracks: [TrackHistory.Track]) -> [Markup] {
    let paths = tracks.map { track in
      PathChart.Path(
        name: track.name, points: track.entries.map { (x: $0.box.center.x, y: $0.box.center.y) },
        reference: track.labels.sorted { $0.key < $1.key }.map { (x: $1.center.x, y: $1.center.y) })
    }
    let isLabelled = tracks.contains { $0.labels.count > 1 }
    let path = PathChart(
      title: "Path from above", xLabel: "x, m", yLabel: "y, m", paths: paths,
      note: "Centres in the frame of the scanner, which may itself move; a ring marks the first box."
        + (isLabelled ? " Dotted: the labels." : ""))
    let sight = LineChart(
      title: "Fitness", xLabel: "frame", yLabel: "fitness",
      lines: tracks.map { track in
        LineChart.Line(
          name: track.name,
          points: track.entries.map { (x: Double($0.frame), y: $0.isSeen ? $0.fitness : .nan) })
      }, note: "How well the box explains the scan, from 0 to 1; interrupted where the object was not seen.")
    return [path.markup, sight.markup]
  }

  /// Errors by frame; nothing without labels.
  func labelled(_ tracks: [TrackHistory.Track], _ scores: TrackScores) -> [Markup] {
    guard !scores.scores.isEmpty else { return [] }
    let known = tracks.filter { scores.scores[$0.number] != nil }.map {
      (name: $0.name, errors: TrackScores.errors($0))
    }
    func chart(_ title: String, _ label: String, _ values: (TrackScores.Errors) -> [Double]) -> Markup {
      LineChart(
        title: title, xLabel: "frame", yLabel: label,
        lines: known.map { track in
          LineChart.Line(name: track.name, points: TrackPage.line(track.errors.frames, values(track.errors)))
        }
      ).markup
    }
    let charts = [
      chart("Centre error", "metres", \.distances), chart("Overlap", "3-D IoU", \.overlaps),
      chart("Heading error", "degrees", \.turnsDegrees),
    ]
    return [.element("div", ["class": "grid"], charts)]
  }

  /// Values by frame, interrupted where frames are missing: where two are more than three times as far apart as the nearest.
  private static func line(_ frames: [Double], _ values: [Double]) -> [(x: Double, y: Double)] {
    let steps = zip(frames, frames.dropFirst()).map { $1 - $0 }
    let longest = 3 * (steps.min() ?? 1)
    var points: [(x: Double, y: Double)] = []
    for (k, (frame, value)) in zip(frames, values).enumerated() {
      if k > 0, steps[k - 1] > longest { points.append((x: frame, y: .nan)) }
      points.append((x: frame, y: value))
    }
    return points
  }

  /// The figures and curves of one-pass evaluation by class; nothing without labels.
  func score(_ scores: TrackScores) -> [Markup] {
    if scores.scores.isEmpty { return [] }
    let evaluation = TrackingEvaluation()
    let ordered = scores.scores.sorted { $0.key < $1.key }.map(\.value)
    let curves = evaluation.curves(ordered).map { curve in
      LineChart(
        title: curve.title, xLabel: curve.xLabel, yLabel: curve.yLabel,
        lines: curve.lines.map { LineChart.Line(name: $0.name, points: $0.points) }
      ).markup
    }
    let tables = evaluation.tables(ordered).map(EvaluationReport.table)
    return [.element("div", ["class": "stack"], tables + [.element("div", ["class": "grid"], curves)])]
  }
}
