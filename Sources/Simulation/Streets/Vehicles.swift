import Geometry
import LinearAlgebra

extension SceneBuilder {
  /// A car or van along x, its wheels on z = 0, the middle of its floor plan at the origin.
  mutating func car(_ rng: inout SeededGenerator) {
    let van = rng.chance(0.2)
    let l = van ? rng.uniform(4.8, 5.6) : rng.uniform(3.7, 4.8)
    let w = van ? rng.uniform(1.9, 2.05) : rng.uniform(1.65, 1.85)
    let h = van ? rng.uniform(1.95, 2.5) : rng.uniform(1.4, 1.7)
    vehicle(Point3(l, w, h), isVan: van, &rng)
  }

  /// A car or van of a size along x, its wheels on z = 0, the middle of its floor plan at the origin.
  mutating func vehicle(_ size: Point3, isVan van: Bool, _ rng: inout SeededGenerator) {
    let (l, w, h) = (size.x, size.y, size.z)
    let (f, r) = (l / 2, -l / 2)
    let (sill, belt) = (0.22, h * (van ? 0.45 : 0.58))
    let hood = van ? f - 0.75 : f - l * rng.uniform(0.22, 0.28)
    let estate = van || rng.chance(0.5)
    // The body below the windows, then the cabin: two extruded side views.
    prism(
      [
        SIMD2(r, sill + 0.1), SIMD2(r + 0.15, sill), SIMD2(f - 0.15, sill), SIMD2(f, sill + 0.15),
        SIMD2(f - 0.06, belt - 0.14), SIMD2(hood, belt), SIMD2(r + 0.08, belt), SIMD2(r, belt - 0.1),
      ], width: w, .paint)
    let rear = estate ? r + 0.12 : r + l * rng.uniform(0.14, 0.2)
    prism(
      [
        SIMD2(rear, belt - 0.02), SIMD2(hood - 0.02, belt - 0.02), SIMD2(hood - (van ? 0.35 : 0.75), h - 0.05),
        SIMD2(hood - (van ? 0.5 : 1.1), h), SIMD2(rear + 0.5, h), SIMD2(rear + (estate ? 0.15 : 0.45), h - 0.06),
      ], width: w - 0.22, .paint)
    let glass = Point3((hood + rear) / 2 - 0.2, 0, (belt + h) / 2)
    for s in [-1.0, 1] {
      box(glass + Point3(0, s * (w / 2 - 0.105), 0), Point3((hood - rear) * 0.55, 0.03, (h - belt) * 0.6), .glass)
      box(Point3(hood - 0.35, s * (w / 2 + 0.06), belt + 0.06), Point3(0.12, 0.2, 0.13), .paint)
      for x in [f - 0.8, r + 0.8] {
        let y = s * (w / 2 - 0.1)
        cylinder(from: Point3(x, y - 0.11, 0.31), to: Point3(x, y + 0.11, 0.31), radius: 0.31, .dark)
        cylinder(from: Point3(x, y - 0.12, 0.31), to: Point3(x, y + 0.12, 0.31), radius: 0.19, .metal)
      }
    }
    box(Point3(f, 0, sill + 0.15), Point3(0.12, w * 0.94, 0.22), .dark)
    box(Point3(r, 0, sill + 0.15), Point3(0.12, w * 0.94, 0.22), .dark)
    if rng.chance(0.2) {
      for s in [-1.0, 1] { box(Point3(-0.3, s * w * 0.32, h + 0.05), Point3(1.6, 0.04, 0.05), .metal) }
    }
  }

  /// A standing person who faces +x.
  mutating func person(_ rng: inout SeededGenerator) {
    let h = rng.uniform(1.55, 1.9)
    person(height: h, stride: rng.uniform(0.05, 0.3))
  }

  /// A person of a height who faces +x.
  /// - Parameter stride: how far the left foot is ahead, metres; the right one is as far behind, and the arms swing
  ///   against the legs.
  mutating func person(height h: Double, stride: Double) {
    for s in [-1.0, 1] {
      let hip = Point3(0, s * 0.1, h * 0.5)
      capsule(from: Point3(s * stride, s * 0.1, 0.06), to: hip, radius: 0.075, .fabric)
      let shoulder = Point3(0, s * 0.22, h * 0.8)
      capsule(from: shoulder, to: Point3(-s * stride * 0.8, s * 0.27, h * 0.47), radius: 0.05, .fabric)
    }
    ellipsoid(Point3(0, 0, h * 0.66), Point3(0.14, 0.22, h * 0.2), .fabric)
    sphere(Point3(0.02, 0, h - 0.12), 0.12, .paper)
  }
}
