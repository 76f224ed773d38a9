/// Counts bits that two bitsets have in common, by carry-save adders (Harley and Seal; Muła, Kurz, Lemire 2018): without a
/// processor's own instruction, counting the bits of a word costs more than adding up seven words.
enum BitCount {
  /// Bitsets have a multiple of this many words.
  static let group = 16

  private typealias V = SIMD2<UInt64>

  /// The number of bits set in both.
  @inline(__always)
  static func common(_ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>, _ words: Int) -> Int {
    var (ones, twos, fours, eights) = (V.zero, V.zero, V.zero, V.zero)
    for k in stride(from: 0, to: words, by: group) {
      let v0 = both(a + k, b + k)
      let v1 = both(a + k + 2, b + k + 2)
      let v2 = both(a + k + 4, b + k + 4)
      let v3 = both(a + k + 6, b + k + 6)
      let v4 = both(a + k + 8, b + k + 8)
      let v5 = both(a + k + 10, b + k + 10)
      let v6 = both(a + k + 12, b + k + 12)
      let v7 = both(a + k + 14, b + k + 14)
      let t0 = add(&ones, v0, v1)
      let t1 = add(&ones, v2, v3)
      let t2 = add(&ones, v4, v5)
      let t3 = add(&ones, v6, v7)
      let f0 = add(&twos, t0, t1)
      let f1 = add(&twos, t2, t3)
      eights &+= bytes(add(&fours, f0, f1))
    }
    // At most 8 per byte and group so far: 31 groups, 31 000 bits, fit.
    return 8 * total(eights) + 4 * total(bytes(fours)) + 2 * total(bytes(twos)) + total(bytes(ones))
  }

  @inline(__always)
  private static func both(_ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>) -> V {
    UnsafeRawPointer(a).loadUnaligned(as: V.self) & UnsafeRawPointer(b).loadUnaligned(as: V.self)
  }

  /// Adds two bits to the sum, lane by lane; returns the carry.
  @inline(__always)
  private static func add(_ sum: inout V, _ a: V, _ b: V) -> V {
    let u = sum ^ a
    let carry = (sum & a) | (u & b)
    sum = u ^ b
    return carry
  }

  /// The number of bits in every byte.
  @inline(__always)
  private static func bytes(_ v: V) -> V {
    let pairs = v &- ((v &>> 1) & 0x5555_5555_5555_5555)
    let nibbles = (pairs & 0x3333_3333_3333_3333) &+ ((pairs &>> 2) & 0x3333_3333_3333_3333)
    return (nibbles &+ (nibbles &>> 4)) & 0x0F0F_0F0F_0F0F_0F0F
  }

  /// The sum of all bytes.
  @inline(__always)
  private static func total(_ v: V) -> Int {
    let words = (v & 0x00FF_00FF_00FF_00FF) &+ ((v &>> 8) & 0x00FF_00FF_00FF_00FF)
    let sum = words[0] &+ words[1]
    return Int((sum &* 0x0001_0001_0001_0001) >> 48)
  }
}
