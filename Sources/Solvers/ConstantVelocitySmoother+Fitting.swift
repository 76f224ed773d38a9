#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ConstantVelocitySmoother {
  /// The smoother under which measurements are most likely, for each coordinate by itself.
  ///
  /// With the ratio q/r given, the likelihood of the innovations e of variance r S has its maximum at `r = mean(e²/S)`;
  /// the ratio is the best of 25 between 1e-8 and 1e4 (Bar-Shalom, Li, Kirubarajan, 2001, section 11.6). The first two
  /// measurements of a track, which tell its place and velocity, count for nothing. Where there are no others, the ratio
  /// is 0.01.
  /// - Parameter tracks: one measurement per step, nil where there is none; the first is there.
  public static func fitted(to tracks: [[SIMD4<Double>?]]) -> ConstantVelocitySmoother {
    let step = largestStep(tracks)
    var best = SIMD4<Double>(repeating: -.infinity)
    var (ratios, noise) = (SIMD4<Double>(repeating: 0.01), SIMD4<Double>.zero)
    for k in 0..<25 {
      let ratio = pow(10, Double(k) / 2 - 8)
      let candidate = ConstantVelocitySmoother(
        noise: SIMD4(repeating: 1), acceleration: SIMD4(repeating: ratio), velocityVariance: 1e6 + 10 * step * step)
      let fit = candidate.likelihood(tracks)
      for lane in 0..<4 where fit.count > 0 && fit.value[lane] > best[lane] {
        (best[lane], ratios[lane], noise[lane]) = (fit.value[lane], ratio, fit.noise[lane])
      }
    }
    // Measurements without noise keep a little of it, relative to their steps, so that no division fails.
    noise = pointwiseMax(noise, pointwiseMax(1e-8 * step * step, SIMD4(repeating: 1e-18)))
    return ConstantVelocitySmoother(
      noise: noise, acceleration: ratios * noise, velocityVariance: 1e4 * noise + 10 * step * step)
  }

  /// The largest change of each coordinate per step.
  private static func largestStep(_ tracks: [[SIMD4<Double>?]]) -> SIMD4<Double> {
    var largest = SIMD4<Double>.zero
    for track in tracks {
      var last: (step: Int, value: SIMD4<Double>)?
      for (k, value) in track.enumerated() {
        guard let value else { continue }
        if let last {
          let change = (value - last.value) / Double(k - last.step)
          largest = pointwiseMax(largest, pointwiseMax(change, -change))
        }
        last = (k, value)
      }
    }
    return largest
  }

  /// The log-likelihood of the innovations up to a constant, with the best noise; how many innovations count.
  private func likelihood(
    _ tracks: [[SIMD4<Double>?]]
  ) -> (value: SIMD4<Double>, noise: SIMD4<Double>, count: Int) {
    var (squares, logarithms, count) = (SIMD4<Double>.zero, SIMD4<Double>.zero, 0)
    for track in tracks {
      var innovations = 0
      filter(track) { prediction, _, innovation in
        guard let innovation else { return }
        innovations += 1
        guard innovations > 1 else { return }
        let variance = prediction.variance + noise
        squares += innovation * innovation / variance
        for lane in 0..<4 { logarithms[lane] += log(variance[lane]) }
        count += 1
      }
    }
    let mean = pointwiseMax(squares / Double(max(1, count)), SIMD4(repeating: 1e-300))
    var value = -0.5 * logarithms
    for lane in 0..<4 { value[lane] -= 0.5 * Double(count) * log(mean[lane]) }
    return (value, mean, count)
  }
}
