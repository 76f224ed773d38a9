import Foundation
import Geometry
import PointClouds
import Testing
import Tracking

@Suite struct EgoMotionTests {
  // Apart from the expectations, which would print whole scans.
  private func motion(_ scene: NoddingScene, _ k: Int) throws -> EgoMotion {
    let found = EgoMotion(from: SurfelMap(scene.clouds[k]), to: SurfelMap(scene.clouds[k + 1]))
    return try #require(found)
  }

  private func isSeen(_ earlier: PointCloud, _ later: PointCloud) -> Bool {
    EgoMotion(from: SurfelMap(earlier), to: SurfelMap(later)) != nil
  }

  @Test("the movement between two scans is found to millimetres and tenths of a milliradian")
  func accuracy() throws {
    let scene = NoddingScene(scans: 6)
    for k in 0..<5 {
      let found = try motion(scene, k)
      let error = (found.transform * scene.motion(k).inverse).logarithm
      #expect(error.rotation.length < 5e-4, "step \(k): \(error.rotation)")
      #expect(error.translation.length < 0.01, "step \(k): \(error.translation)")
      #expect(found.explained > 0.7)
    }
  }

  @Test("what moves on its own is outvoted")
  func outliers() throws {
    // A fifth of all points are on the block, which moves by 0.9 m per scan.
    let scene = NoddingScene(scans: 3, blockPoints: 4000)
    let error = (try motion(scene, 0).transform * scene.motion(0).inverse).logarithm
    #expect(error.rotation.length < 1e-3 && error.translation.length < 0.02, "\(error)")
  }

  @Test("a movement that nothing shows is not made up")
  func unobserved() {
    let bare = NoddingScene(scans: 2, hasWalls: false, blockPoints: 0)
    let (empty, scan) = (PointCloud(positions: []), NoddingScene(scans: 1).clouds[0])
    let seen = [(bare.clouds[0], bare.clouds[1]), (empty, empty), (scan, empty), (empty, scan)].map(isSeen)
    #expect(seen == [false, false, false, false])
  }

  @Test("points that are not finite or out of reach change nothing")
  func badPoints() throws {
    let scene = NoddingScene(scans: 2)
    var positions = scene.clouds[1].positions
    positions += [SIMD3(.nan, 0, 0), SIMD3(0, .infinity, 0), SIMD3(1e30, -1e30, 0), SIMD3(0, 0, 500)]
    let spoilt = EgoMotion(from: SurfelMap(scene.clouds[0]), to: SurfelMap(PointCloud(positions: positions)))
    let (found, usual) = (spoilt?.transform, try motion(scene, 0).transform)
    #expect(found == usual)
  }

  @Test("a scan's origin is part of its coordinates")
  func origin() throws {
    let scene = NoddingScene(scans: 2)
    let moved = scene.clouds.map { cloud in
      PointCloud(positions: cloud.positions.map { $0 - SIMD3(4, -2, 1) }, origin: Point3(4, -2, 1))
    }
    let found = EgoMotion(from: SurfelMap(moved[0]), to: SurfelMap(moved[1]))
    let error = (try #require(found).transform * scene.motion(0).inverse).logarithm
    #expect(error.rotation.length < 5e-4 && error.translation.length < 0.01)
  }

  @Test("odometry skips empty scans and starts with none")
  func odometry() throws {
    let scene = NoddingScene(scans: 3)
    var odometry = EgoOdometry()
    let nothing = PointCloud(positions: [])
    let first = [nothing, scene.clouds[0], nothing].map { odometry($0) != nil }
    #expect(first == [false, false, false])
    let both = odometry(scene.clouds[2])
    let error = (try #require(both).transform * (scene.motion(1) * scene.motion(0)).inverse).logarithm
    #expect(error.rotation.length < 1e-3 && error.translation.length < 0.02)
  }

  @Test("a box that stands still in the world goes where the scanner's movement takes it, without a velocity")
  func carrying() throws {
    let scene = NoddingScene(scans: 2)
    let ego = try motion(scene, 0)
    let tracker = ICPTracker()
    var state = try tracker.start(scene.clouds[0], box: scene.boxes[0])
    state.carry(by: ego)
    #expect((state.box.center - ego.transform(scene.boxes[0].center)).length < 1e-9)
    let heading =
      ego.transform.rotation.matrix * Point3(cos(scene.boxes[0].yawRadians), sin(scene.boxes[0].yawRadians), 0)
    #expect(abs(remainder(state.box.yawRadians - atan2(heading.y, heading.x), 2 * .pi)) < 1e-9)
    let coasting = tracker(PointCloud(positions: []), &state)
    #expect(coasting.velocity == .zero && !coasting.isSeen)
    #expect((coasting.box.center - ego.transform(scene.boxes[0].center)).length < 1e-9)
  }

  @Test("an object of few points is followed up and down with a scanner that nods", arguments: TrackerModel.allCases)
  func height(model: TrackerModel) {
    let scene = NoddingScene(scans: 14, nod: 0.006, blockPoints: 14)
    func errors(_ followsScanner: Bool) -> [Double] {
      let object = TrackedObject(track: 0, category: "Car", firstFrame: 0, firstBox: scene.boxes[0])
      var tracker = SequenceTracker([object], tracker: model.tracker, followsScanner: followsScanner)
      return scene.clouds.indices.flatMap { k in
        tracker(scene.clouds[k], frame: k).map { abs($0.found.box.center.z - scene.boxes[k].center.z) }
      }
    }
    let (with, without) = (errors(true), errors(false))
    #expect(with.count == 14)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    // Without a network the ground around the object says most about its height, with or without the scanner's movement.
    let share = model == .icp ? 0.9 : 0.6
    #expect(mean(with) < share * mean(without), "\(mean(with)) m, \(mean(without)) m without")
  }
}
