import Geometry
import Registration
import Solvers
import Testing

/// Points on faces of the box [-a, a] x [-b, b] x [-c, c], the axes of whose normals are listed.
private func faces(_ axes: [Int], half: Point3) -> (points: [Point3], normals: [Point3]) {
  var (points, normals) = ([Point3](), [Point3]())
  for axis in axes {
    for side in [-1.0, 1] {
      for i in 0..<12 {
        for j in 0..<12 {
          var p = Point3.zero
          p[axis] = side * half[axis]
          p[(axis + 1) % 3] = half[(axis + 1) % 3] * (Double(i) / 5.5 - 1)
          p[(axis + 2) % 3] = half[(axis + 2) % 3] * (Double(j) / 5.5 - 1)
          var n = Point3.zero
          n[axis] = side
          points.append(p)
          normals.append(n)
        }
      }
    }
  }
  return (points, normals)
}

/// The three oracles: a box fixes everything, a corridor slides along itself, a plane slides twice and turns once.
@Suite struct ObservabilityTests {
  @Test func aBoxFixesEveryDirection() {
    let (points, normals) = faces([0, 1, 2], half: Point3(2, 1.5, 1))
    let directions = Observability()(points: points, normals: normals)
    #expect(directions.count == 6 && directions.allSatisfy(\.isObserved))
    #expect(directions.allSatisfy { $0.observability > 0 && $0.observability <= 1 })
  }

  @Test func aCorridorLeavesItsAxisFree() {
    let (points, normals) = faces([1, 2], half: Point3(5, 1.5, 1))
    let free = Observability()(points: points, normals: normals).filter { !$0.isObserved }
    #expect(free.count == 1)
    #expect(free.first?.kind == .translation && abs(free.first?.axis.x ?? 0) > 0.999)
  }

  @Test func aPlaneLeavesThreeDirectionsFree() {
    let (all, normals) = faces([2], half: Point3(2, 2, 1))
    let upper = all.indices.filter { all[$0].z > 0 }
    let free = Observability()(points: upper.map { all[$0] }, normals: upper.map { normals[$0] })
      .filter { !$0.isObserved }
    #expect(free.count == 3)
    #expect(free.filter { $0.kind == .translation }.allSatisfy { abs($0.axis.z) < 1e-6 })
    #expect(free.filter { $0.kind == .rotation }.map { abs($0.axis.z) > 0.999 } == [true])
  }

  @Test("a motion model lists its own directions only", arguments: [MotionModel.yaw, .translation])
  func motionModels(model: MotionModel) {
    let (points, normals) = faces([0, 1, 2], half: Point3(2, 1.5, 1))
    let directions = Observability()(points: points, normals: normals, motion: model)
    #expect(directions.count { $0.kind == .translation } == 3)
    let turns = directions.filter { $0.kind == .rotation }
    #expect(turns.count == (model == .yaw ? 1 : 0) && turns.allSatisfy { abs($0.axis.z) > 0.999 })
    #expect(directions.allSatisfy { $0.isObserved })
  }

  @Test("a floor leaves a levelled scan three directions, and a translation two")
  func floor() {
    let (all, normals) = faces([2], half: Point3(2, 2, 1))
    func free(_ model: MotionModel) -> [ObservedDirection] {
      Observability()(points: all, normals: normals, motion: model).filter { !$0.isObserved }
    }
    #expect(free(.yaw).count == 3 && free(.translation).count == 2)
    #expect(free(.translation).allSatisfy { $0.kind == .translation && abs($0.axis.z) < 1e-6 })
    // A wall fixes the turn about z that the floor leaves, and its own normal.
    let (wall, across) = faces([0, 2], half: Point3(2, 2, 1))
    let left = Observability()(points: wall, normals: across, motion: .yaw).filter { !$0.isObserved }
    #expect(left.count == 1 && left.allSatisfy { $0.kind == .translation && abs($0.axis.y) > 0.999 })
  }

  @Test func fewPointsSayNothing() {
    #expect(Observability()(points: [.zero, Point3(1, 0, 0)], normals: [Point3(0, 0, 1), Point3(0, 0, 1)]).isEmpty)
  }
}
