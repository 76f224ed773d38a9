import Geometry
import Parallelism
import PointClouds
import Registration
import Solvers
import Testing

@Suite(.serialized) struct GeneralizedICPTests {
  /// A wavy sheet with its normals.
  private static let sheet: (positions: [SIMD3<Float>], normals: [SIMD3<Float>]) = {
    var g = FeatureNumbers(state: 21)
    var (positions, normals): ([SIMD3<Float>], [SIMD3<Float>]) = ([], [])
    for _ in 0..<6000 {
      let (x, y) = (Float.random(in: -2...2, using: &g), Float.random(in: -2...2, using: &g))
      positions.append(SIMD3(x, y, 0.15 * x * x - 0.1 * x * y + 0.05 * y * y * y))
      normals.append(SIMD3(-0.3 * x + 0.1 * y, 0.1 * x - 0.15 * y * y, 1).normalized)
    }
    return (positions, normals)
  }()

  private static let motion = RigidTransform(
    exponential: Twist(rotation: Point3(0.02, -0.03, 0.05), translation: Point3(0.05, -0.04, 0.03)))

  private func align(from start: RigidTransform) -> RefinementResult {
    let (positions, normals) = Self.sheet
    let moved = positions.map { SIMD3<Float>(Self.motion.inverse(Point3($0))) }
    let turned = normals.map { SIMD3<Float>(Self.motion.inverse.rotation(Point3($0))) }
    let icp = GeneralizedICP(gate: 0.4, stop: .motion(metres: 1e-7))
    return icp(
      positions: moved, normals: turned, on: ReferenceSurface(positions: positions, normals: normals), from: start)
  }

  @Test func findsTheMotionAndStaysAtIt() {
    for start in [RigidTransform.identity, Self.motion] {
      let result = align(from: start)
      let error = (result.transform * Self.motion.inverse).logarithm
      #expect(result.converged && error.rotation.length < 1e-6 && error.translation.length < 1e-6)
      #expect(result.inliers == 6000 && result.rmse < 1e-6)
    }
    #expect(align(from: Self.motion).iterations <= 2)
  }

  @Test func theResultDoesNotDependOnTheNumberOfThreads() {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let poses = [1, 2, 16].map { threads -> RigidTransform in
      Parallel.threads = threads
      return align(from: .identity).transform
    }
    #expect(poses[0] == poses[1] && poses[0] == poses[2])
  }

  @Test(arguments: [false, true])
  func partnersEqualFreshSearches(looksAhead: Bool) {
    var g = FeatureNumbers(state: 22)
    let points = Self.sheet.positions
    let tree = KDTree(points)
    points.withUnsafeBufferPointer { targets in
      let search = PartnerSearch(tree, positions: targets.baseAddress!, radius: 0.1, looksAhead: looksAhead)
      for _ in 0..<300 {
        var memory = PartnerSearch.Memory()
        var x = points[Int.random(in: 0..<points.count, using: &g)]
        for step in 0..<30 {
          let size = 0.2 * Float(0.7).power(step)
          x += SIMD3(
            .random(in: -size...size, using: &g), .random(in: -size...size, using: &g),
            .random(in: -size...size, using: &g))
          let expected = tree.nearest(to: x, within: 0.1)
          #expect(search.partner(of: x, &memory) == Int(expected?.index ?? -1))
        }
      }
    }
  }

  @Test func sumsEqualTheInverseCovariance() {
    var g = FeatureNumbers(state: 23)
    func vector() -> Point3 {
      Point3(.random(in: -1...1, using: &g), .random(in: -1...1, using: &g), .random(in: -1...1, using: &g))
    }
    let epsilon = 1e-3
    for k in 0..<200 {
      let a = vector().normalized
      let b = k % 4 == 0 ? a : k % 4 == 1 ? (a + 1e-4 * vector()).normalized : vector().normalized
      let (d, c) = (0.1 * vector(), 3 * vector())
      var sums = PlaneToPlaneSums()
      sums.add(d, a, b, lever: c, kernel: 2, epsilon: epsilon)
      let disc = { (n: Point3) in Matrix3.identity - Matrix3(outer: n, n) * (1 - epsilon) }
      let s = (disc(a) + disc(b)).inverse! * (2 * epsilon)
      let squared = d.dot(s * d)
      let root = 1 / (1 + 2 * squared)
      let w = s * (root * root)
      let lever = Matrix3(skew: c)
      let system = sums.system
      #expect(abs(sums.cost - 2 * squared * root) < 1e-9 && abs(sums.weight - root * root) < 1e-9)
      func near(_ a: Matrix3, _ b: Matrix3) -> Bool {
        let d = a - b
        return max(d.x.length, d.y.length, d.z.length) < 1e-8
      }
      #expect(near(system.translation, w) && near(system.coupling, lever * w))
      #expect(near(system.rotation, lever * w * lever.transpose))
      #expect((system.gradient.translation + w * d).length < 1e-9)
      #expect((system.gradient.rotation + c.cross(w * d)).length < 1e-8)
    }
  }
}

extension Float {
  fileprivate func power(_ n: Int) -> Float { (0..<n).reduce(1) { product, _ in product * self } }
}
