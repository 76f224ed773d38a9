import Foundation
import Geometry
import PointClouds
import Registration
import Simulation
import Solvers
import Testing

/// Scans of a sensor that moves while it turns.
@Suite struct DeskewTests {
  private let motion = Twist(rotation: Point3(0.01, -0.006, 0.05), translation: Point3(0.6, 0.1, -0.02))
  private let scene = Scene.street(seed: 3)
  private let start = RigidTransform(translation: Point3(-10, -0.8, 1.73))

  /// The share of a turn that begins behind the sensor at which a point is met.
  private func share(_ p: Point3) -> Double { 0.5 + atan2(p.y, p.x) / (2 * .pi) }

  /// A still scan from a pose, and what the sensor would have measured had it moved by a twist.
  private func scan(
    from pose: RigidTransform, moving twist: Twist, seed: UInt64
  ) throws -> (still: PointCloud, raw: TimedScan) {
    var lidar = SpinningLidar()
    lidar.azimuthStepDegrees = 1
    let still = lidar.scan(scene, worldFromSensor: pose, seed: seed).cloud
    let warp = SweepWarp(twist)
    var (kept, seen, times): ([Int32], [SIMD3<Float>], [Double]) = ([], [], [])
    for i in 0..<still.count {
      guard let p = warp.seen(still.position(i), share: share) else { continue }
      kept.append(Int32(i))
      seen.append(SIMD3<Float>(p))
      times.append(share(p))
    }
    return (still.selecting(kept), try TimedScan(PointCloud(positions: seen), times: times, name: "scan"))
  }

  private func error(_ found: PointCloud, _ truth: PointCloud) -> Double {
    let squares = (0..<truth.count).reduce(0.0) { $0 + (found.position($1) - truth.position($1)).squaredLength }
    return (squares / Double(truth.count)).squareRoot()
  }

  @Test func theWarpAndItsInverseCancel() throws {
    let warp = SweepWarp(motion)
    for p in [Point3(10, 3, 1), Point3(-4, -7, 0), Point3(0, 30, -1)] {
      let seen = try #require(warp.seen(p, share: share))
      #expect((warp.still(seen, at: share(seen)) - p).length < 1e-11)
      #expect((seen - p).length > 0.01)
    }
  }

  @Test func aMotionWithoutEndIsRefused() {
    let spin = SweepWarp(Twist(rotation: Point3(0, 0, 60), translation: .zero))
    #expect(spin.seen(Point3(10, 3, 1), share: share) == nil)
  }

  @Test func thePlaceOfAPointDoesNotDependOnTheOrderOfTheFile() throws {
    let (_, raw) = try scan(from: start, moving: motion, seed: 1)
    let reversed = try TimedScan(
      raw.cloud.selecting((0..<Int32(raw.cloud.count)).reversed()), times: raw.shares.reversed(), name: "scan")
    let (a, b) = (raw.still(SweepWarp(motion)), reversed.still(SweepWarp(motion)))
    #expect(b.positions.reversed() == a.positions)
    #expect(!reversed.isOrdered)
  }

  @Test func theNextSweepOfASteadyMotionGivesAllOfIt() throws {
    let (still, raw) = try scan(from: start, moving: motion, seed: 1)
    let next = try scan(from: start * RigidTransform(exponential: motion), moving: motion, seed: 2).raw
    let found = try SweepMotion.steady(of: raw, before: next)
    let (before, after) = (error(raw.cloud, still), error(raw.still(SweepWarp(found.twist)), still))
    #expect(before > 0.3 && after < 0.06, "\(before) m before, \(after) m after, \(found)")
  }

  @Test func anotherSweepOfThePlaceGivesTheTurn() throws {
    let turn = Twist(rotation: Point3(0.005, -0.003, 0.06))
    let (still, raw) = try scan(from: start, moving: turn, seed: 1)
    let pose = RigidTransform(
      rotation: Rotation3(rotationVector: Point3(0.05, 0.1, 1.2)), translation: Point3(-8, 0, 1.8))
    let other = try scan(from: pose, moving: Twist(rotation: Point3(0.01, 0, -0.05)), seed: 2).raw
    let found = try SweepMotion.turn(of: raw, with: other)
    let (before, after) = (error(raw.cloud, still), error(raw.still(SweepWarp(found.twist)), still))
    #expect(before > 0.3 && after < 0.25 * before, "\(before) m before, \(after) m after, \(found)")
  }

  @Test(arguments: [nil, [0.5, 0.5, 0.5], [0, .nan, 1]] as [[Double]?])
  func timesThatSayNothingAreRefused(times: [Double]?) {
    let cloud = PointCloud(positions: [.zero, SIMD3(1, 0, 0), SIMD3(0, 1, 0)])
    #expect(throws: RegistrationError.self) { try TimedScan(cloud, times: times, name: "scan") }
  }
}
