import Geometry
import LinearAlgebra

extension SceneBuilder {
  /// A house whose front is the face y = 0 over x in [0, w], its body behind: recessed windows, balconies, a door
  /// with steps, a gable or flat roof, chimneys and a drainpipe.
  mutating func house(width w: Double, depth d: Double, _ rng: inout SeededGenerator) {
    let floors = rng.whole(1...4)
    let storey = rng.uniform(2.7, 3.3)
    let (base, height) = (rng.uniform(0.2, 0.7), storey * Double(floors) + 0.7)
    let skin = rng.pick([Material.brick, .plaster, .concrete])
    facade(width: w, floors: floors, storey: storey, base: base, height: height, skin, &rng)
    box(from: Point3(0, -d, -1), to: Point3(w, -0.5, height), skin)
    box(from: Point3(0, -0.5, -1), to: Point3(w, 0, 0), skin)
    for s in [0, w] {
      for f in 0..<floors where rng.chance(0.6) {
        let z = base + storey * (Double(f) + 0.6)
        box(Point3(s, -d * rng.uniform(0.3, 0.7), z), Point3(0.12, 1.1, 1.3), .glass)
      }
    }
    roof(width: w, depth: d, height: height, &rng)
    let pipe = rng.chance(0.5) ? 0.15 : w - 0.15
    cylinder(from: Point3(pipe, 0.08, 0), to: Point3(pipe, 0.08, height), radius: 0.06, .metal)
    if rng.chance(0.4) {
      let (bw, bd, bh) = (rng.uniform(2, 3.2), rng.uniform(1, 2.2), rng.uniform(2.4, 3.2))
      let x = rng.uniform(0.5, max(0.6, w - bw - 0.5))
      box(from: Point3(x, 0, -1), to: Point3(x + bw, bd, bh), skin)
      box(from: Point3(x + 0.4, bd, 0.9), to: Point3(x + bw - 0.4, bd + 0.03, 2.1), .glass)
    }
  }

  private mutating func facade(
    width w: Double, floors: Int, storey: Double, base: Double, height: Double, _ skin: Material,
    _ rng: inout SeededGenerator
  ) {
    let columns = max(2, Int(w / rng.uniform(2.2, 3.2)))
    let share = w / Double(columns)
    let (wide, tall) = (rng.uniform(0.9, min(1.6, share - 0.7)), rng.uniform(1.2, 1.8))
    let depth = rng.uniform(0.12, 0.3)
    let door = rng.whole(0...columns - 1)
    var openings: [Opening] = []
    for c in 0..<columns {
      let x = share * (Double(c) + 0.5) - wide / 2 + rng.uniform(-0.15, 0.15)
      for f in 0..<floors {
        let z = base + storey * Double(f) + 0.9
        if c == door, f == 0 {
          openings.append(Opening(x: x...x + wide, z: base...base + 2.2, depth: 0.3, pane: .wood))
          for k in 0..<Int(base / 0.17) {
            let reach = 0.3 * Double(k + 1)
            let top = base - 0.17 * Double(k)
            box(from: Point3(x - 0.2, 0, -0.5), to: Point3(x + wide + 0.2, reach, top), .concrete)
          }
          if rng.chance(0.6) { box(Point3(x + wide / 2, 0.5, base + 2.5), Point3(wide + 0.8, 1, 0.12), .metal) }
          continue
        }
        openings.append(Opening(x: x...x + wide, z: z...z + tall, depth: depth, pane: .glass, panes: rng.whole(1...2)))
        box(Point3(x + wide / 2, 0.04, z - 0.04), Point3(wide + 0.2, 0.16, 0.07), .concrete)
        if f > 0, rng.chance(0.22) {
          place(x + wide / 2, 0, z - 0.75) {
            $0.balcony(width: wide + rng.uniform(0.6, 1.2), depth: rng.uniform(0.9, 1.4))
          }
        }
      }
    }
    wall(length: w, height: height, thickness: 0.5, openings: openings, skin)
  }

  private mutating func balcony(width w: Double, depth d: Double) {
    box(from: Point3(-w / 2, 0, -0.15), to: Point3(w / 2, d, 0), .concrete)
    box(Point3(0, d - 0.03, 1), Point3(w, 0.06, 0.06), .metal)
    for k in 0...Int(w / 0.14) {
      let x = -w / 2 + 0.14 * Double(k)
      cylinder(from: Point3(x, d - 0.03, 0), to: Point3(x, d - 0.03, 1), radius: 0.012, .metal)
    }
    for s in [-1.0, 1] { box(Point3(s * w / 2, d / 2, 0.5), Point3(0.04, d, 1), .paint) }
  }

  private mutating func roof(width w: Double, depth d: Double, height h: Double, _ rng: inout SeededGenerator) {
    if rng.chance(0.7) {
      let rise = rng.uniform(1.5, 3.5)
      let ridgeAlong = rng.chance(0.6)
      let (span, run) = ridgeAlong ? (d, w) : (w, d)
      let outline = [
        SIMD2(-span / 2 - 0.4, h - 0.1), SIMD2(span / 2 + 0.4, h - 0.1), SIMD2(span / 2 + 0.4, h), SIMD2(0, h + rise),
        SIMD2(-span / 2 - 0.4, h),
      ]
      place(w / 2, -d / 2, yawDegrees: ridgeAlong ? 90 : 0) { $0.prism(outline, width: run + 0.5, .brick) }
      let x = rng.uniform(0.2, 0.8) * w
      box(Point3(x, -d * rng.uniform(0.3, 0.7), h + rise * 0.6), Point3(0.7, 0.5, rise), .brick)
    } else {
      box(from: Point3(-0.15, -d - 0.1, h), to: Point3(w + 0.15, 0.15, h + 0.35), .concrete)
      box(Point3(rng.uniform(0.3, 0.7) * w, -d / 2, h + 1), Point3(2.2, 2, 1.6), .metal)
    }
  }
}
