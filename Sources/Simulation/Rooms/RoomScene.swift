import Geometry
import LinearAlgebra

extension Scene {
  /// A furnished room: walls with recessed windows and a door, a chimney breast or niche, furniture along the walls
  /// and in the middle, clutter and plants. The floor is z = 0, one corner the origin, x and y inside positive.
  public static func room(seed: UInt64) -> Scene {
    var rng = SeededGenerator(seed: seed, path: 1)
    var room = RoomGenerator(&rng)
    room.shell(&rng)
    room.furnish(&rng)
    return room.builder.scene
  }
}

/// A room that is being built.
struct RoomGenerator {
  var builder = SceneBuilder()
  let size: Point3
  var plan: FloorPlan

  init(_ rng: inout SeededGenerator) {
    size = Point3(rng.uniform(3.8, 6.2), rng.uniform(3.4, 5.2), rng.uniform(2.4, 2.9))
    plan = FloorPlan(width: size.x, depth: size.y)
  }

  /// The placement of wall k: x runs along it, +y points into the room.
  func wall(_ k: Int) -> (x: Double, y: Double, yawDegrees: Double, length: Double) {
    switch k {
    case 0: (0, 0, 0, size.x)
    case 1: (size.x, 0, 90, size.y)
    case 2: (size.x, size.y, 180, size.x)
    default: (0, size.y, 270, size.y)
    }
  }

  /// Walls, floor, ceiling, and what hangs on them.
  mutating func shell(_ rng: inout SeededGenerator) {
    builder.box(from: Point3(-0.3, -0.3, -0.1), to: Point3(size.x + 0.3, size.y + 0.3, 0), .wood)
    builder.box(from: Point3(-0.3, -0.3, size.z), to: Point3(size.x + 0.3, size.y + 0.3, size.z + 0.1), .plaster)
    let doorWall = rng.whole(0...3)
    let windowWalls = [(doorWall + 1 + rng.whole(0...1)) % 4, (doorWall + 3) % 4]
    for k in 0..<4 {
      let w = wall(k)
      var openings: [Opening] = []
      if k == doorWall { openings.append(door(w.length, &rng)) }
      if windowWalls.contains(k) { openings += windows(w.length, &rng) }
      builder.place(w.x, w.y, yawDegrees: w.yawDegrees) {
        $0.wall(length: w.length, height: size.z, thickness: 0.3, openings: openings, .plaster)
        for o in openings where o.z.lowerBound > 0.3 { $0.windowTrim(o, ceiling: size.z, &rng) }
        if openings.isEmpty || rng.chance(0.4) {
          for _ in 0..<rng.whole(1...3) {
            let x = rng.uniform(0.5, w.length - 0.5)
            if openings.contains(where: { $0.x.lowerBound - 0.5 < x && x < $0.x.upperBound + 0.5 }) { continue }
            $0.place(RigidTransform(translation: Point3(x, 0, rng.uniform(1.4, 1.9)))) {
              $0.picture(width: rng.uniform(0.25, 0.8), height: rng.uniform(0.25, 0.6))
            }
          }
        }
      }
      for o in openings where o.z.lowerBound == 0 { keepFree(k, o.x) }
    }
    chimney(wall((doorWall + 2) % 4), &rng)
    builder.place(size.x * rng.uniform(0.35, 0.65), size.y * rng.uniform(0.35, 0.65), size.z) { $0.hangingLamp(&rng) }
    if rng.chance(0.4) {
      let x = rng.uniform(0.25, 0.75) * size.x
      builder.box(from: Point3(x, 0, size.z - 0.22), to: Point3(x + 0.2, size.y, size.z), .wood)
    }
  }

  private func door(_ length: Double, _ rng: inout SeededGenerator) -> Opening {
    let x = rng.uniform(0.3, length - 1.3)
    return Opening(x: x...x + 0.95, z: 0...2.05, depth: rng.uniform(0.08, 0.16), pane: .wood, panes: 1)
  }

  private func windows(_ length: Double, _ rng: inout SeededGenerator) -> [Opening] {
    let count = length > 4.2 && rng.chance(0.6) ? 2 : 1
    let (sill, lintel, depth) = (rng.uniform(0.75, 1), rng.uniform(1.95, 2.25), rng.uniform(0.12, 0.22))
    return (0..<count).map { k in
      let share = length / Double(count)
      let width = rng.uniform(0.9, min(1.7, share - 0.8))
      let x = share * Double(k) + rng.uniform(0.3, share - width - 0.3)
      return Opening(x: x...x + width, z: sill...lintel, depth: depth, pane: .glass, panes: rng.whole(1...3))
    }
  }

  /// Blocks the floor in front of a door.
  private mutating func keepFree(_ k: Int, _ x: ClosedRange<Double>) {
    let w = wall(k)
    let middle = (x.lowerBound + x.upperBound) / 2
    let (cx, cy) = local(w, middle, 0.5)
    _ = plan.take(centerX: cx, cy, sizeX: 1, 1)
  }

  func local(
    _ w: (x: Double, y: Double, yawDegrees: Double, length: Double), _ x: Double, _ y: Double
  ) -> (Double, Double) {
    switch w.yawDegrees {
    case 0: (x, y)
    case 90: (w.x - y, x)
    case 180: (w.x - x, w.y - y)
    default: (y, w.y - x)
    }
  }

  private mutating func chimney(
    _ w: (x: Double, y: Double, yawDegrees: Double, length: Double), _ rng: inout SeededGenerator
  ) {
    let (width, depth) = (rng.uniform(0.5, 1.1), rng.uniform(0.2, 0.4))
    let x = rng.chance(0.5) ? width / 2 : rng.uniform(width, w.length - width)
    let (cx, cy) = local(w, x, depth / 2)
    let along = w.yawDegrees == 0 || w.yawDegrees == 180
    guard plan.take(centerX: cx, cy, sizeX: along ? width : depth, along ? depth : width) else { return }
    builder.place(cx, cy, yawDegrees: w.yawDegrees) {
      $0.box(Point3(0, 0, size.z / 2), Point3(width, depth, size.z), .plaster)
    }
  }
}
