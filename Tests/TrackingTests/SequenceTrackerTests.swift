import Foundation
import Geometry
import Parallelism
import PointClouds
import Testing
import Tracking

/// Several objects in one sequence.
@Suite struct SequenceTrackerTests {
  private let drive = DriveFixture(scans: 12, step: Point3(0.5, 0.1, 0))

  private func object(_ track: Int, from frame: Int, _ box: Box3? = nil) -> TrackedObject {
    TrackedObject(track: track, category: "Car", firstFrame: frame, firstBox: box ?? drive.boxes[frame])
  }

  private func rows(_ tracker: inout SequenceTracker, leavingOut hidden: Set<Int> = []) -> [SequenceTracker.Row] {
    drive.clouds.indices.flatMap { i in hidden.contains(i) ? [] : tracker(drive.clouds[i], frame: i) }
  }

  @Test("an object among others gets the boxes that it gets alone")
  func independence() throws {
    var together = SequenceTracker([object(3, from: 0), object(5, from: 4)])
    let found = rows(&together)
    #expect(found.filter { $0.track == 3 }.map(\.found.box).dropFirst() == (try drive.followed().map(\.box))[...])
    var alone = SequenceTracker([object(5, from: 4)])
    #expect(found.filter { $0.track == 5 }.map(\.found.box) == rows(&alone).map(\.found.box))
    #expect(found.filter { $0.track == 5 }.map(\.frame) == Array(4..<12))
    #expect(together.objects.map(\.frames) == [12, 8] && together.objects.map(\.seenFrames) == [12, 8])
    #expect(found[0].found.box == drive.boxes[0] && found[0].found.isSeen && found[0].found.fitness == 1)
  }

  @Test("the same rows for any number of threads")
  func threads() {
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    let runs = [1, 3].map { n in
      Parallel.threads = n
      var tracker = SequenceTracker([object(0, from: 0), object(1, from: 2), object(2, from: 3)])
      return rows(&tracker).map { [$0.found.box.center.x, $0.found.box.yawRadians, Double($0.frame)] }
    }
    #expect(runs[0] == runs[1])
  }

  @Test("frames that are missing get a row that says the object is not seen, as empty scans do")
  func gaps() {
    var skipping = SequenceTracker([object(0, from: 0)])
    let found = rows(&skipping, leavingOut: [5, 6])
    #expect(found.map(\.frame) == Array(0..<12))
    #expect(found.filter { !$0.found.isSeen }.map(\.frame) == [5, 6])
    var emptied = SequenceTracker([object(0, from: 0)])
    let other = drive.clouds.indices.flatMap { i in
      emptied([5, 6].contains(i) ? PointCloud(positions: []) : drive.clouds[i], frame: i)
    }
    #expect(other.map(\.found.box) == found.map(\.found.box))
  }

  @Test("an object is given up after so many frames without it, even in a gap of any length")
  func patience() {
    var tracker = SequenceTracker([object(0, from: 0)], patience: 3)
    _ = tracker(drive.clouds[0], frame: 0)
    _ = tracker(drive.clouds[1], frame: 1)
    let rows = tracker(drive.clouds[2], frame: 1_000_000_000_000)
    #expect(rows.map(\.frame) == [2, 3, 4] && rows.allSatisfy { !$0.found.isSeen })
    #expect(tracker.objects[0].outcome == .givenUp(frame: 4) && !tracker.isBusy)
    #expect(tracker(drive.clouds[3], frame: 1_000_000_000_001).isEmpty)
  }

  @Test("objects that cannot be started say why; the others go on")
  func notStarted() {
    let away = Box3(center: Point3(0, 0, 60), size: DriveFixture.size, yawRadians: 0)
    var tracker = SequenceTracker([
      object(0, from: 0), object(1, from: 0, away), object(2, from: 5), object(3, from: 99, drive.boxes[0]),
    ])
    let found = rows(&tracker, leavingOut: [5])
    tracker.finish()
    #expect(Set(found.map(\.track)) == [0])
    let causes = tracker.objects.map { if case .notStarted(let cause) = $0.outcome { cause } else { "" } }
    #expect(causes[0].isEmpty && causes[1].contains("holds no point"))
    #expect(causes[2].contains("no scan of its first frame, 5") && causes[3].contains("end before its first frame, 99"))
    var none = SequenceTracker([])
    #expect(!none.isBusy && none(drive.clouds[0], frame: 0).isEmpty)
  }

  @Test("each object of a label file begins with its first row, in whatever order the rows stand")
  func labels() {
    let calibration = KITTICalibration.upright
    let labels = [(4, 7), (2, 7), (3, 1), (9, 1)].map { frame, track in
      calibration.label(of: drive.boxes[frame % 12], frame: frame, track: track, category: "Van")
    }
    let objects = TrackedObject.first(of: labels, calibration)
    #expect(objects.map(\.track) == [1, 7] && objects.map(\.firstFrame) == [3, 2])
    #expect(difference(objects[1].firstBox, drive.boxes[2]).metres < 1e-9)
    #expect(TrackedObject.first(of: [], calibration).isEmpty)
  }
}
