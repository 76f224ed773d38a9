import Foundation

/// Point sets that leave a pose open.
enum Shapes {
  /// Points made from a seeded generator.
  static func make(_ count: Int, seed: UInt64, _ point: (inout SplitMix) -> SIMD3<Double>) -> [SIMD3<Double>] {
    var random = SplitMix(seed)
    return (0..<count).map { _ in point(&random) }
  }

  /// A square of 4 m in the plane z = 0 with 2 mm of noise.
  static func plane(seed: UInt64, count: Int = 5000) -> [SIMD3<Double>] {
    make(count, seed: seed) { SIMD3($0.uniform(-2...2), $0.uniform(-2...2), 0.002 * $0.normal()) }
  }

  /// A sphere of radius 1 m.
  static func sphere(seed: UInt64) -> [SIMD3<Double>] {
    make(5000, seed: seed) { random in
      let d = SIMD3(random.normal(), random.normal(), random.normal())
      return d / (d * d).sum().squareRoot() * (1 + 0.002 * random.normal())
    }
  }

  /// The side of a cylinder of radius 1 m and height 3 m.
  static func cylinder(seed: UInt64) -> [SIMD3<Double>] {
    make(5000, seed: seed) { random in
      let (a, r) = (random.uniform(0...(2 * .pi)), 1 + 0.002 * random.normal())
      return SIMD3(r * cos(a), r * sin(a), random.uniform(-1.5...1.5))
    }
  }

  /// A line with exact directions.
  static func line(count: Int = 2000) -> [SIMD3<Double>] {
    (0..<count).map { Double($0) / 256 * SIMD3(1, 2, -0.5) }
  }

  /// Noise in a cube of 4 m.
  static func noise(seed: UInt64) -> [SIMD3<Double>] {
    make(5000, seed: seed) { SIMD3($0.uniform(-2...2), $0.uniform(-2...2), $0.uniform(-2...2)) }
  }

  /// A bare room corner with one step on the floor; the size of the room and of the step follow from the seed.
  static func bareCorner(seed: UInt64) -> [SIMD3<Double>] {
    var random = SplitMix(seed)
    let room = SIMD3(random.uniform(2.5...6), random.uniform(2.5...6), random.uniform(1.8...3.2))
    let step = SIMD3(random.uniform(0.5...2), random.uniform(0.5...2), random.uniform(0.2...0.9))
    return make(5000, seed: seed + 100) { random in
      var p = room * SIMD3(random.unit(), random.unit(), random.unit())
      switch random.next() % 4 {
      case 0: p.x = 0
      case 1: p.y = 0
      default: p.z = p.x < step.x && p.y < step.y ? step.z : 0
      }
      return p + 0.002 * SIMD3(random.normal(), random.normal(), random.normal())
    }
  }
}
