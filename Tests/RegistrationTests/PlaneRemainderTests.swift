import Foundation
import Geometry
import LinearAlgebra
import Registration
import Testing

@Suite struct PlaneRemainderTests {
  private typealias Surface = (points: [Point3], normals: [Point3])
  private let corner = PlaneRemainder(distance: 0.05, planes: 3)

  /// Points of a square of 4 m with 5 mm of noise, its normal along an axis.
  private func square(_ axis: Int, _ count: Int, height: Double = 0) -> Surface {
    var random = SeededGenerator(seed: UInt64(7 * axis + count))
    var normal = Point3.zero
    normal[axis] = 1
    let points = (0..<count).map { _ -> Point3 in
      var p = Point3(random.uniform(0, 4), random.uniform(0, 4), random.uniform(0, 4))
      p[axis] = height + random.uniform(-0.005, 0.005)
      return p
    }
    return (points, points.map { _ in normal })
  }

  /// Points of a sphere of radius 1 m inside the corner.
  private func ball(_ count: Int) -> Surface {
    var random = SeededGenerator(seed: 3)
    let normals = (0..<count).map { _ -> Point3 in
      let (z, angle) = (random.uniform(-1, 1), random.uniform(0, 2 * Double.pi))
      let r = (1 - z * z).squareRoot()
      return Point3(r * cos(angle), r * sin(angle), z)
    }
    return (normals.map { Point3(2, 2, 2) + $0 }, normals)
  }

  private func share(_ measure: PlaneRemainder, _ parts: [Surface]) -> Double {
    measure(points: parts.flatMap(\.points), normals: parts.flatMap(\.normals))
  }

  @Test func aCornerLeavesNothing() {
    #expect(share(corner, [square(0, 300), square(1, 300), square(2, 400)]) < 0.01)
  }

  @Test func whatStandsInTheCornerIsLeft() {
    let left = share(corner, [square(0, 200), square(1, 250), square(2, 300), ball(250)])
    // A plane that touches the sphere holds some of it, but none is larger than the walls.
    #expect(left > 0.22 && left < 0.27)
  }

  @Test func theSmallestOfFourPlanesIsLeft() {
    let four = [square(0, 250), square(1, 250), square(2, 300), square(2, 200, height: 2)]
    #expect(abs(share(corner, four) - 0.2) < 0.02)
    #expect(share(PlaneRemainder(distance: 0.05, planes: 4), four) < 0.01)
  }

  @Test func aPlaneIsFoundThoughItsNormalsAreRough() {
    // Normals 10 degrees off tell 4 m away where the plane is to 0.7 m only: the fit has to find it.
    let plane = square(2, 900)
    var random = SeededGenerator(seed: 9)
    let rough = plane.normals.map { n in
      let lean = Point3(random.uniform(-1, 1), random.uniform(-1, 1), 0)
      return (n + lean * (0.17 / lean.length)).normalized
    }
    let left = PlaneRemainder(distance: 0.1, planes: 1)(points: plane.points, normals: rough)
    #expect(left < 0.02)
  }

  @Test func neitherTheFrameNorTheSignOfNormalsMatters() {
    let parts = [square(0, 200), square(1, 250), square(2, 300), ball(250)]
    let (points, normals) = (parts.flatMap(\.points), parts.flatMap(\.normals))
    let pose = RigidTransform(
      rotation: Rotation3(radians: 1.1, about: Point3(1, -2, 0.5)), translation: Point3(300, -20, 5))
    let moved = corner(points: points.map { pose($0) }, normals: normals.map { pose.rotation.matrix * $0 * -1 })
    #expect(abs(moved - corner(points: points, normals: normals)) < 0.01)
  }

  @Test func noPointsAreNoCorner() { #expect(corner(points: [], normals: []) == 1) }
}
