import Solvers
import Testing

@Suite struct ConstantVelocityFilterTests {
  @Test("on one axis it is the textbook filter with two states")
  func textbook() {
    var filter = ConstantVelocityFilter(
      position: [1, 0, 0, 0], deviation: [2, 1, 1, 1], velocityDeviation: [3, 1, 1, 1])
    var (p, v, a, b, c) = (1.0, 0.0, 4.0, 0.0, 9.0)
    for (step, z) in [3.0, 3.5, 6, 7.25, 9].enumerated() {
      let (q, phi, r) = (0.25, 0.9, 0.5 + Double(step))
      filter.predict(acceleration: [0.5, 1, 1, 1], persistence: [0.9, 1, 1, 1])
      (p, v) = (p + v, phi * v)
      (a, b, c) = (a + 2 * b + c + q / 3, (b + c) * phi + q / 2, phi * c * phi + q)
      // Measurement z of the position with variance r.
      let gain = (a / (a + r), b / (a + r))
      let fused = p + gain.0 * (z - p)
      let covariance = filter.positionCovariance
      filter.condition(
        position: filter.position + SIMD4(fused - p, 0, 0, 0),
        covariance: covariance - Matrix4(diagonal: [a - (1 - gain.0) * a, 0, 0, 0]))
      (v, p) = (v + gain.1 * (z - p), fused)
      (a, b, c) = ((1 - gain.0) * a, (1 - gain.0) * b, c - gain.1 * b)
      #expect(abs(filter.position.x - p) < 1e-12 && abs(filter.velocity.x - v) < 1e-12)
      #expect(abs(filter.positionCovariance.x.x - a) < 1e-12 && abs(filter.crossCovariance.x.x - b) < 1e-12)
      #expect(abs(filter.velocityCovariance.x.x - c) < 1e-12)
    }
  }

  @Test("learning nothing changes nothing")
  func nothingLearned() {
    var filter = ConstantVelocityFilter(
      position: [1, 2, 3, 4], deviation: [1, 1, 1, 1], velocityDeviation: [1, 2, 3, 4])
    filter.predict(acceleration: [1, 1, 1, 1], persistence: [1, 1, 0.5, 0.5])
    let before = filter
    filter.condition(position: filter.position, covariance: filter.positionCovariance)
    #expect(filter.velocity == before.velocity && filter.positionCovariance == before.positionCovariance)
    for i in 0..<4 {
      for j in 0..<4 { #expect(abs(filter.crossCovariance[i, j] - before.crossCovariance[i, j]) < 1e-12) }
    }
  }

  @Test("the inverse times the matrix is the identity; what is not positive definite has none")
  func inverse() throws {
    let columns: [SIMD4<Double>] = [[1, 2, 0.5, -1], [0, 3, 1, 2], [2, -1, 4, 0], [1, 1, 1, 5]]
    let a = Matrix4(columns: columns[0], columns[1], columns[2], columns[3])
    let m = a * a.transpose
    let product = try #require(m.inverseOfPositiveDefinite) * m
    for i in 0..<4 { for j in 0..<4 { #expect(abs(product[i, j] - (i == j ? 1 : 0)) < 1e-10) } }
    #expect(Matrix4(diagonal: [1, 1, 0, 1]).inverseOfPositiveDefinite == nil)
    #expect(Matrix4(diagonal: [1, -1, 1, 1]).inverseOfPositiveDefinite == nil)
    #expect(Matrix4(diagonal: [.nan, 1, 1, 1]).inverseOfPositiveDefinite == nil)
    #expect(Matrix4(outer: [1, 2, 3, 4], [1, 2, 3, 4]).inverseOfPositiveDefinite == nil)
  }

  @Test("a measurement counts by its variance against that of the prediction; a covariance that is none is refused")
  func measurement() throws {
    let filter = ConstantVelocityFilter(
      position: SIMD4(1, 2, 3, 0), deviation: SIMD4(repeating: 2), velocityDeviation: SIMD4(repeating: 1))
    let (offset, covariance) = (SIMD4(5.0, 0, -5, 1), Matrix4(diagonal: SIMD4(repeating: 1)))
    let fused = try #require(filter.fused(offset: offset, covariance: covariance))
    let error = fused.position - (filter.position + offset * 0.8)
    #expect((error * error).sum() < 1e-20)
    #expect(abs(fused.positionCovariance.x.x - 0.8) < 1e-12)
    let distance = try #require(filter.squaredDistance(offset: offset, covariance: covariance))
    #expect(abs(distance - 51.0 / 5) < 1e-12)
    #expect(filter.fused(offset: offset, covariance: Matrix4(diagonal: SIMD4(1, 1, -1, 1))) == nil)
    #expect(filter.squaredDistance(offset: offset, covariance: Matrix4(diagonal: SIMD4(1, 1, -5, 1))) == nil)
  }

  @Test("in other axes the same is predicted and learned")
  func axes() throws {
    let turn = Matrix4(columns: [0.6, 0.8, 0, 0], [-0.8, 0.6, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1])
    var filter = ConstantVelocityFilter(
      position: [1, 2, 3, 4], deviation: [1, 2, 3, 4], velocityDeviation: [0.5, 1, 1, 2])
    filter.velocity = [1, -1, 0.5, 0.1]
    filter.predict(acceleration: [1, 1, 1, 1], persistence: [0.9, 0.9, 0.5, 0.5])
    let (shift, noise) = (SIMD4(5.0, -3, 1, 0.5), Matrix4(diagonal: [1, 1, 2, 2]))
    func step(_ filter: ConstantVelocityFilter, _ offset: SIMD4<Double>) throws -> ConstantVelocityFilter {
      var next = try #require(filter.fused(offset: offset, covariance: noise))
      next.predict(acceleration: [2, 2, 1, 1], persistence: [0.9, 0.9, 0.5, 0.5])
      return next
    }
    func length(_ v: SIMD4<Double>) -> Double { (v * v).sum().squareRoot() }
    let offset = SIMD4(0.5, -0.25, 1, 0.1)
    let there = try step(filter.mapped(by: turn, to: turn * filter.position + shift), turn * offset)
    let here = try step(filter, offset)
    let expected = here.mapped(by: turn, to: turn * here.position + shift)
    #expect(length(there.position - expected.position) < 1e-12 && length(there.velocity - expected.velocity) < 1e-12)
    for i in 0..<4 {
      for j in 0..<4 {
        #expect(abs(there.positionCovariance[i, j] - expected.positionCovariance[i, j]) < 1e-12)
        #expect(abs(there.crossCovariance[i, j] - expected.crossCovariance[i, j]) < 1e-12)
        #expect(abs(there.velocityCovariance[i, j] - expected.velocityCovariance[i, j]) < 1e-12)
      }
    }
  }
}
