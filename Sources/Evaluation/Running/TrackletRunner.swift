import Geometry
import PointClouds
import Tracking

/// Follows the objects of a tracking benchmark one after another, each from its first box.
///
/// Scans are read as they come and only the last ones are kept, since objects of one sequence share them. The results do
/// not depend on what was kept, nor on the number of threads. A runner belongs to one thread.
package final class TrackletRunner {
  private let tracker: any BoxTracker
  private let reader: CloudReader
  private var scans: RecentScans
  private var steps = ScannerSteps()

  /// Longer gaps between two labelled frames count as this many frames: by then nothing is known of the object.
  package static let longestGap = 100

  /// A runner.
  /// - Parameter memoryBudget: about how many bytes of scans are kept for the objects that follow.
  package init(reader: CloudReader, tracker: any BoxTracker = ICPTracker(), memoryBudget: Int = 256 << 20) {
    self.reader = reader
    self.tracker = tracker
    scans = RecentScans(budget: memoryBudget)
  }

  /// Follows one object. Where it cannot be started, or a scan cannot be read, the run ends with a failure.
  ///
  /// A frame without a scan, an empty scan and one without a finite point count as scans that show nothing. Frames between
  /// two labelled ones count as such, too: the object moves on while nobody looks.
  package func callAsFunction(_ item: TrackletItem) -> TrackletRun {
    let start = ContinuousClock.now
    var run = TrackletRun(frames: [], score: TrackletScore(item: item, boxes: [:]), notes: [], seconds: 0)
    var failure: TrackletScore.Failure?
    do throws(TrackletFailure) {
      try follow(item, &run)
    } catch {
      failure = TrackletScore.Failure(status: error.status, message: error.message)
    }
    run.score = TrackletScore(item: item, boxes: run.boxes, failure: failure)
    run.seconds = (ContinuousClock.now - start) / .seconds(1)
    return run
  }

  private func follow(_ item: TrackletItem, _ run: inout TrackletRun) throws(TrackletFailure) {
    guard let first = item.frames.first else { return }
    let cloud = try scan(of: first, item, &run)
    var clock = ContinuousClock.now
    var state: TrackState
    do throws(TrackingError) {
      state = try tracker.start(cloud, box: first.box)
    } catch {
      throw TrackletFailure(
        status: Int(TrackingError.exitStatus), message: "\(item.id), frame \(first.number): \(error)")
    }
    run.frames.append(
      .init(number: first.number, box: first.box, isSeen: true, fitness: 1, seconds: seconds(since: clock)))
    var last = first.number
    var before = named(cloud, first)
    for frame in item.frames.dropFirst() {
      let cloud = try scan(of: frame, item, &run)
      clock = ContinuousClock.now
      for _ in 0..<TrackletRunner.gap(last, frame.number) { _ = tracker(PointCloud(positions: []), &state) }
      if let now = named(cloud, frame) {
        if let before, let ego = steps(from: before, to: now) { state.carry(by: ego) }
        before = now
      }
      let tracked = tracker(cloud, &state)
      run.frames.append(
        .init(
          number: frame.number, box: tracked.box, isSeen: tracked.isSeen, fitness: tracked.fitness,
          seconds: seconds(since: clock)))
      last = frame.number
    }
  }

  /// A scan that shows something, for the scanner's own movement.
  private func named(_ cloud: PointCloud, _ frame: TrackletItem.Frame) -> ScannerSteps.Scan? {
    guard let path = frame.cloud?.path, !cloud.isEmpty else { return nil }
    return ScannerSteps.Scan(path: path, cloud: cloud)
  }

  /// How many frames lie between two, at most ``longestGap``; numbers come from a file and may be anything.
  private static func gap(_ a: Int, _ b: Int) -> Int {
    let (steps, isOutOfRange) = b.subtractingReportingOverflow(a)
    return isOutOfRange ? longestGap : max(0, min(steps - 1, longestGap))
  }

  /// The scan of a frame; empty, with a note, where there is nothing to see.
  private func scan(
    of frame: TrackletItem.Frame, _ item: TrackletItem, _ run: inout TrackletRun
  ) throws(TrackletFailure) -> PointCloud {
    let place = "\(item.id), frame \(frame.number)"
    guard let reference = frame.cloud else {
      run.notes.append("\(place): no scan")
      return PointCloud(positions: [])
    }
    do throws(CloudFileError) {
      guard reference.part == nil else {
        throw CloudFileError(.damaged, reference.path, "a part of a file cannot be a scan of a sequence")
      }
      return try scans.scan(reference.path, reader)
    } catch {
      guard error.kind == .empty || error.kind == .unusable || error.kind == .missing else {
        throw TrackletFailure(status: Int(error.kind.exitStatus), message: "\(place): \(error)")
      }
      run.notes.append("\(place): \(error)")
      return PointCloud(positions: [])
    }
  }

  private func seconds(since start: ContinuousClock.Instant) -> Double { (ContinuousClock.now - start) / .seconds(1) }
}

/// Why an object could not be followed.
private struct TrackletFailure: Error {
  let status: Int
  let message: String
}
