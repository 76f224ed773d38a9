import LinearAlgebra
import Solvers
import Testing

@Suite struct ConstantVelocitySmootherTests {
  private static let smoother = ConstantVelocitySmoother(
    noise: [0.25, 1, 0.01, 4], acceleration: [0.5, 0.01, 2, 0.1], velocityVariance: [9, 100, 1, 25])

  /// Measurements of a step each, some missing.
  private static func measurements(_ count: Int, seed: UInt64) -> [SIMD4<Double>?] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { k in
      let value = SIMD4<Double>((0..<4).map { _ in random.uniform(-3, 3) })
      return k > 0 && k + 1 < count && random.uniform() < 0.3 ? nil : value
    }
  }

  @Test("it is the least-squares solution over all positions and velocities at once", arguments: 1...8)
  func batch(seed: Int) {
    let z = Self.measurements(9, seed: UInt64(seed))
    let states = Self.smoother(z)
    for lane in 0..<4 {
      let r = Self.smoother.noise[lane]
      let q = Self.smoother.acceleration[lane]
      // Unknowns p0, v0, p1, v1, …; the sum of squares as A x = b.
      let n = 2 * z.count
      var (a, b) = (
        [[Double]](repeating: [Double](repeating: 0, count: n), count: n), [Double](repeating: 0, count: n)
      )
      func add(_ terms: [(Int, Double)], _ other: [(Int, Double)], weight: Double) {
        for (i, s) in terms { for (j, t) in other { a[i][j] += weight * s * t } }
      }
      for (k, value) in z.enumerated() {
        if let value {
          a[2 * k][2 * k] += 1 / r
          b[2 * k] += value[lane] / r
        }
        if k == 0 {
          a[1][1] += 1 / Self.smoother.velocityVariance[lane]
          continue
        }
        // Q⁻¹ of Q = q [1/3 1/2; 1/2 1].
        let position = [(2 * k, 1.0), (2 * k - 2, -1), (2 * k - 1, -1)]
        let velocity = [(2 * k + 1, 1.0), (2 * k - 1, -1)]
        add(position, position, weight: 12 / q)
        add(position, velocity, weight: -6 / q)
        add(velocity, position, weight: -6 / q)
        add(velocity, velocity, weight: 4 / q)
      }
      let x = solved(a, b)
      for k in z.indices {
        #expect(abs(states[k].position[lane] - x[2 * k]) < 1e-8 && abs(states[k].velocity[lane] - x[2 * k + 1]) < 1e-8)
      }
    }
  }

  /// Gaussian elimination of a symmetric positive definite system.
  private func solved(_ a: [[Double]], _ b: [Double]) -> [Double] {
    var (a, b) = (a, b)
    for k in a.indices {
      for i in k + 1..<a.count {
        let factor = a[i][k] / a[k][k]
        for j in k..<a.count { a[i][j] -= factor * a[k][j] }
        b[i] -= factor * b[k]
      }
    }
    for k in a.indices.reversed() {
      for j in k + 1..<a.count { b[k] -= a[k][j] * b[j] }
      b[k] /= a[k][k]
    }
    return b
  }

  @Test("the last state is that of the filter; no state is less certain than the filter has it")
  func filter() throws {
    let z = Self.measurements(12, seed: 3)
    let states = Self.smoother(z)
    let (r, q) = (Self.smoother.noise, Self.smoother.acceleration)
    var filter = ConstantVelocityFilter(
      position: try #require(z[0]), deviation: r.squareRoot(),
      velocityDeviation: Self.smoother.velocityVariance.squareRoot())
    for (k, value) in z.enumerated() {
      if k > 0 {
        filter.predict(acceleration: q.squareRoot(), persistence: SIMD4(repeating: 1))
        if let value {
          let a = SIMD4<Double>((0..<4).map { filter.positionCovariance[$0, $0] })
          let gain = a / (a + r)
          filter.condition(
            position: filter.position + gain * (value - filter.position),
            covariance: Matrix4(diagonal: (1 - gain) * a))
        }
      }
      for lane in 0..<4 {
        #expect(states[k].variance[lane] <= filter.positionCovariance[lane, lane] + 1e-12)
      }
    }
    let last = try #require(states.last)
    for lane in 0..<4 {
      #expect(abs(last.position[lane] - filter.position[lane]) < 1e-10)
      #expect(abs(last.velocity[lane] - filter.velocity[lane]) < 1e-10)
      #expect(abs(last.variance[lane] - filter.positionCovariance[lane, lane]) < 1e-10)
    }
  }

  @Test("noise and agility are found again from what they have made")
  func fitting() {
    var random = SeededGenerator(seed: 5)
    func normal() -> Double { (0..<12).map { _ in random.uniform() }.reduce(-6, +) }
    let (r, q) = (SIMD4<Double>(0.09, 1, 4, 0.01), SIMD4<Double>(0.01, 0.01, 0.0004, 0.01))
    let tracks = (0..<20).map { _ -> [SIMD4<Double>?] in
      var (p, v) = (SIMD4<Double>.zero, SIMD4<Double>(1, 0, -2, 3))
      return (0..<60).map { k in
        let a = SIMD4<Double>((0..<4).map { _ in normal() }) * q.squareRoot()
        p += v + a / 2
        v += a
        return k % 7 == 3 ? nil : p + SIMD4<Double>((0..<4).map { _ in normal() }) * r.squareRoot()
      }
    }
    let fitted = ConstantVelocitySmoother.fitted(to: tracks)
    for lane in 0..<4 {
      #expect(fitted.noise[lane] / r[lane] > 0.7 && fitted.noise[lane] / r[lane] < 1.4, "noise of \(lane)")
      let ratio = fitted.acceleration[lane] / q[lane]
      #expect(ratio > 0.2 && ratio < 5, "agility of \(lane)")
    }
  }

  @Test("motion at constant velocity stays as it is, whatever its speed; one or two measurements, too")
  func exact() {
    for speed in [0, 1e-6, 0.3, 1e6] {
      let track = (0..<20).map { k -> SIMD4<Double>? in SIMD4(7 + speed * Double(k), 0, -speed * Double(k), 1e6) }
      for count in [1, 2, 3, 20] {
        let part = Array(track.prefix(count))
        let states = ConstantVelocitySmoother.fitted(to: [part])(part)
        for (state, value) in zip(states, part) {
          let off = state.position - (value ?? .zero)
          #expect((off * off).sum().squareRoot() <= 1e-4 * speed + 1e-9, "\(count) at \(speed): \(off)")
        }
      }
    }
    #expect(ConstantVelocitySmoother.fitted(to: [])([]).isEmpty)
  }
}
