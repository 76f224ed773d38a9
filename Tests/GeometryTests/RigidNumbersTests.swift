import Geometry
import Testing

@Suite struct RigidNumbersTests {
  @Test("a rotation that is orthonormal to 5e-4 only is read and projected; one at 6e-4 is refused")
  func tolerance() throws {
    func rows(_ excess: Double) -> [Double] { [1, 0, 0, 1, 0, (1 + excess).squareRoot(), 0, 2, 0, 0, 1, 3] }
    let t = try RigidTransform(rowMajor: rows(5e-4))
    let m = t.rotation.matrix
    let off = m.transpose * m - .identity
    #expect([off.x, off.y, off.z].allSatisfy { $0.length < 1e-12 })
    #expect(t.translation == Point3(1, 2, 3))
    #expect(throws: NotARigidMotion.self) { try RigidTransform(rowMajor: rows(6e-4)) }
  }

  @Test("16 numbers and 12 numbers write the same motion")
  func counts() throws {
    let t = RigidTransform(rotation: Rotation3(rotationVector: Point3(0.3, -2, 1)), translation: Point3(4, 5, -6))
    let a = try RigidTransform(rowMajor: t.rows.flatMap { $0 })
    let b = try RigidTransform(rowMajor: t.rows[0..<3].flatMap { $0 })
    #expect(a == b)
    #expect((a.inverse * t).logarithm.rotation.length < 1e-14)
    for n in [0, 8, 11, 13, 15, 17] {
      #expect(throws: NotARigidMotion.self) { try RigidTransform(rowMajor: [Double](repeating: 1, count: n)) }
    }
  }
}
