import Geometry
import LinearAlgebra

/// Tables, chairs, sofas and beds. Each stands on z = 0 around the origin, its back towards -y.
extension SceneBuilder {
  /// A table with four legs and clutter on its top.
  mutating func table(width w: Double, depth d: Double, height h: Double, _ rng: inout SeededGenerator) {
    let top = rng.uniform(0.02, 0.05)
    let leg = rng.uniform(0.02, 0.04)
    let inset = rng.uniform(0.03, 0.12)
    let round = rng.chance(0.4)
    box(Point3(0, 0, h - top / 2), Point3(w, d, top), .wood)
    for (sx, sy) in [(-1.0, -1.0), (1, -1), (-1, 1), (1, 1)] {
      let foot = Point3(sx * (w / 2 - inset), sy * (d / 2 - inset), 0)
      let head = foot + Point3(0, 0, h - top)
      if round {
        cylinder(from: foot, to: head, radius: leg, .metal)
      } else {
        box((foot + head) * 0.5, Point3(2 * leg, 2 * leg, h - top), .wood)
      }
    }
    if rng.chance(0.6) {
      for s in [-1.0, 1] {
        box(Point3(0, s * (d / 2 - inset), h - top - 0.05), Point3(w - 2 * inset, 0.02, 0.1), .wood)
      }
    }
    place(0, 0, h) { $0.clutter(width: w * 0.85, depth: d * 0.8, count: rng.whole(3...9), &rng) }
  }

  /// A desk: a table with a drawer block, a screen and a keyboard.
  mutating func desk(width w: Double, depth d: Double, _ rng: inout SeededGenerator) {
    let h = rng.uniform(0.7, 0.77)
    table(width: w, depth: d, height: h, &rng)
    let side = rng.sign()
    box(Point3(side * (w / 2 - 0.27), 0, 0.3), Point3(0.42, d * 0.8, 0.55), .wood)
    for k in 0..<3 {
      box(Point3(side * (w / 2 - 0.27), d * 0.4 + 0.01, 0.12 + 0.18 * Double(k)), Point3(0.38, 0.02, 0.15), .wood)
    }
    place(-side * rng.uniform(0, w / 4), -d / 4, h, yawDegrees: rng.uniform(-15, 15)) {
      $0.box(Point3(0, 0, 0.01), Point3(0.22, 0.16, 0.02), .dark)
      $0.cylinder(from: Point3(0, 0, 0), to: Point3(0, 0, 0.15), radius: 0.02, .dark)
      $0.box(Point3(0, 0.02, 0.3), Point3(0.55, 0.04, 0.34), .dark)
      $0.box(Point3(0, 0.3, 0.012), Point3(0.42, 0.14, 0.024), .dark)
    }
  }

  /// A chair with a plain or slatted back.
  mutating func chair(_ rng: inout SeededGenerator) {
    let (w, d, h) = (rng.uniform(0.4, 0.5), rng.uniform(0.4, 0.48), rng.uniform(0.43, 0.48))
    let back = rng.uniform(0.4, 0.55)
    box(Point3(0, 0, h - 0.02), Point3(w, d, 0.04), .wood)
    if rng.chance(0.5) { ellipsoid(Point3(0, 0, h), Point3(w * 0.5, d * 0.5, 0.05), .fabric) }
    for (sx, sy) in [(-1.0, -1.0), (1, -1), (-1, 1), (1, 1)] {
      let head = Point3(sx * (w / 2 - 0.03), sy * (d / 2 - 0.03), h)
      cylinder(from: Point3(head.x * 1.1, head.y * 1.1, 0), to: head, radius: 0.018, .wood)
    }
    let lean = Rotation3(radians: rng.uniform(0.05, 0.25), about: Point3(1, 0, 0))
    place(RigidTransform(rotation: lean, translation: Point3(0, -d / 2 + 0.02, h))) {
      if rng.chance(0.5) {
        $0.box(Point3(0, 0, back / 2 + 0.04), Point3(w, 0.03, back), .wood)
      } else {
        for k in 0..<4 {
          $0.box(Point3((Double(k) / 3 - 0.5) * (w - 0.04), 0, back / 2), Point3(0.03, 0.03, back), .wood)
        }
        $0.box(Point3(0, 0, back), Point3(w, 0.03, 0.09), .wood)
      }
    }
  }

  /// A sofa with rounded cushions; narrow ones are armchairs.
  mutating func sofa(width w: Double, _ rng: inout SeededGenerator) {
    let (d, seat, back) = (rng.uniform(0.8, 0.95), rng.uniform(0.36, 0.44), rng.uniform(0.7, 0.9))
    let arm = rng.uniform(0.14, 0.24)
    box(from: Point3(-w / 2, -d / 2, 0.08), to: Point3(w / 2, d / 2, seat - 0.1), .fabric)
    box(from: Point3(-w / 2, -d / 2, 0.08), to: Point3(w / 2, -d / 2 + 0.2, back), .fabric)
    for s in [-1.0, 1] {
      let x = s * (w / 2 - arm / 2)
      box(Point3(x, 0, 0.33), Point3(arm, d, 0.5), .fabric)
      capsule(from: Point3(x, -d / 2, 0.58), to: Point3(x, d / 2, 0.58), radius: arm / 2, .fabric)
    }
    let count = max(1, Int((w - 2 * arm) / 0.6))
    let each = (w - 2 * arm) / Double(count)
    for k in 0..<count {
      let x = -w / 2 + arm + each * (Double(k) + 0.5)
      box(Point3(x, 0.1, seat - 0.05), Point3(each - 0.02, d - 0.22, 0.12), .fabric)
      ellipsoid(Point3(x, 0.1, seat), Point3(each * 0.5, d * 0.38, 0.07), .fabric)
      let tilt = Rotation3(radians: rng.uniform(0.1, 0.35), about: Point3(1, rng.uniform(-0.3, 0.3), 0))
      ellipsoid(Point3(x, -d / 2 + 0.27, seat + 0.25), Point3(each * 0.46, 0.12, 0.24), .fabric, turned: tilt)
    }
    for _ in 0..<rng.whole(0...3) {
      let p = Point3(rng.uniform(-0.35, 0.35) * w, rng.uniform(-0.05, 0.2), seat + 0.14)
      ellipsoid(p, Point3(0.2, 0.2, 0.07), .fabric, turned: rng.rotation())
    }
  }

  /// A bed, its head at the back.
  mutating func bed(width w: Double, _ rng: inout SeededGenerator) {
    let (l, h) = (rng.uniform(1.95, 2.1), rng.uniform(0.38, 0.5))
    box(Point3(0, 0, h / 2 - 0.03), Point3(w, l, h - 0.16), .wood)
    box(Point3(0, 0.02, h - 0.06), Point3(w - 0.06, l - 0.1, 0.2), .fabric)
    box(Point3(0, -l / 2 + 0.03, h * 0.5 + 0.25), Point3(w + 0.08, 0.06, h + 0.5), .wood)
    let noise = ValueNoise(seed: rng.next())
    let edge = rng.uniform(-0.4, 0.1)
    heightField(x: -w / 2 - 0.03...w / 2 + 0.03, y: edge...l / 2 + 0.03, step: 0.06, .fabric) { x, y in
      h + 0.09 + 0.05 * noise(Point3(x * 3, y * 3, 0)) + 0.02 * noise(Point3(x * 9, y * 9, 5))
    }
    for k in 0..<(w > 1.2 ? 2 : 1) {
      let x = w > 1.2 ? (Double(k) - 0.5) * w * 0.48 : 0
      let turn = Rotation3(radians: rng.uniform(-0.3, 0.3), about: Point3(0.3, 0, 1))
      ellipsoid(Point3(x, -l / 2 + 0.32, h + 0.14), Point3(0.32, 0.2, 0.1), .fabric, turned: turn)
    }
  }
}
