import Geometry
import LinearAlgebra

/// Poles, signs, fences, benches and bins, each on z = 0.
extension SceneBuilder {
  /// A street lamp whose arm reaches towards +y.
  mutating func lampPost(_ rng: inout SeededGenerator) {
    let (h, arm) = (rng.uniform(5, 8), rng.uniform(0.8, 1.8))
    cylinder(from: Point3(0, 0, -0.3), to: Point3(0, 0, h), radius: 0.07, .metal)
    cylinder(from: .zero, to: Point3(0, 0, 1), radius: 0.11, .metal)
    cylinder(from: Point3(0, 0, h), to: Point3(0, arm, h + 0.2), radius: 0.04, .metal)
    ellipsoid(Point3(0, arm, h + 0.15), Point3(0.14, 0.35, 0.08), .paint)
  }

  /// A traffic sign.
  mutating func sign(_ rng: inout SeededGenerator) {
    let h = rng.uniform(2, 2.6)
    cylinder(from: Point3(0, 0, -0.3), to: Point3(0, 0, h + 0.3), radius: 0.035, .metal)
    if rng.chance(0.5) {
      cylinder(from: Point3(0.04, 0, h), to: Point3(0.06, 0, h), radius: 0.32, .paint)
    } else {
      box(Point3(0.05, 0, h), Point3(0.02, 0.6, rng.uniform(0.4, 0.8)), .paint)
    }
  }

  /// A fence along x in [0, length]: posts with planks or rails.
  mutating func fence(length: Double, _ rng: inout SeededGenerator) {
    let h = rng.uniform(0.9, 1.6)
    let gap = rng.chance(0.5) ? 0.11 : 0.16
    for k in 0...Int(length / 2) { box(Point3(2 * Double(k), 0, h / 2 - 0.2), Point3(0.1, 0.1, h + 0.5), .wood) }
    for z in [h * 0.3, h * 0.85] { box(Point3(length / 2, -0.03, z), Point3(length, 0.04, 0.09), .wood) }
    for k in 0..<Int(length / gap) where !rng.chance(0.03) {
      let top = h + rng.uniform(-0.02, 0.02)
      box(from: Point3(gap * Double(k), 0, 0.05), to: Point3(gap * Double(k) + 0.085, 0.025, top), .wood)
    }
  }

  /// A low wall with a coping along x in [0, length].
  mutating func gardenWall(length: Double, _ rng: inout SeededGenerator) {
    let h = rng.uniform(0.5, 1.3)
    box(from: Point3(0, -0.12, -0.5), to: Point3(length, 0.12, h), .brick)
    box(from: Point3(-0.05, -0.17, h), to: Point3(length + 0.05, 0.17, h + 0.07), .concrete)
    for x in [0, length] { box(Point3(x, 0, h / 2), Point3(0.4, 0.4, h + 0.4), .brick) }
  }

  /// A bench that faces +y.
  mutating func bench(_ rng: inout SeededGenerator) {
    let w = rng.uniform(1.4, 2)
    for k in 0..<4 { box(Point3(0, 0.12 * Double(k) - 0.15, 0.45), Point3(w, 0.1, 0.04), .wood) }
    for k in 0..<3 { box(Point3(0, -0.27 - 0.03 * Double(k), 0.56 + 0.13 * Double(k)), Point3(w, 0.03, 0.1), .wood) }
    for s in [-1.0, 1] {
      box(Point3(s * (w / 2 - 0.15), 0, 0.22), Point3(0.06, 0.5, 0.46), .metal)
      box(Point3(s * (w / 2 - 0.15), -0.28, 0.6), Point3(0.05, 0.04, 0.6), .metal)
    }
  }

  /// A litter bin, a wheeled bin, a bollard, a hydrant or a switch box.
  mutating func smallFurniture(_ rng: inout SeededGenerator) {
    switch rng.whole(0...3) {
    case 0:
      cylinder(from: .zero, to: Point3(0, 0, 0.9), radius: 0.25, .metal)
      sphere(Point3(0, 0, 0.9), 0.24, .metal)
    case 1:
      box(Point3(0, 0, 0.5), Point3(0.55, 0.6, 1), .dark)
      box(Point3(0, 0.03, 1.03), Point3(0.6, 0.7, 0.08), .paint)
    case 2: capsule(from: Point3(0, 0, -0.2), to: Point3(0, 0, 0.85), radius: 0.09, .metal)
    default: box(Point3(0, 0, 0.55), Point3(rng.uniform(0.5, 1.3), 0.4, 1.2), .metal)
    }
  }
}
