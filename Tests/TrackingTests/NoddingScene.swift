import Foundation
import Geometry
import LinearAlgebra
import PointClouds
import Tracking

/// Walls on waving ground as a scanner sees them that drives along and nods, with a block that moves on its own far away.
struct NoddingScene {
  /// From the axes of each scan to those of the world.
  var poses: [RigidTransform] = []
  /// The scans.
  var clouds: [PointCloud] = []
  /// The block in the axes of each scan.
  var boxes: [Box3] = []

  /// - Parameters:
  ///   - nod: the deviation of the scanner's tilt, radians.
  ///   - hasWalls: whether there is anything but ground.
  ///   - blockPoints: how many points a scan has on the block.
  init(scans: Int, nod: Double = 0.005, hasWalls: Bool = true, blockPoints: Int = 12, seed: UInt64 = 7) {
    var rng = SeededGenerator(seed: seed)
    for k in 0..<scans {
      let tilt = Point3(nod * rng.gaussian(), nod * rng.gaussian(), 0.02 * Double(k))
      let place = Point3(0.7 * Double(k), 0.05 * Double(k), 1.7)
      let pose = RigidTransform(rotation: Rotation3(rotationVector: tilt), translation: place)
      var points = Self.ground(around: place, &rng)
      if hasWalls { points += Self.walls(&rng) }
      let box = Box3(center: Point3(30 + 0.9 * Double(k), 4, 0.8), size: Point3(4.2, 1.8, 1.6), yawRadians: 0.1)
      points += Self.block(box, blockPoints, &rng)
      let back = pose.inverse
      clouds.append(PointCloud(positions: points.map { SIMD3<Float>(back($0)) }))
      let heading = back.rotation.matrix * Point3(0.995_004, 0.099_833, 0)
      boxes.append(
        Box3(center: back(box.center), size: box.size, yawRadians: atan2(heading.y, heading.x)))
      poses.append(pose)
    }
  }

  /// The true movement from a scan to the next one.
  func motion(_ k: Int) -> RigidTransform { poses[k + 1].inverse * poses[k] }

  private static func noisy(_ p: Point3, _ rng: inout SeededGenerator) -> Point3 {
    p + 0.01 * Point3(rng.gaussian(), rng.gaussian(), rng.gaussian())
  }

  private static func ground(around place: Point3, _ rng: inout SeededGenerator) -> [Point3] {
    (0..<9000).map { _ in
      let (x, y) = (place.x + rng.uniform(-25, 25), place.y + rng.uniform(-25, 25))
      return noisy(Point3(x, y, 0.1 * sin(x / 5) + 0.1 * cos(y / 6)), &rng)
    }
  }

  private static func walls(_ rng: inout SeededGenerator) -> [Point3] {
    (0..<8).flatMap { w in
      let turn = Rotation3(radians: 0.8 * Double(w), about: Point3(0, 0, 1))
      let middle = Point3(20 * cos(Double(w)), 20 * sin(Double(w)), 0)
      return (0..<900).map { _ in noisy(middle + turn(Point3(rng.uniform(-4, 4), 0, rng.uniform(0, 5))), &rng) }
    }
  }

  private static func block(_ box: Box3, _ count: Int, _ rng: inout SeededGenerator) -> [Point3] {
    let turn = Rotation3(radians: box.yawRadians, about: Point3(0, 0, 1))
    return (0..<count).map { i in
      let (a, b) = (rng.uniform(-0.5, 0.5), rng.uniform(-0.4, 0.4))
      let own = i % 3 == 0 ? Point3(a, -0.5, b) : Point3(-0.5, a, b)
      return noisy(box.center + turn(own * box.size), &rng)
    }
  }
}
