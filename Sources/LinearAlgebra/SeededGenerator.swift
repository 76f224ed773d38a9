import Foundation

/// A seeded source of random bits: xoshiro256** (Blackman, Vigna, 2018), its state filled by SplitMix64.
///
/// The same seed gives the same stream on every machine. Generators are passed in, never global.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: SIMD4<UInt64>

  /// The stream of a seed; every seed is a good one.
  public init(seed: UInt64) {
    var x = seed
    func next() -> UInt64 {
      x &+= 0x9E37_79B9_7F4A_7C15
      var z = x
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    state = SIMD4(next(), next(), next(), next())
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    func rotate(_ v: UInt64, _ k: UInt64) -> UInt64 { v << k | v >> (64 - k) }
    let result = rotate(state.y &* 5, 7) &* 9
    let t = state.y << 17
    state.z ^= state.x
    state.w ^= state.y
    state.y ^= state.z
    state.x ^= state.w
    state.z ^= t
    state.w = rotate(state.w, 45)
    return result
  }

  /// A number in [0, 1), uniform over the multiples of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  /// A standard normal number, by the Box-Muller transform.
  public mutating func gaussian() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// The stream of a seed and a number, for parts of a task that draw side by side.
  public init(seed: UInt64, stream: Int) {
    var mixer = SeededGenerator(seed: seed)
    self.init(seed: mixer.next() &+ UInt64(truncatingIfNeeded: stream) &* 0xD134_2543_DE82_EF95)
  }

  /// A whole number in 0..<count; `count` is positive and below 2⁵³.
  public mutating func index(below count: Int) -> Int { min(count - 1, Int(uniform() * Double(count))) }

  /// The numbers 0..<count in random order (Fisher, Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for k in stride(from: count - 1, to: 0, by: -1) { order.swapAt(k, index(below: k + 1)) }
    return order
  }

  /// Independent standard normal numbers, times a factor.
  public mutating func gaussians(_ count: Int, times deviation: Double = 1) -> [Double] {
    var numbers = [Double]()
    numbers.reserveCapacity(count)
    for _ in 0..<count { numbers.append(deviation * gaussian()) }
    return numbers
  }

  /// A matrix of independent standard normal numbers, times a factor.
  public mutating func gaussianMatrix(rows: Int, columns: Int, times deviation: Double = 1) -> Matrix<Double> {
    Matrix(rows: rows, columns: columns, gaussians(rows * columns, times: deviation))
  }
}
