import Geometry
import Solvers
import Testing

@Suite struct RigidAlignmentTests {
  private let points = [
    Point3(0, 0, 0), Point3(1, 0.2, 0), Point3(-0.3, 1, 0.4), Point3(0.5, -0.6, 1.2), Point3(2, 1, -1),
  ]
  private let motion = RigidTransform(
    rotation: Rotation3(rotationVector: Point3(0.7, -1.9, 0.4)), translation: Point3(3, -2, 5))

  @Test func exactPairsGiveTheMotion() throws {
    let found = try #require(RigidAlignment(points.map { ($0, motion($0)) }).transform)
    let error = found * motion.inverse
    #expect(error.translation.length < 1e-12 && error.rotation.angleDegrees < 1e-6)
  }

  @Test func mirroredPairsStillGiveARotation() throws {
    let found = try #require(RigidAlignment(points.map { ($0, Point3(-$0.x, $0.y, $0.z)) }).transform)
    #expect(abs(found.rotation.matrix.determinant - 1) < 1e-12)
  }

  @Test func aZeroWeightCountsForNothing() throws {
    var alignment = RigidAlignment()
    for p in points { alignment.add(p, motion(p)) }
    alignment.add(Point3(9, 9, 9), Point3(-50, 3, 7), weight: 0)
    let error = try #require(alignment.transform) * motion.inverse
    #expect(error.translation.length < 1e-12)
  }

  @Test(arguments: [0, 1, 2, 3]) func tooFewOrCollinearPairsLeaveTheRotationOpen(_ count: Int) {
    let line = (0..<count).map { Point3(Double($0), 2 * Double($0), 0) }
    #expect(RigidAlignment(line.map { ($0, $0) }).transform == nil)
  }
}

@Suite struct SymmetricSystem6Tests {
  @Test func theSolutionSolvesTheSystem() throws {
    var system = SymmetricSystem6()
    var truth = Twist(rotation: Point3(0.1, -0.2, 0.3), translation: Point3(1, 2, -1))
    for k in 0..<12 {
      func mixed(_ n: Int) -> Double { (Double(6 * k + n + 1) * 0.754877666).truncatingRemainder(dividingBy: 1) - 0.5 }
      let t = Double(k)
      let j = Twist(
        rotation: Point3(mixed(0), mixed(1), mixed(2)),
        translation: Point3(mixed(3) * t, mixed(4), mixed(5) + t * t / 50))
      let e = j.rotation.dot(truth.rotation) + j.translation.dot(truth.translation)
      system.add(j, residual: e, weight: 1 + t / 3)
    }
    let found = try #require(system.solution())
    truth.rotation -= found.rotation
    truth.translation -= found.translation
    #expect(truth.rotation.length < 1e-8 && truth.translation.length < 1e-8)
    for i in 0..<6 {
      for j in 0..<6 { #expect(abs(system.rows[i][j] - system.rows[j][i]) < 1e-12 * (1 + abs(system.rows[i][j]))) }
    }
  }

  @Test func aSingularSystemHasNone() {
    var system = SymmetricSystem6()
    system.add(Twist(rotation: Point3(1, 0, 0), translation: Point3(0, 1, 0)), residual: 1, weight: 1)
    #expect(system.solution() == nil)
  }
}
