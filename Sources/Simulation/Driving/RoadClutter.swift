import Geometry
import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What stands still beside a road user's path: walls, hedges, poles, bushes and boxes.
struct RoadClutter: Sendable {
  private let surfaces: [(place: SIMD2<Double>, heading: Double, kind: Int, seed: UInt64)]

  /// Draws things near a path, none of them nearer to it than a clearance.
  init(_ path: [RoadMotion.Pose], clearance: Double, _ rng: inout SeededGenerator) {
    var surfaces: [(place: SIMD2<Double>, heading: Double, kind: Int, seed: UInt64)] = []
    for _ in 0..<rng.whole(0...9) {
      let near = path[rng.whole(0...path.count - 1)]
      let (angle, distance) = (rng.uniform(-.pi, .pi), clearance + rng.uniform(0.3, 8))
      let place = SIMD2(near.x + distance * cos(angle), near.y + distance * sin(angle))
      let (kind, seed, turn) = (rng.whole(0...5), rng.next(), rng.uniform(-0.1, 0.1))
      // Long things run beside the path.
      let reach = kind < 2 ? 3.0 : kind == 3 ? 0.9 : 0.5
      let isFree = path.allSatisfy { pose in
        let d = place - SIMD2(pose.x, pose.y)
        let across = abs(d.y * cos(pose.heading) - d.x * sin(pose.heading))
        return kind < 2 ? across > clearance + 0.3 : (d * d).sum().squareRoot() > clearance + reach
      }
      if isFree { surfaces.append((place, near.heading + turn, kind, seed)) }
    }
    self.surfaces = surfaces
  }

  /// Adds the things to a scene whose ground has a height everywhere.
  func build(_ builder: inout SceneBuilder, ground: (Double, Double) -> Double) {
    for item in surfaces {
      var rng = SeededGenerator(seed: item.seed)
      let z = ground(item.place.x, item.place.y)
      builder.place(item.place.x, item.place.y, z, yawDegrees: item.heading * 180 / .pi) { b in
        switch item.kind {
        case 0: b.box(Point3(0, 0, 1), Point3(rng.uniform(4, 12), 0.3, rng.uniform(1.6, 8)), .brick)
        case 1: b.place(-3, 0) { $0.roughHedge(length: 6, &rng) }
        case 2:
          b.cylinder(
            from: Point3(0, 0, -0.3), to: Point3(0, 0, rng.uniform(1, 6)), radius: rng.uniform(0.04, 0.2), .metal)
        case 3:
          for _ in 0..<8 {
            b.ellipsoid(rng.inBall() * 0.6 + Point3(0, 0, 0.5), Point3(repeating: rng.uniform(0.1, 0.3)), .leaf)
          }
        case 4:
          b.box(Point3(0, 0, 0.5), Point3(rng.uniform(0.3, 1), rng.uniform(0.3, 1), rng.uniform(0.6, 1.6)), .paint)
        default: b.sign(&rng)
        }
      }
    }
  }
}

extension SceneBuilder {
  /// A hedge along x in [0, length] of few surfaces.
  fileprivate mutating func roughHedge(length: Double, _ rng: inout SeededGenerator) {
    let h = rng.uniform(0.7, 1.8)
    box(from: Point3(0, -0.25, -0.2), to: Point3(length, 0.25, h * 0.85), .leaf)
    for _ in 0..<Int(length * 2) {
      let p = Point3(rng.uniform(0, length), rng.uniform(-0.25, 0.25), rng.uniform(0.2, 1) * h)
      ellipsoid(p, Point3(rng.uniform(0.15, 0.4), rng.uniform(0.1, 0.3), rng.uniform(0.1, 0.3)), .leaf)
    }
  }
}
