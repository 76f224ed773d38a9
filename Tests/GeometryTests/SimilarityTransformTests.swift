import Geometry
import Testing

@Suite struct SimilarityTransformTests {
  private func random(_ g: inout TestGenerator) -> SimilarityTransform {
    SimilarityTransform(g.transform(), afterScaling: .random(in: 0.01...100, using: &g))
  }

  @Test func groupLaws() {
    var g = TestGenerator(state: 11)
    for _ in 0..<200 {
      let (a, b, c, p) = (random(&g), random(&g), random(&g), g.point(5))
      let size = 1 + a(b(c(p))).length
      #expect((((a * b) * c)(p) - (a * (b * c))(p)).length < 1e-12 * size)
      #expect(((a * b)(p) - a(b(p))).length < 1e-12 * size)
      #expect((a.inverse(a(p)) - p).length < 1e-11 * (1 + a(p).length / a.scale))
      // Lengths grow by the scale and nothing else.
      let q = g.point(5)
      #expect(abs((a(p) - a(q)).length - a.scale * (p - q).length) < 1e-12 * size)
    }
  }

  @Test("with scale 1 it has the bits of the rigid motion")
  func rigid() {
    var g = TestGenerator(state: 12)
    for _ in 0..<100 {
      let (t, p, o) = (g.transform(), g.point(9), g.point(1e6))
      let s = SimilarityTransform(t)
      #expect(s(p) == t(p) && s.rows == t.rows && s.inverse.rows == t.inverse.rows)
      #expect(s.rebased(sourceOrigin: o, targetOrigin: p).rows == t.rebased(sourceOrigin: o, targetOrigin: p).rows)
    }
  }

  @Test func rebasingChangesCoordinatesNotThePoints() {
    var g = TestGenerator(state: 13)
    let (t, s, o, p) = (random(&g), Point3(500, 5000, 100), Point3(400, 4000, 90), g.point())
    #expect((t.rebased(sourceOrigin: s, targetOrigin: o)(p) - (t(p + s) - o)).length < 1e-9)
  }

  @Test("rows multiply points as the function does")
  func rows() {
    var g = TestGenerator(state: 14)
    let (t, p) = (random(&g), g.point())
    let product = t.rows.map { $0[0] * p.x + $0[1] * p.y + $0[2] * p.z + $0[3] }
    #expect((Point3(product[0], product[1], product[2]) - t(p)).length < 1e-10 && product[3] == 1)
  }

  @Test("a cloud is scaled with its sensor; its normals are turned only")
  func cloud() {
    var g = TestGenerator(state: 15)
    let t = random(&g)
    let cloud = PointCloud(
      positions: [SIMD3(1, 2, 3), SIMD3(-1, 0, 2)], origin: Point3(7, 8, 9), normals: [SIMD3(0, 0, 1), SIMD3(1, 0, 0)],
      intensities: [3, 4], sensorPosition: Point3(1, 1, 1))
    let moved = cloud.transformed(by: t)
    for i in 0..<2 {
      #expect((moved.position(i) - t(cloud.position(i))).length < 1e-5 * t.scale)
      #expect(abs((moved.normals?[i] ?? .zero).length - 1) < 1e-6)
    }
    #expect(moved.sensorPosition == t(Point3(1, 1, 1)) && moved.intensities == [3, 4])
    #expect(PointCloud(positions: []).transformed(by: t).isEmpty)
  }
}
