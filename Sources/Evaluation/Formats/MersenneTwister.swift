import Glibc

/// The random numbers of NumPy's `RandomState`: MT19937, seeded and drawn from exactly as there.
///
/// M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998. Doubles have 53 bits; normal numbers come from
/// Marsaglia's polar method, two at a time; bounded integers from masked rejection.
package struct MersenneTwister: Sendable {
  private var state: [UInt32]
  private var position = 624
  private var spareNormal: Double?

  /// The generator of `numpy.random.seed(seed)` for one integer.
  package init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(624)
    for k in 1..<624 {
      let last = state[k - 1]
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(k))
    }
  }

  /// The next 32 bits.
  package mutating func bits() -> UInt32 {
    if position == 624 { refill() }
    var y = state[position]
    position += 1
    y ^= y >> 11
    y ^= y << 7 & 0x9D2C_5680
    y ^= y << 15 & 0xEFC6_0000
    return y ^ y >> 18
  }

  private mutating func refill() {
    for k in 0..<624 {
      let y = state[k] & 0x8000_0000 | state[(k + 1) % 624] & 0x7FFF_FFFF
      state[k] = state[(k + 397) % 624] ^ y >> 1 ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
    }
    position = 0
  }

  /// A number in [0, 1).
  package mutating func uniform() -> Double {
    let (high, low) = (Double(bits() >> 5), Double(bits() >> 6))
    return (high * 67_108_864 + low) / 9_007_199_254_740_992
  }

  /// A number in [lower, upper).
  package mutating func uniform(_ lower: Double, _ upper: Double) -> Double { lower + (upper - lower) * uniform() }

  /// A normal number of mean 0 and deviation 1.
  package mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    var (x, y, r) = (0.0, 0.0, 0.0)
    repeat {
      x = 2 * uniform() - 1
      y = 2 * uniform() - 1
      r = x * x + y * y
    } while r >= 1 || r == 0
    let factor = (-2 * log(r) / r).squareRoot()
    spareNormal = factor * x
    return factor * y
  }

  /// A whole number from 0 to `last`.
  package mutating func integer(upTo last: UInt32) -> Int {
    if last == 0 { return 0 }
    let mask = UInt32.max >> UInt32(last.leadingZeroBitCount)
    while true {
      let value = bits() & mask
      if value <= last { return Int(value) }
    }
  }

  /// The numbers below a count in random order.
  package mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for k in stride(from: count - 1, to: 0, by: -1) { order.swapAt(k, integer(upTo: UInt32(k))) }
    return order
  }
}
