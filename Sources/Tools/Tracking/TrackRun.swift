import Geometry
import PointClouds
import Rendering
import Tracking

/// Follows objects through the scans of a recording and writes their boxes as they come.
struct TrackRun {
  /// What is followed where.
  let recording: TrackingRecording
  /// How the scans are read.
  let reader: CloudReader
  /// How the rows are written.
  let format: TrackRowFormat
  /// The file of the rows.
  let output: String
  /// Whether an existing file may be replaced.
  let replacing: Bool
  /// Sees every scan with its frame and the boxes that came of it, and of frames before it that had no scan.
  let observe: (PointCloud, Int, [SequenceTracker.Row]) -> Void

  /// What came of it.
  struct Outcome {
    /// The objects with what became of them.
    var objects: [TrackedObject]
    /// How many scans were looked at.
    var scans = 0
    /// Scans that count as empty: the frame, the reason, and whether the file is there but damaged.
    var broken: [(frame: Int, reason: String, isDamaged: Bool)] = []
    /// Seconds of tracking, reading not included.
    var seconds = 0.0
    /// How many rows were written.
    var rows = 0
  }

  /// Runs through the scans until every object is given up or they end.
  func callAsFunction(_ tracker: SequenceTracker) throws -> Outcome {
    var tracker = tracker
    var outcome = Outcome(objects: [])
    let file = try AtomicFile(output, replacing: replacing)
    let scans = recording.sequence.scans
    for scan in scans {
      guard tracker.isBusy else { break }
      Console.progress(line: "frame \(scan.frame), scan \(outcome.scans + 1) of \(scans.count)")
      let cloud = try read(scan, &outcome)
      let clock = Stopwatch()
      let rows = tracker(cloud, frame: scan.frame)
      outcome.seconds += clock.seconds
      outcome.scans += 1
      outcome.rows += rows.count
      observe(cloud, scan.frame, rows)
      if Console.isVerbose { tell(scan, cloud, rows) }
      try file.write(rows.flatMap { Array(format.text($0).utf8) })
    }
    tracker.finish()
    outcome.objects = tracker.objects
    guard outcome.rows > 0 else { throw failure(outcome) }
    try file.commit()
    return outcome
  }

  /// The points of a scan. One that is empty or damaged shows nothing, and the objects go on without it.
  private func read(_ scan: ScanSequence.Scan, _ outcome: inout Outcome) throws -> PointCloud {
    do throws(CloudFileError) {
      let loaded = try reader(scan.path).cloud
      return PointCloud(positions: loaded.positions, origin: loaded.origin)
    } catch {
      switch error.kind {
      case .empty, .unusable, .damaged, .missing, .changed: break
      default: throw error
      }
      outcome.broken.append((scan.frame, error.description, error.kind == .damaged || error.kind == .changed))
      Console.remark("frame \(scan.frame)", "counts as empty: \(error)".terminalSafe)
      return PointCloud(positions: [])
    }
  }

  private func tell(_ scan: ScanSequence.Scan, _ cloud: PointCloud, _ rows: [SequenceTracker.Row]) {
    let hidden = rows.filter { !$0.found.isSeen }.map { "\($0.track) in \($0.frame)" }
    Console.remark(
      "frame \(scan.frame)",
      "\(cloud.count.grouped) points, \(rows.count - hidden.count) objects seen"
        + (hidden.isEmpty ? "" : ", not seen: \(hidden.joined(separator: ", "))"), tone: .label)
  }

  /// Why there is no row at all.
  private func failure(_ outcome: Outcome) -> CommandFailure {
    for object in outcome.objects {
      if case .notStarted(let cause) = object.outcome {
        if let broken = outcome.broken.first(where: { $0.frame == object.firstFrame }) {
          return CommandFailure(.damagedInput, "object \(object.track), frame \(broken.frame): \(broken.reason)")
        }
        return CommandFailure(.damagedInput, "object \(object.track), frame \(object.firstFrame): \(cause)")
      }
    }
    return CommandFailure(.damagedInput, "no object could be followed")
  }
}
