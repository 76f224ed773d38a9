import Geometry
import LinearAlgebra

extension SceneBuilder {
  /// A tree on z = 0: a leaning trunk, branches, and foliage of many small discs in clumps.
  mutating func tree(_ rng: inout SeededGenerator) {
    let h = rng.uniform(4.5, 9)
    let fork = h * rng.uniform(0.25, 0.4)
    let radius = h * rng.uniform(0.015, 0.03)
    let top = Point3(rng.uniform(-0.06, 0.06) * h, rng.uniform(-0.06, 0.06) * h, fork)
    capsule(from: Point3(0, 0, -0.3), to: top, radius: radius, .bark)
    for _ in 0..<rng.whole(5...8) {
      let reach = Point3(rng.uniform(-0.28, 0.28), rng.uniform(-0.28, 0.28), rng.uniform(0.15, 0.6)) * h
      let tip = top + reach
      capsule(from: top, to: tip, radius: radius * 0.4, .bark)
      clump(tip, Point3(1, 1, 0.75) * h * rng.uniform(0.1, 0.2), count: rng.whole(50...90), &rng)
    }
  }

  /// A hedge along x in [0, length].
  mutating func hedge(length: Double, height h: Double, _ rng: inout SeededGenerator) {
    let d = rng.uniform(0.5, 0.9)
    box(from: Point3(0, -d * 0.35, -0.2), to: Point3(length, d * 0.35, h * 0.85), .leaf)
    for _ in 0..<Int(length * 7) {
      let p = Point3(rng.uniform(0, length), rng.uniform(-0.4, 0.4) * d, rng.uniform(0.1, 1) * h)
      ellipsoid(
        p, Point3(rng.uniform(0.1, 0.3), rng.uniform(0.1, 0.25), rng.uniform(0.08, 0.2)), .leaf, turned: rng.rotation())
    }
  }

  /// A bush.
  mutating func bush(_ rng: inout SeededGenerator) {
    let r = rng.uniform(0.4, 0.9)
    ellipsoid(Point3(0, 0, r * 0.6), Point3(r, r, r * 0.8) * 0.7, .leaf)
    clump(Point3(0, 0, r * 0.7), Point3(r, r, r * 0.8), count: 40, &rng)
  }

  private mutating func clump(_ center: Point3, _ radii: Point3, count: Int, _ rng: inout SeededGenerator) {
    for _ in 0..<count {
      disc(center + rng.inBall() * radii, normal: rng.direction(), radius: rng.uniform(0.06, 0.2), .leaf)
    }
  }
}
