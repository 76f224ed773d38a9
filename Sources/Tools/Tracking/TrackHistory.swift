import Geometry
import PointClouds
import Rendering
import Tracking

/// What is kept of a run for its picture and its page: a few numbers of every box, and some panels of the first objects.
struct TrackHistory {
  /// One box.
  struct Entry {
    let frame: Int
    let box: Box3
    let isSeen: Bool
    let fitness: Double
    let velocity: Point3
  }

  /// One object.
  struct Track {
    let number: Int
    let category: String
    /// The labelled boxes by frame; empty where they are not known.
    let labels: [Int: Box3]
    /// The boxes, by frame.
    var entries: [Entry] = []
    fileprivate var panels: EvenPicks<TrackPanel>?
    fileprivate let reach: Double

    /// `3 Car`.
    var name: String { "\(number) \(category)" }
  }

  /// The objects that have begun, in the order of their numbers.
  var tracks: [Track] { all.filter { !$0.entries.isEmpty } }

  /// How many objects have panels.
  static let panelled = 8

  private var all: [Track]
  private let index: [Int: Int]

  /// - Parameters:
  ///   - objects: those that are followed.
  ///   - labels: the labelled boxes of objects, by number and frame.
  init(_ objects: [TrackedObject], labels: [Int: [Int: Box3]]) {
    all = objects.map { object in
      Track(
        number: object.track, category: object.category, labels: labels[object.track] ?? [:],
        reach: TrackStrip.reach(around: object.firstBox))
    }
    index = Dictionary(all.enumerated().map { ($1.number, $0) }) { first, _ in first }
  }

  /// The boxes of a scan, and of frames before it that had none.
  mutating func add(_ cloud: PointCloud, frame: Int, rows: [SequenceTracker.Row]) {
    for row in rows {
      guard let k = index[row.track] else { continue }
      if all[k].entries.isEmpty, all.count(where: { $0.panels != nil }) < TrackHistory.panelled {
        all[k].panels = EvenPicks(limit: 4 * TrackPicture.columns)
      }
      let found = row.found
      all[k].entries.append(
        Entry(
          frame: row.frame, box: found.box, isSeen: found.isSeen, fitness: found.fitness, velocity: found.velocity))
      let (label, reach) = (all[k].labels[row.frame], all[k].reach)
      all[k].panels?.add {
        TrackPanel(
          frame: row.frame, cloud: row.frame == frame ? cloud : PointCloud(positions: []), box: found.box,
          label: label, isSeen: found.isSeen, reach: reach)
      }
    }
  }

  /// The rows of the picture.
  var strips: [TrackStrip] {
    tracks.compactMap { track in
      guard let panels = track.panels, let first = track.entries.first, let last = track.entries.last else {
        return nil
      }
      let seen = track.entries.count(where: \.isSeen)
      return TrackStrip(
        title: "object \(track.name)",
        note: "frames \(first.frame) to \(last.frame), seen in \(seen) of \(track.entries.count)",
        panels: panels.chosen(TrackPicture.columns), reach: track.reach)
    }
  }
}
