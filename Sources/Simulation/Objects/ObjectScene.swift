import Geometry
import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Scene {
  /// An asymmetric closed object of 0.2 - 0.3 m around the origin: a bumpy body, knobs, limbs and sometimes a handle.
  /// The union of closed parts is seen from outside only, so the parts simply overlap.
  public static func object(seed: UInt64) -> Scene {
    var rng = SeededGenerator(seed: seed, path: 3)
    var builder = SceneBuilder()
    let size = rng.uniform(0.2, 0.3)
    let body = Point3(rng.uniform(0.25, 0.4), rng.uniform(0.2, 0.33), rng.uniform(0.28, 0.45)) * size
    builder.blob(body, bump: 0.05 * size, levels: 5, &rng)
    for _ in 0..<rng.whole(3...5) {
      let out = rng.direction()
      let at = out * body * rng.uniform(0.75, 1.05)
      let radii = Point3(rng.uniform(0.07, 0.17), rng.uniform(0.07, 0.17), rng.uniform(0.1, 0.24)) * size
      builder.place(RigidTransform(rotation: rng.rotation(), translation: at)) {
        $0.blob(radii, bump: 0.02 * size, levels: 4, &rng)
      }
    }
    if rng.chance(0.7) {
      let radius = size * rng.uniform(0.12, 0.2)
      let at = rng.direction() * body * 1.05
      builder.place(RigidTransform(rotation: rng.rotation(), translation: at)) {
        $0.ring(radius: radius, thickness: radius * rng.uniform(0.16, 0.3))
      }
    }
    return builder.scene
  }
}

extension SceneBuilder {
  fileprivate mutating func blob(_ radii: Point3, bump: Double, levels: Int, _ rng: inout SeededGenerator) {
    let (east, north) = (rng.uniform(0.35, 1.3), rng.uniform(0.35, 1.3))
    mesh(
      BlobMesh(
        radii: radii, east: east, north: north, bump: bump, wavelength: radii.max() * rng.uniform(0.5, 0.9),
        levels: levels, seed: rng.next()), rng.pick([.plaster, .ceramic, .wood]))
  }

  /// A ring in the plane z = 0.
  fileprivate mutating func ring(radius: Double, thickness: Double) {
    let count = 48
    let knots = (0..<count).map { k in
      let a = 2 * Double.pi * Double(k) / Double(count)
      return Point3(cos(a), sin(a), 0) * radius
    }
    for k in 0..<count { capsule(from: knots[k], to: knots[(k + 1) % count], radius: thickness, .wood) }
  }
}

/// |x| to a power.
func power(_ x: Double, _ exponent: Double) -> Double { pow(abs(x), exponent) }
