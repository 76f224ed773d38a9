import Geometry
import Testing

@Suite struct EulerAnglesTests {
  @Test("the angles give back the rotation, with the pitch in a half turn")
  func roundTrip() {
    var g = TestGenerator(state: 3)
    for _ in 0..<500 {
      let rotation = g.transform().rotation
      let angles = EulerAngles(rotation)
      #expect((angles.rotation * rotation.inverse).angleRadians < 1e-7)
      #expect(abs(angles.pitch) <= .pi / 2 && abs(angles.roll) <= .pi && abs(angles.yaw) <= .pi)
    }
  }

  @Test("one turn about one axis is that angle")
  func single() {
    let degree = Double.pi / 180
    let x = EulerAngles(Rotation3(radians: 10 * degree, about: Point3(1, 0, 0)))
    let y = EulerAngles(Rotation3(radians: 20 * degree, about: Point3(0, 1, 0)))
    let z = EulerAngles(Rotation3(radians: -150 * degree, about: Point3(0, 0, 1)))
    #expect(abs(x.roll - 10 * degree) < 1e-12 && abs(x.pitch) < 1e-12 && abs(x.yaw) < 1e-12)
    #expect(abs(y.pitch - 20 * degree) < 1e-12 && abs(y.roll) < 1e-12 && abs(y.yaw) < 1e-12)
    #expect(abs(z.yaw + 150 * degree) < 1e-12 && abs(z.roll) < 1e-12 && abs(z.pitch) < 1e-12)
  }

  @Test("with the nose up or down the roll is zero and the rotation still the same", arguments: [1.0, -1.0])
  func gimbalLock(sign: Double) {
    for yaw in [0.3, -2.0, 3.0] {
      let up = Rotation3(radians: sign * .pi / 2, about: Point3(0, 1, 0))
      let rotation = Rotation3(radians: yaw, about: Point3(0, 0, 1)) * up
      let angles = EulerAngles(rotation)
      #expect(angles.roll == 0)
      #expect((angles.rotation * rotation.inverse).angleRadians < 1e-6)
    }
  }
}
