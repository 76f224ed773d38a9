import Foundation

/// A small deterministic generator (SplitMix64), so that fixtures are the same on every machine.
struct SplitMix {
  private var state: UInt64
  /// A generator with its seed.
  init(_ seed: UInt64) { state = seed }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in [0, 1).
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in a range.
  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// A number of the standard normal distribution.
  mutating func normal() -> Double {
    (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
  }
}

/// A box that stands on the floor, turned about the vertical.
struct Furniture {
  let center: SIMD3<Double>
  let half: SIMD3<Double>
  let yaw: Double

  /// A point in the axes of the box.
  func local(_ p: SIMD3<Double>, isDirection: Bool = false) -> SIMD3<Double> {
    let d = isDirection ? p : p - center
    return SIMD3(cos(yaw) * d.x + sin(yaw) * d.y, -sin(yaw) * d.x + cos(yaw) * d.y, d.z)
  }

  /// A point on the sides or the top.
  func sample(_ random: inout SplitMix) -> SIMD3<Double> {
    let areas = [half.y * half.z, half.y * half.z, half.x * half.z, half.x * half.z, half.x * half.y]
    var pick = random.unit() * areas.reduce(0, +)
    var side = 0
    while side < 4, pick > areas[side] {
      pick -= areas[side]
      side += 1
    }
    var q = SIMD3(random.uniform(-1...1), random.uniform(-1...1), random.uniform(-1...1))
    q[side == 4 ? 2 : side / 2] = side == 4 || side % 2 == 0 ? 1 : -1
    q *= half
    return center + SIMD3(cos(yaw) * q.x - sin(yaw) * q.y, sin(yaw) * q.x + cos(yaw) * q.y, q.z)
  }

  /// Whether the box stands strictly between two points.
  func hides(_ point: SIMD3<Double>, from eye: SIMD3<Double>) -> Bool {
    let (o, d) = (local(eye), local(point - eye, isDirection: true))
    var (near, far) = (0.0, 1 - 1e-6)
    for a in 0..<3 {
      let (t0, t1) = ((-half[a] - o[a]) / d[a], (half[a] - o[a]) / d[a])
      near = max(near, min(t0, t1))
      far = min(far, max(t0, t1))
    }
    return near + 1e-9 < far
  }
}

/// The corner of a furnished room: a floor, two walls of an L and boxes of many sizes.
struct Scene {
  private let furniture: [Furniture]
  private let size = SIMD3(6.0, 5.0, 2.4)

  /// A corner whose furniture follows from the seed.
  init(seed: UInt64 = 7) {
    var random = SplitMix(seed)
    furniture = (0..<11).map { _ in
      let half = SIMD3(random.uniform(0.12...0.6), random.uniform(0.12...0.5), random.uniform(0.1...0.8))
      let place = SIMD3(random.uniform(0.3...5.2), random.uniform(0.3...4.3), half.z)
      return Furniture(center: place, half: half, yaw: random.uniform(0...3.1))
    }
  }

  /// Points that an eye sees, with 2 mm of noise.
  func scan(from eye: SIMD3<Double>, count: Int, seed: UInt64) -> [SIMD3<Double>] {
    var random = SplitMix(seed)
    var points: [SIMD3<Double>] = []
    while points.count < count {
      let p = sample(&random)
      if furniture.contains(where: { $0.hides(p, from: eye) }) { continue }
      points.append(p + 0.002 * SIMD3(random.normal(), random.normal(), random.normal()))
    }
    return points
  }

  private func sample(_ random: inout SplitMix) -> SIMD3<Double> {
    let pick = random.unit()
    if pick < 0.25 { return SIMD3(random.unit(), random.unit(), 0) * size }
    if pick < 0.37 { return SIMD3(random.unit(), 0, random.unit()) * size }
    if pick < 0.49 { return SIMD3(0, random.unit(), random.unit()) * size }
    return furniture[Int(random.next() % UInt64(furniture.count))].sample(&random)
  }
}
