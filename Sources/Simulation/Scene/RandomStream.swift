import Geometry
import LinearAlgebra

/// Random streams and draws that generators and sensors share.
extension SeededGenerator {
  /// The stream of a path of indices below a seed: each scene, scan and image row draws from its own, so that adding
  /// one never changes another.
  public init(seed: UInt64, path: UInt64...) {
    var state = seed
    for index in path {
      var next = SeededGenerator(seed: state ^ (index &* 0xD6E8_FEB8_6659_FD93 &+ 0x2545_F491_4F6C_DD1D))
      state = next.next()
    }
    self.init(seed: state)
  }

  /// A number in a closed range.
  mutating func uniform(_ range: ClosedRange<Double>) -> Double { uniform(range.lowerBound, range.upperBound) }

  /// A whole number in a closed range.
  mutating func whole(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// True with a probability.
  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// +1 or -1.
  mutating func sign() -> Double { chance(0.5) ? 1 : -1 }

  /// One of the choices.
  mutating func pick<T>(_ choices: [T]) -> T { choices[whole(0...choices.count - 1)] }

  /// A unit vector, uniform over the sphere (rejection from the cube: no library function of the platform).
  public mutating func direction() -> Point3 {
    while true {
      let p = Point3(uniform(-1, 1), uniform(-1, 1), uniform(-1, 1))
      let l = p.length
      if l <= 1, l > 0.05 { return p / l }
    }
  }

  /// A point of the unit ball.
  public mutating func inBall() -> Point3 {
    while true {
      let p = Point3(uniform(-1, 1), uniform(-1, 1), uniform(-1, 1))
      if p.length <= 1 { return p }
    }
  }

  /// A rotation, uniform over SO(3) (a unit quaternion by rejection).
  public mutating func rotation() -> Rotation3 {
    while true {
      let q = SIMD4(uniform(-1, 1), uniform(-1, 1), uniform(-1, 1), uniform(-1, 1))
      let l = (q * q).sum()
      if l <= 1, l > 0.01 { return Rotation3(quaternion: q.x, q.y, q.z, q.w) }
    }
  }
}

/// Smooth noise in [-1, 1] with features of unit size: random values on the integer lattice, blended by quintic
/// weights (Perlin 2002).
struct ValueNoise: Sendable {
  let seed: UInt64

  func callAsFunction(_ p: Point3) -> Double {
    let base = p.rounded(.down)
    let f = p - base
    let w = f * f * f * (f * (f * 6 - 15) + 10)
    let (i, j, k) = (Int64(base.x), Int64(base.y), Int64(base.z))
    func row(_ dj: Int64, _ dk: Int64) -> Double {
      let a = lattice(i, j + dj, k + dk)
      return a + (lattice(i + 1, j + dj, k + dk) - a) * w.x
    }
    func plane(_ dk: Int64) -> Double {
      let a = row(0, dk)
      return a + (row(1, dk) - a) * w.y
    }
    let a = plane(0)
    return a + (plane(1) - a) * w.z
  }

  private func lattice(_ i: Int64, _ j: Int64, _ k: Int64) -> Double {
    var h = seed ^ UInt64(bitPattern: i) &* 0x9E37_79B9_7F4A_7C15
    h = (h ^ h >> 29 ^ UInt64(bitPattern: j)) &* 0xBF58_476D_1CE4_E5B9
    h = (h ^ h >> 32 ^ UInt64(bitPattern: k)) &* 0x94D0_49BB_1331_11EB
    h = (h ^ h >> 31) &* 0xD6E8_FEB8_6659_FD93
    return Double(h >> 11) * 0x1p-52 - 1
  }
}
