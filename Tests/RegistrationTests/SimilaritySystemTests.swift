import Geometry
import Solvers
import Testing

/// A number in [-0.5, 0.5) that follows from two indices.
private func mixed(_ k: Int, _ n: Int) -> Double {
  (Double(7 * k + n + 1) * 0.754877666).truncatingRemainder(dividingBy: 1) - 0.5
}

@Suite struct SimilaritySystemTests {
  /// Residuals of points with normals under a small similarity.
  private func system(
    _ points: [(x: Point3, n: Point3)], _ twist: Twist, _ logScale: Double
  ) -> SimilaritySystem {
    var system = SimilaritySystem()
    for (k, p) in points.enumerated() {
      let j = Twist(rotation: p.x.cross(p.n), translation: p.n)
      let e = j.rotation.dot(twist.rotation) + j.translation.dot(twist.translation) + p.x.dot(p.n) * logScale
      system.add(j, scale: p.x.dot(p.n), residual: e, weight: 1 + Double(k) / 5)
    }
    return system
  }

  private var cloud: [(x: Point3, n: Point3)] {
    (0..<30).map { k in
      (
        Point3(mixed(k, 0), mixed(k, 1), mixed(k, 2)) * 4,
        Point3(mixed(k, 3), mixed(k, 4), mixed(k, 5)).normalized
      )
    }
  }

  @Test("the solution is the one that the residuals were made from", arguments: MotionModel.allCases)
  func recovers(model: MotionModel) throws {
    let turn = Point3(0.1, -0.2, 0.3)
    let free = Point3(
      model.turns(about: 0) ? turn.x : 0, model.turns(about: 1) ? turn.y : 0, model.turns(about: 2) ? turn.z : 0)
    let truth = Twist(rotation: free, translation: Point3(1, 2, -1))
    let found = try #require(system(cloud, truth, 0.25).solution(model))
    #expect(abs(found.logScale - 0.25) < 1e-9)
    #expect((found.twist.rotation - free).length < 1e-9)
    #expect((found.twist.translation - truth.translation).length < 1e-9)
  }

  @Test("three planes through a point leave the scale open, a fourth fixes it")
  func corner() throws {
    var points: [(x: Point3, n: Point3)] = []
    for axis in 0..<3 {
      for k in 0..<12 {
        var (x, n) = (Point3(mixed(k, 0), mixed(k, 1), mixed(k, 2)) * 3, Point3.zero)
        x[axis] = 0
        n[axis] = 1
        points.append((x - Point3(1, 1, 1), n))
      }
    }
    let twist = Twist(translation: Point3(0.1, 0, 0))
    let open = system(points, twist, 0)
    let nothing = try #require(open.scaleInformation(.rigid))
    #expect(abs(nothing) < 1e-9)
    let stays = try #require(open.solution(.rigid, leastScaleInformation: 1e-6))
    #expect(stays.logScale == 0 && (stays.twist.translation - twist.translation).length < 1e-9)
    for k in 0..<6 { points.append((Point3(mixed(k, 0), mixed(k, 1), 2), Point3(0, 0, 1))) }
    let much = try #require(system(points, twist, 0).scaleInformation(.rigid))
    #expect(much > 1)
  }

  @Test("nothing fixes nothing")
  func empty() { #expect(SimilaritySystem().solution(.rigid) == nil) }
}

@Suite struct SimilarityAlignmentTests {
  private let points = [
    Point3(0, 0, 0), Point3(1, 0.2, 0), Point3(-0.3, 1, 0.4), Point3(0.5, -0.6, 1.2), Point3(2, 1, -1),
  ]

  @Test("exact pairs give the similarity", arguments: [1e-3, 0.37, 1, 10, 1e4])
  func exact(scale: Double) throws {
    let truth = SimilarityTransform(
      scale: scale, rotation: Rotation3(rotationVector: Point3(0.7, -1.9, 0.4)), translation: Point3(3, -2, 5))
    let found = try #require(RigidAlignment(points.map { ($0, truth($0)) }).similarity())
    #expect(abs(found.scale / scale - 1) < 1e-8)
    for p in points { #expect((found(p) - truth(p)).length < 1e-8 * max(1, scale)) }
  }

  @Test("swapped clouds have the inverse scale, noise or not")
  func symmetric() throws {
    let noisy = points.enumerated().map { k, p in p * 3 + Point3(mixed(k, 0), mixed(k, 1), mixed(k, 2)) }
    let there = try #require(RigidAlignment(zip(points, noisy).map { ($0, $1) }).similarity())
    let back = try #require(RigidAlignment(zip(noisy, points).map { ($0, $1) }).similarity())
    #expect(abs(there.scale * back.scale - 1) < 1e-12)
  }

  @Test func pointsThatCoincideHaveNoScale() {
    #expect(RigidAlignment(points.map { ($0, Point3(1, 1, 1)) }).similarity() == nil)
    #expect(RigidAlignment().similarity() == nil)
  }
}
