import Geometry
import LinearAlgebra

/// Plants, lamps, radiators, curtains and pictures.
extension SceneBuilder {
  /// A pot with a stem, twigs and flat leaves.
  mutating func plant(height h: Double, _ rng: inout SeededGenerator) {
    let pot = h * rng.uniform(0.1, 0.16)
    cylinder(from: .zero, to: Point3(0, 0, h * 0.22), radius: pot, .ceramic)
    for _ in 0..<rng.whole(3...6) {
      let foot = Point3(0, 0, h * 0.2)
      let tip = Point3(rng.uniform(-0.3, 0.3) * h, rng.uniform(-0.3, 0.3) * h, h * rng.uniform(0.6, 1))
      cylinder(from: foot, to: tip, radius: h * 0.012, .leaf)
      for _ in 0..<rng.whole(4...8) {
        let at = foot + (tip - foot) * rng.uniform(0.35, 1) + rng.inBall() * h * 0.12
        let size = h * rng.uniform(0.05, 0.11)
        ellipsoid(at, Point3(size, size * 0.5, size * 0.06 + 0.001), .leaf, turned: rng.rotation())
      }
    }
  }

  /// A standing lamp.
  mutating func floorLamp(_ rng: inout SeededGenerator) {
    let h = rng.uniform(1.4, 1.75)
    cylinder(from: .zero, to: Point3(0, 0, 0.03), radius: 0.15, .metal)
    cylinder(from: .zero, to: Point3(0, 0, h), radius: 0.015, .metal)
    if rng.chance(0.5) {
      cylinder(from: Point3(0, 0, h - 0.1), to: Point3(0, 0, h + 0.2), radius: rng.uniform(0.14, 0.22), .fabric)
    } else {
      ellipsoid(Point3(0, 0, h), Point3(0.17, 0.17, 0.14), .ceramic)
    }
  }

  /// A lamp that hangs from the origin.
  mutating func hangingLamp(_ rng: inout SeededGenerator) {
    let (drop, r) = (rng.uniform(0.3, 0.7), rng.uniform(0.13, 0.25))
    cylinder(from: .zero, to: Point3(0, 0, -drop), radius: 0.008, .dark)
    ellipsoid(Point3(0, 0, -drop), Point3(r, r, r * rng.uniform(0.5, 1)), .ceramic)
  }

  /// A radiator of upright tubes, centred on x = 0, its back at y = 0.
  mutating func radiator(width w: Double, height h: Double) {
    let count = max(2, Int(w / 0.06))
    for k in 0..<count {
      let x = (Double(k) / Double(count - 1) - 0.5) * w
      capsule(from: Point3(x, 0.07, 0.12), to: Point3(x, 0.07, h), radius: 0.022, .paint)
    }
    for z in [0.15, h - 0.04] { box(Point3(0, 0.07, z), Point3(w, 0.03, 0.04), .paint) }
  }

  /// A curtain of folds from z = 0 to the height, centred on x = 0, its back at y = 0.
  mutating func curtain(width w: Double, height h: Double, _ rng: inout SeededGenerator) {
    var x = -w / 2
    while x < w / 2 {
      let r = rng.uniform(0.025, 0.05)
      cylinder(from: Point3(x + r, 0.06, 0), to: Point3(x + r, 0.06, h), radius: r, .fabric)
      x += 1.6 * r
    }
    cylinder(from: Point3(-w / 2 - 0.1, 0.06, h), to: Point3(w / 2 + 0.1, 0.06, h), radius: 0.015, .metal)
  }

  /// A framed picture, centred, its back at y = 0.
  mutating func picture(width w: Double, height h: Double) {
    box(Point3(0, 0.01, 0), Point3(w, 0.02, h), .paper)
    for s in [-1.0, 1] {
      box(Point3(s * w / 2, 0.02, 0), Point3(0.03, 0.04, h + 0.03), .wood)
      box(Point3(0, 0.02, s * h / 2), Point3(w + 0.03, 0.04, 0.03), .wood)
    }
  }
}
