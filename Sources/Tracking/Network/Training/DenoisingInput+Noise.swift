import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension DenoisingInput {
  /// Lets the chain start at a noisy box: `x_I = √ᾱ x_0 + √(1 - ᾱ) ε` with the cosine schedule of Nichol and Dhariwal
  /// (2021) at a random time, x_0 within ±3.
  public mutating func addNoise(towards target: DenoisingTarget, _ rng: inout SeededGenerator) {
    let scale = SIMD4<Float>(BoxScale.of(size))
    let clean = (target.box / scale).clamped(lowerBound: SIMD4(repeating: -3), upperBound: SIMD4(repeating: 3))
    func wave(_ time: Double) -> Double {
      let c = cos((time + 0.008) / 1.008 * .pi / 2)
      return c * c
    }
    let kept = min(1, max(0, wave(rng.uniform()) / wave(0)))
    for k in 0..<4 {
      start[k] = Float(kept.squareRoot()) * clean[k] + Float((1 - kept).squareRoot() * rng.gaussian())
    }
  }
}
