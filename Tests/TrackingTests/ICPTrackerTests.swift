import Foundation
import Geometry
import Parallelism
import PointClouds
import Testing
import Tracking

@Suite struct ICPTrackerTests {
  @Test("an object that stands still stays where it is")
  func still() throws {
    let drive = DriveFixture(scans: 25, step: .zero)
    for tracked in try drive.followed() {
      let error = difference(tracked.box, drive.boxes[0])
      #expect(tracked.isSeen && error.metres < 0.05 && error.radians < 0.02)
      #expect(tracked.velocity.length < 0.05 && tracked.box.size == DriveFixture.size)
    }
  }

  @Test("a car at constant velocity is followed, and its velocity found", arguments: [0.3, 0.8, 1.2])
  func constantVelocity(metresPerScan: Double) throws {
    let step = Point3(metresPerScan * cos(0.3), metresPerScan * sin(0.3), 0)
    let drive = DriveFixture(scans: 20, step: step)
    let found = try drive.followed()
    for (tracked, truth) in zip(found, drive.boxes.dropFirst()) {
      let error = difference(tracked.box, truth)
      #expect(tracked.isSeen && error.metres < 0.1 && error.radians < 0.03, "\(error)")
    }
    let last = try #require(found.last)
    #expect((last.velocity - step).length < 0.05)
    let covariance = try #require(last.covariance)
    #expect(covariance.x.x > 0 && covariance.w.w > 0 && abs(covariance.x.y - covariance.y.x) < 1e-12)
  }

  @Test("a turning car is followed")
  func turning() throws {
    let drive = DriveFixture(scans: 25, step: Point3(0.4, 0.1, 0), turn: 0.03)
    for (tracked, truth) in zip(try drive.followed(), drive.boxes.dropFirst()) {
      let error = difference(tracked.box, truth)
      #expect(error.metres < 0.15 && error.radians < 0.06, "\(error)")
    }
  }

  @Test("a car that is hidden for a while is said to be unseen, coasts, and is found again", arguments: [1, 5, 10])
  func occlusion(scans: Int) throws {
    let drive = DriveFixture(scans: 25, step: Point3(0.6, 0.18, 0))
    let hidden = 8..<8 + scans
    let found = try drive.followed(hiding: hidden)
    for i in 1..<drive.clouds.count {
      #expect(found[i - 1].isSeen == !hidden.contains(i), "scan \(i)")
    }
    #expect(difference(found[hidden.upperBound].box, drive.boxes[hidden.upperBound + 1]).metres < 0.15)
  }

  @Test("without a scan the box goes on and grows uncertain; nothing breaks in a thousand empty scans")
  func emptyScans() throws {
    let drive = DriveFixture(scans: 6, step: Point3(0.5, 0, 0))
    let tracker = ICPTracker()
    var state = try tracker.start(drive.clouds[0], box: drive.boxes[0])
    for cloud in drive.clouds.dropFirst() { _ = tracker(cloud, &state) }
    let before = state.box
    let first = tracker(PointCloud(positions: []), &state)
    #expect(!first.isSeen && first.pointsUsed == 0 && first.fitness == 0)
    #expect((first.box.center - before.center - Point3(0.5, 0, 0)).length < 0.1)
    var last = first
    for _ in 0..<1000 { last = tracker(PointCloud(positions: []), &state) }
    #expect(state.unseenScans == 1001 && last.box.center.isFinite)
    let (early, late) = (try #require(first.covariance), try #require(last.covariance))
    #expect(late.x.x > early.x.x)
    _ = tracker(drive.clouds[5], &state)
  }

  @Test("one point, and points at strange places, neither start a panic nor are taken for the object")
  func strangePoints() throws {
    let drive = DriveFixture(scans: 2, step: .zero)
    let tracker = ICPTracker()
    let center = SIMD3<Float>(drive.boxes[0].center)
    var state = try tracker.start(PointCloud(positions: [center]), box: drive.boxes[0])
    #expect(!tracker(PointCloud(positions: [center]), &state).isSeen, "one point fixes no pose")
    #expect(!tracker(PointCloud(positions: Array(repeating: center, count: 500)), &state).isSeen, "nor do copies")
    let huge = Float.greatestFiniteMagnitude
    for strange in [SIMD3(huge, huge, huge), SIMD3(.nan, 0, 0), SIMD3(0, 0, .infinity), SIMD3(1e30, -1e30, 1e-30)] {
      #expect(!tracker(PointCloud(positions: [strange, center, strange]), &state).isSeen)
    }
    #expect(state.box.center.isFinite)
  }

  @Test("points that are not finite change nothing")
  func notFinite() throws {
    var drive = DriveFixture(scans: 4, step: Point3(0.4, 0, 0))
    let clean = try drive.followed().map(\.box)
    let bad: [SIMD3<Float>] = [SIMD3(.nan, 3, -1), SIMD3(12, .infinity, -1), SIMD3(12, 3, .nan)]
    drive.clouds = drive.clouds.map { PointCloud(positions: bad + $0.positions + bad) }
    #expect(try drive.followed().map(\.box) == clean)
  }

  @Test("scene turned and shifted, boxes turned and shifted", arguments: [0.7, -2.5])
  func equivariance(radians: Double) throws {
    let drive = DriveFixture(scans: 12, step: Point3(0.7, 0.2, 0), turn: 0.01)
    let motion = RigidTransform(
      rotation: Rotation3(rotationVector: Point3(0, 0, radians)), translation: Point3(450_000, -30, 200))
    func moved(_ box: Box3) -> Box3 {
      Box3(center: motion(box.center), size: box.size, yawRadians: box.yawRadians + radians)
    }
    var other = drive
    other.boxes = drive.boxes.map(moved)
    other.clouds = drive.clouds.map { $0.transformed(by: motion) }
    for (a, b) in zip(try drive.followed(), try other.followed()) {
      let error = difference(moved(a.box), b.box)
      #expect(a.isSeen == b.isSeen && error.metres < 0.02 && error.radians < 0.01, "\(error)")
    }
  }

  @Test("the same boxes to the last bit, whatever the number of threads")
  func determinism() throws {
    let drive = DriveFixture(scans: 8, step: Point3(0.5, 0.1, 0))
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    let runs = try [1, 2, 7].map { n in
      Parallel.threads = n
      return try drive.followed().map {
        [$0.box.center.x, $0.box.center.y, $0.box.center.z, $0.box.yawRadians, $0.fitness]
      }
    }
    #expect(runs[0] == runs[1] && runs[0] == runs[2])
  }

  @Test("a first box that nothing can start from is refused with what to try")
  func refusals() throws {
    let drive = DriveFixture(scans: 1, step: .zero)
    let box = drive.boxes[0]
    func message(_ cloud: PointCloud, _ box: Box3) -> String {
      do throws(TrackingError) {
        _ = try ICPTracker().start(cloud, box: box)
        return ""
      } catch {
        return error.description
      }
    }
    let flat = Box3(center: box.center, size: Point3(4, 0, 1.5), yawRadians: 0)
    #expect(message(drive.clouds[0], flat).contains("length, width and height above zero"))
    #expect(
      message(drive.clouds[0], Box3(center: box.center, size: .zero, yawRadians: 0)).contains("above zero"))
    let nowhere = Box3(center: Point3(.nan, 0, 0), size: box.size, yawRadians: 0)
    #expect(message(drive.clouds[0], nowhere).contains("not finite"))
    #expect(message(PointCloud(positions: []), box).contains("first scan is empty"))
    let away = Box3(center: box.center + Point3(0, 0, 40), size: box.size, yawRadians: 0)
    #expect(message(drive.clouds[0], away).contains("same frame and axes"))
    #expect(message(drive.clouds[0], box) == "")
  }

  @Test("boxes as small as a shoe and as large as a town are boxes")
  func extremeSizes() throws {
    let drive = DriveFixture(scans: 3, step: .zero)
    let tracker = ICPTracker()
    for size in [Point3(0.3, 0.3, 0.3), Point3(1e6, 1e6, 1e3), Point3(1e-3, 1e4, 2)] {
      guard
        var state = try? tracker.start(
          drive.clouds[0], box: Box3(center: drive.boxes[0].center + Point3(2, 0, 0), size: size, yawRadians: 0.3))
      else { continue }
      for cloud in drive.clouds { #expect(tracker(cloud, &state).box.center.isFinite) }
    }
  }
}
