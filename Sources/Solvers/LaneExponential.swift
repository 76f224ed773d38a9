/// Exponentials of eight values at once.
enum LaneExponential {
  /// `exp(x)` for x ≤ 88, relative error below 3e-7; zero below -87.
  ///
  /// With n = round(x / log 2) and r = x - n log 2 it is 2ⁿ exp(r), |r| ≤ 0.347, by a polynomial of degree 6.
  @inline(__always)
  static func exp(_ x: SIMD8<Float>) -> SIMD8<Float> {
    typealias V = SIMD8<Float>
    let tiny = x .< V(repeating: -87)
    let x = x.replacing(with: V(repeating: 0), where: tiny)
    // Adding 1.5 x 2²³ rounds to an integer, which then stands in the low bits.
    let magic = V(repeating: 12_582_912)
    let shifted = x * V(repeating: 1.442_695_04) + magic
    let n = shifted - magic
    let r = (x - n * V(repeating: 0.693_359_375)) + n * V(repeating: 2.121_944_4e-4)
    var p = V(repeating: 1 / 720.0)
    p = p * r + V(repeating: 1 / 120.0)
    p = p * r + V(repeating: 1 / 24.0)
    p = p * r + V(repeating: 1 / 6.0)
    p = p * r + V(repeating: 0.5)
    p = p * r + V(repeating: 1)
    p = p * r + V(repeating: 1)
    let bits = unsafeBitCast(shifted, to: SIMD8<UInt32>.self)
    let scale = unsafeBitCast((bits &<< 23) &+ SIMD8(repeating: 0x3F80_0000), to: V.self)
    return (p * scale).replacing(with: V(repeating: 0), where: tiny)
  }
}
