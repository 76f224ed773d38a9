import Geometry
import Solvers
import Testing

/// Motions with fewer degrees of freedom.
@Suite struct MotionModelTests {
  private let points = [Point3(1, 0, 0), Point3(0, 2, 1), Point3(-1, 1, 3), Point3(2, -2, 0.5)]

  @Test("a turn about z and a translation are found from exact pairs")
  func yaw() throws {
    let truth = RigidTransform(
      rotation: Rotation3(rotationVector: Point3(0, 0, 2.1)), translation: Point3(3, -1, 0.5))
    let found = try #require(RigidAlignment(points.map { ($0, truth($0)) }).transform(.yaw))
    for p in points { #expect((found(p) - truth(p)).length < 1e-12) }
  }

  @Test("points above each other leave the turn open, no points leave everything open")
  func degenerate() {
    let line = [Point3(1, 1, 0), Point3(1, 1, 2), Point3(1, 1, 5)]
    #expect(RigidAlignment(line.map { ($0, $0) }).transform(.yaw) == nil)
    for model in MotionModel.allCases { #expect(RigidAlignment().transform(model) == nil) }
  }

  @Test("a translation is the difference of the weighted means")
  func translation() throws {
    var alignment = RigidAlignment()
    alignment.add(Point3(0, 0, 0), Point3(1, 0, 0), weight: 3)
    alignment.add(Point3(0, 0, 0), Point3(5, 0, 0), weight: 1)
    let found = try #require(alignment.transform(.translation))
    #expect(found == RigidTransform(translation: Point3(2, 0, 0)))
  }

  @Test("fixed directions stay zero and the free ones satisfy their equations", arguments: MotionModel.allCases)
  func subspace(model: MotionModel) throws {
    var system = SymmetricSystem6()
    for (k, p) in points.enumerated() {
      for m in [Point3(1, 0, 0), Point3(0, 1, 0), Point3(0, 0, 1)] {
        system.add(Twist(rotation: p.cross(m), translation: m), residual: Double(k) - p.x, weight: 1)
      }
    }
    let x = try #require(model.solution(of: system))
    let values = [x.rotation.x, x.rotation.y, x.rotation.z, x.translation.x, x.translation.y, x.translation.z]
    let g = system.gradient
    let right = [g.rotation.x, g.rotation.y, g.rotation.z, g.translation.x, g.translation.y, g.translation.z]
    for i in 0..<6 {
      if i < 3, !model.turns(about: i) {
        #expect(values[i] == 0)
      } else {
        let left = zip(system.rows[i], values).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(left - right[i]) < 1e-9)
      }
    }
  }
}
