import Foundation
import Geometry
import PointClouds
import Tracking

/// A car on a flat street with a wall and a pole, as points on all its surfaces, 10 cm apart with noise.
struct DriveFixture {
  /// The box of the car in every scan.
  var boxes: [Box3]
  /// The scans.
  var clouds: [PointCloud] = []

  static let size = Point3(4, 1.8, 1.5)

  /// - Parameters:
  ///   - step: the movement per scan, metres.
  ///   - turn: the turn per scan, radians.
  init(scans: Int, start: Point3 = Point3(12, 3, -0.95), step: Point3, turn: Double = 0, seed: UInt64 = 1) {
    boxes = (0..<scans).map {
      Box3(center: start + step * Double($0), size: Self.size, yawRadians: 0.3 + turn * Double($0))
    }
    var noise = Noise(state: seed)
    for box in boxes {
      var points = Self.street
      let (c, s) = (cos(box.yawRadians), sin(box.yawRadians))
      for p in Self.car {
        let q = p + Point3(noise.next(), noise.next(), noise.next())
        points.append(SIMD3<Float>(box.center + Point3(c * q.x - s * q.y, s * q.x + c * q.y, q.z)))
      }
      clouds.append(PointCloud(positions: points))
    }
  }

  /// The boxes that a tracker finds, the given one left out.
  func followed(by tracker: ICPTracker = ICPTracker(), hiding hidden: Range<Int> = 0..<0) throws -> [TrackedBox] {
    var state = try tracker.start(clouds[0], box: boxes[0])
    return (1..<clouds.count).map { i in
      tracker(hidden.contains(i) ? PointCloud(positions: Self.street) : clouds[i], &state)
    }
  }

  /// Body and cabin, in the frame of the box.
  private static let car: [Point3] = {
    shell(Point3(-2, -0.9, -0.75), Point3(2, 0.9, 0.15)) + shell(Point3(-1.2, -0.8, 0.15), Point3(0.8, 0.8, 0.75))
  }()

  private static func shell(_ low: Point3, _ high: Point3) -> [Point3] {
    var points: [Point3] = []
    for x in stride(from: low.x, through: high.x + 1e-9, by: 0.1) {
      for y in stride(from: low.y, through: high.y + 1e-9, by: 0.1) {
        for z in stride(from: low.z, through: high.z + 1e-9, by: 0.1) {
          let isSide = x < low.x + 1e-6 || x > high.x - 1e-6 || y < low.y + 1e-6 || y > high.y - 1e-6
          if isSide || z > high.z - 1e-6 { points.append(Point3(x, y, z)) }
        }
      }
    }
    return points
  }

  /// Ground at z = -1.7, a wall and a pole.
  static let street: [SIMD3<Float>] = {
    var points: [SIMD3<Float>] = []
    for i in -20...100 { for j in -30...30 { points.append(SIMD3(Float(i) * 0.45, Float(j) * 0.45, -1.7)) } }
    for i in 0...200 { for k in 0...20 { points.append(SIMD3(Float(i) * 0.2, 11, -1.7 + 0.15 * Float(k))) } }
    for k in 0...60 { points.append(SIMD3(17, 0.3, -1.7 + 0.05 * Float(k))) }
    return points
  }()

  /// Noise of two centimetres at most, the same everywhere.
  private struct Noise {
    var state: UInt64
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 40) / Double(1 << 24) - 0.5) * 0.04
    }
  }
}

/// The distance of two boxes' centres and the angle between their headings.
func difference(_ a: Box3, _ b: Box3) -> (metres: Double, radians: Double) {
  ((a.center - b.center).length, abs(remainder(a.yawRadians - b.yawRadians, 2 * .pi)))
}
