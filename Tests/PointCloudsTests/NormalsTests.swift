import Geometry
import Parallelism
import PointClouds
import Testing

@Suite struct NormalsFixedRadiusGridTests {
  @Test(arguments: [Float(0.05), 0.2, 0.4, 3])
  func neighborsEqualBruteForce(radius: Float) {
    var points = randomPoints(1500, seed: 11)
    points += [SIMD3(1e9, 0, 0), SIMD3(1e30, 1e30, 0), SIMD3(.nan, 0, 0), points[0], SIMD3(-1e9, 1e20, 3)]
    for cell in [radius, radius / 2, radius * 3] {
      let grid = FixedRadiusGrid(points, cell: cell)
      #expect(grid.count == points.count - 1)
      for q in points.prefix(40) + points.suffix(5).filter({ $0.isFinite }) + randomPoints(20, seed: 12, in: -2...2) {
        var found: [Int32] = []
        grid.forEachNeighbor(of: q, radius: radius) { j, d in
          found.append(grid.indices[j])
          #expect((points[Int(grid.indices[j])] - q).squaredLength == d)
        }
        let expected = points.indices.filter { (points[$0] - q).squaredLength < radius * radius }.map(Int32.init)
        #expect(found.sorted() == expected)
      }
    }
  }

  @Test func layersCoverAllPointsInOrder() {
    let grid = FixedRadiusGrid(randomPoints(3000, seed: 13), cell: 0.1)
    var next = 0
    for layer in grid.layers {
      #expect(layer.points.lowerBound == next)
      next = layer.points.upperBound
    }
    #expect(next == 3000)
    #expect(zip(grid.layers, grid.layers.dropFirst()).allSatisfy { $0.coordinate < $1.coordinate })
  }

  @Test func emptyGridHasNoNeighbors() {
    let grid = FixedRadiusGrid([SIMD3(.nan, 0, 0)], cell: 1)
    var visits = 0
    grid.forEachNeighbor(of: .zero, radius: 10) { _, _ in visits += 1 }
    #expect(visits == 0)
  }
}

@Suite(.serialized) struct NormalsEstimationTests {
  @Test func neighborNormalsAgreeWithARadiusThatHoldsThem() {
    let points = randomPoints(2000, seed: 20)
    let tree = KDTree(points)
    let surface = NeighborNormals(count: 12)(points, tree: tree)
    for i in stride(from: 0, to: points.count, by: 17) {
      let radius = tree.neighbors(of: points[i], count: 12)[11].squaredDistance.squareRoot() * 1.0001
      let same = NormalEstimation(radius: radius)([points[i]], support: points)
      #expect(surface.counts[i] == 12)
      // A thirteenth neighbour may be hardly farther.
      if same.counts[0] != 12 { continue }
      #expect((surface.eigenvalues[i] - same.eigenvalues[0]).length < 1e-4 * same.eigenvalues[0].z)
      if same.eigenvalues[0].y > 1.2 * same.eigenvalues[0].x {
        #expect(abs(surface.normals[i].dot(same.normals[0])) > 1 - 1e-4)
      }
    }
    let few = [SIMD3<Float>(0, 0, 0), SIMD3(1, 0, 0), SIMD3(2, 0, 0)]
    for cloud in [[], Array(few.prefix(2)), few] {
      #expect(NeighborNormals(count: 5)(cloud, tree: KDTree(cloud)).normals.allSatisfy { $0 == .zero })
    }
  }

  @Test func agreesWithTheEigenvectorsOfTheCovariance() {
    let points = randomPoints(2000, seed: 21)
    let radius: Float = 0.3
    let surface = NormalEstimation(radius: radius)(points)
    for i in stride(from: 0, to: points.count, by: 17) {
      let near = points.filter { ($0 - points[i]).squaredLength < radius * radius }.map(Point3.init)
      #expect(surface.counts[i] == near.count)
      guard near.count >= 8 else { continue }
      let mean = near.reduce(Point3.zero, +) / Double(near.count)
      var m = (Point3.zero, Point3.zero, Point3.zero)
      for p in near {
        let d = (p - mean) / Double(near.count).squareRoot()
        m = (m.0 + d * d.x, m.1 + d * d.y, m.2 + d * d.z)
      }
      let e = Matrix3(columns: m.0, m.1, m.2).symmetricEigen
      #expect((Point3(surface.eigenvalues[i]) - e.values).length < 1e-5 * e.values.z)
      if e.values.y > 1.2 * e.values.x {
        #expect(abs(Point3(surface.normals[i]).dot(e.vectors.x)) > 1 - 1e-5)
      }
      #expect(abs(surface.normals[i].length - 1) < 1e-5)
    }
  }

  @Test func sphereNormalsAreRadialAndFaceTheSensor() {
    let points = randomPoints(20_000, seed: 22).map { $0.normalized * 2 + SIMD3(10, 0, 0) }
    var surface = NormalEstimation(radius: 0.2)(points)
    let center = SIMD3<Float>(10, 0, 0)
    NormalEstimation.orient(&surface.normals, of: points, towards: center)
    for i in points.indices {
      #expect(surface.normals[i].dot((center - points[i]).normalized) > 0.99)
      #expect(surface.curvature(i) < 0.01)
    }
  }

  @Test func supportFromAnotherCloud() {
    var plane: [SIMD3<Float>] = []
    for x in 0..<50 { for y in 0..<50 { plane.append(SIMD3(Float(x), Float(y), Float(x) * 0.5) * 0.02) } }
    let surface = NormalEstimation(radius: 0.1)([SIMD3(0.5, 0.5, 0.25), SIMD3(50, 0, 0)], support: plane)
    #expect(abs(surface.normals[0].dot(SIMD3(-0.5, 0, 1).normalized)) > 0.99999)
    #expect(surface.normals[1] == .zero)
    #expect(surface.counts[1] == 0)
  }

  @Test(arguments: [
    [], [SIMD3<Float>(1, 1, 1)], [SIMD3(1, 1, 1), SIMD3(1.1, 1, 1)],
    (0..<20).map { SIMD3(Float($0) * 0.01, 0, 0) }, (0..<20).map { SIMD3(1, 1, 1) + Float($0) * 0.01 },
    [SIMD3<Float>](repeating: SIMD3(3, 4, 5), count: 10), [SIMD3(.nan, 0, 0), SIMD3(1e30, 0, 0)],
  ])
  func withoutNormal(points: [SIMD3<Float>]) {
    let surface = NormalEstimation(radius: 0.5)(points)
    #expect(surface.normals.count == points.count)
    #expect(surface.normals.allSatisfy { $0 == .zero })
  }

  @Test func bitsDoNotDependOnThreads() {
    let points = randomPoints(20_000, seed: 23)
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let results = [1, 2, 16].map { t -> NormalEstimation.Surface in
      Parallel.threads = t
      return NormalEstimation(radius: 0.1)(points)
    }
    for r in results {
      #expect(r.normals == results[0].normals)
      #expect(r.eigenvalues == results[0].eigenvalues)
    }
  }
}
