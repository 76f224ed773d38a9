import Geometry
import Testing

/// Deterministic numbers for the tests (SplitMix64).
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func point(_ r: Double = 1) -> Point3 {
    Point3(.random(in: -r...r, using: &self), .random(in: -r...r, using: &self), .random(in: -r...r, using: &self))
  }
  mutating func transform() -> RigidTransform {
    RigidTransform(rotation: Rotation3(rotationVector: point(1.7)), translation: point(10))
  }
}

@Suite struct RigidTransformTests {
  @Test func groupLaws() {
    var g = TestGenerator(state: 1)
    for _ in 0..<200 {
      let (a, b, c, p) = (g.transform(), g.transform(), g.transform(), g.point(5))
      #expect((((a * b) * c)(p) - (a * (b * c))(p)).length < 1e-12)
      #expect(((a * b)(p) - a(b(p))).length < 1e-12)
      #expect(((a * a.inverse)(p) - p).length < 1e-12)
      let e = a.rotation.matrix.transpose * a.rotation.matrix - .identity
      #expect(max(e.x.length, e.y.length, e.z.length) < 1e-14)
      #expect(abs(a.rotation.matrix.determinant - 1) < 1e-14)
    }
  }

  @Test(arguments: [1e-12, 1e-7, 1e-4, 1e-2, 1, 3])
  func exponentialAndLogarithmAreInverse(scale: Double) {
    var g = TestGenerator(state: 2)
    for _ in 0..<100 {
      let xi = Twist(rotation: g.point().normalized * scale, translation: g.point(3))
      let back = RigidTransform(exponential: xi).logarithm
      #expect((back.rotation - xi.rotation).length < 1e-9 * max(scale, 1e-3))
      #expect((back.translation - xi.translation).length < 1e-9)
    }
  }

  @Test func exponentialHasTheRightDerivative() {
    var g = TestGenerator(state: 3)
    for _ in 0..<50 {
      let (xi, p, h) = (Twist(rotation: g.point(), translation: g.point()), g.point(4), 1e-6)
      let forward = RigidTransform(exponential: Twist(rotation: xi.rotation * h, translation: xi.translation * h))(p)
      let backward = RigidTransform(exponential: Twist(rotation: xi.rotation * -h, translation: xi.translation * -h))(p)
      let numeric = (forward - backward) / (2 * h)
      #expect((numeric - (xi.rotation.cross(p) + xi.translation)).length < 1e-7)
    }
  }

  @Test func rebasingChangesCoordinatesNotMotion() {
    var g = TestGenerator(state: 4)
    let (t, s, o) = (g.transform(), Point3(5e5, 5e6, 100), Point3(4e5, 4e6, 90))
    let local = t.rebased(sourceOrigin: s, targetOrigin: o)
    let p = g.point(10)
    #expect((t(p + s) - (local(p) + o)).length < 1e-8)
  }

  @Test func quaternionsAndRotationVectors() {
    var g = TestGenerator(state: 5)
    for _ in 0..<200 {
      let r = Rotation3(rotationVector: g.point(1.8))
      let q = r.quaternion
      let again = Rotation3(quaternion: q.w, q.x, q.y, q.z)
      let e = again.matrix - r.matrix
      #expect(max(e.x.length, e.y.length, e.z.length) < 1e-14)
    }
    let half = Rotation3(radians: .pi, about: Point3(1, 2, 3))
    #expect(abs(half.angleDegrees - 180) < 1e-6)
  }
}

@Suite struct Matrix3Tests {
  @Test func symmetricEigenReconstructs() {
    var g = TestGenerator(state: 6)
    for k in 0..<200 {
      let (a, b) = (g.point(), g.point())
      // Every third matrix has rank one or two.
      var m = Matrix3(outer: a, a)
      if k % 3 > 0 { m += Matrix3(outer: b, b) * 3 }
      if k % 3 > 1 { m += .identity * 0.1 }
      let e = m.symmetricEigen
      let back = e.vectors * Matrix3(diagonal: e.values) * e.vectors.transpose - m
      #expect(max(back.x.length, back.y.length, back.z.length) < 1e-13)
      #expect(e.values.x <= e.values.y && e.values.y <= e.values.z)
    }
  }

  @Test func singularValuesReconstruct() {
    var g = TestGenerator(state: 7)
    for k in 0..<200 {
      var m = Matrix3(columns: g.point(), g.point(), g.point())
      if k % 4 == 1 { m.z = m.x }
      if k % 4 == 2 { (m.y, m.z) = (m.x * 2, m.x * -1) }
      let d = m.singularValues
      let back = d.u * Matrix3(diagonal: d.s) * d.v.transpose - m
      #expect(max(back.x.length, back.y.length, back.z.length) < 1e-12)
      let r = Rotation3(nearest: m).matrix
      #expect(abs(r.determinant - 1) < 1e-12)
    }
  }

  @Test func nearestRotationUndoesSmallNoise() {
    var g = TestGenerator(state: 8)
    let r = Rotation3(rotationVector: g.point())
    let noisy = r.matrix + Matrix3(columns: g.point(1e-4), g.point(1e-4), g.point(1e-4))
    #expect((Rotation3(nearest: noisy).inverse * r).angleRadians < 4e-4)
  }
}
