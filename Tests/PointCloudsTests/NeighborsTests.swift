import Parallelism
import PointClouds
import Testing

/// Deterministic points for the tests (SplitMix64).
private struct Points: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func point(_ r: Float = 1) -> SIMD3<Float> {
    SIMD3(.random(in: -r...r, using: &self), .random(in: -r...r, using: &self), .random(in: -r...r, using: &self))
  }
}

enum Shape: String, CaseIterable, Sendable {
  case empty, one, leaf, leafAndOne, volume, surface, grid, duplicates, identical, collinear, farAway, broken

  var points: [SIMD3<Float>] {
    var g = Points(state: 11)
    switch self {
    case .empty: return []
    case .one: return [SIMD3(1, 2, 3)]
    case .leaf: return (0..<16).map { _ in g.point() }
    case .leafAndOne: return (0..<17).map { _ in g.point() }
    case .volume: return (0..<3000).map { _ in g.point() }
    case .surface:
      return (0..<3000).map { _ in
        let p = g.point()
        return SIMD3(p.x, p.y, p.x * p.y + 0.001 * p.z)
      }
    // Many distances tie.
    case .grid:
      return (0..<1728).map { i in
        let (x, y, z) = (Float(i % 12), Float(i / 12 % 12), Float(i / 144))
        return SIMD3<Float>(x, y, z) * 0.25 - 1
      }
    case .duplicates: return (0..<3000).map { _ in (g.point(0.5) * 4).rounded(.toNearestOrEven) / 4 }
    case .identical: return [SIMD3<Float>](repeating: SIMD3(0.25, -0.5, 0.125), count: 5000)
    case .collinear: return (0..<2000).map { _ in SIMD3(0.3, -0.2, 0.9) * Float.random(in: -1...1, using: &g) }
    case .farAway: return (0..<1000).map { _ in g.point() + SIMD3(500_000, -4000, 20) }
    case .broken:
      return (0..<1000).map { $0 % 7 == 3 ? SIMD3(.nan, 0, 0) : $0 % 11 == 5 ? SIMD3(0, .infinity, 0) : g.point() }
    }
  }

  var queries: [SIMD3<Float>] {
    var g = Points(state: 12)
    let points = points
    let near = stride(from: 0, to: points.count, by: max(1, points.count / 40)).map { points[$0] }
    return near + (0..<40).map { _ in g.point(1.5) } + [SIMD3(0.125, 0, 0.125), SIMD3(40, -3, 2), SIMD3(.nan, 0, 0)]
  }
}

@Suite struct NeighborsTests {
  @Test(arguments: Shape.allCases)
  func treeEqualsBruteForce(shape: Shape) {
    let points = shape.points
    let (tree, oracle) = (KDTree(points), BruteForceSearch(points))
    #expect(tree.count == points.count)
    for q in shape.queries {
      #expect(tree.nearest(to: q) == oracle.nearest(to: q))
      for r: Float in [0, 0.01, 0.25, 3, .infinity, -1, .nan] {
        #expect(tree.nearest(to: q, within: r) == oracle.nearest(to: q, within: r))
        #expect(tree.neighbors(of: q, within: r) == oracle.neighbors(of: q, within: r))
      }
      for k in [0, 1, 2, 10, 33, points.count + 5] {
        #expect(tree.neighbors(of: q, count: k) == oracle.neighbors(of: q, count: k))
      }
    }
  }

  @Test(arguments: Shape.allCases)
  func flannFindsTheSameDistances(shape: Shape) throws {
    let points = shape.points
    let (flann, oracle) = (try FLANNSearch(points), BruteForceSearch(points))
    #expect(flann.count == points.count)
    // FLANN has no order of ties and may sum in another order.
    func same(_ a: [Neighbor], _ b: [Neighbor]) -> Bool {
      a.count == b.count
        && zip(a, b).allSatisfy { abs($0.squaredDistance - $1.squaredDistance) <= 1e-6 * $1.squaredDistance }
    }
    for q in shape.queries where q.x.isFinite {
      for k in [1, 10, points.count + 5] {
        #expect(same(flann.neighbors(of: q, count: k), oracle.neighbors(of: q, count: k)))
      }
      #expect(same(flann.neighbors(of: q, within: 0.25), oracle.neighbors(of: q, within: 0.25)))
      let nearest = (flann.nearest(to: q, within: 0.25), oracle.nearest(to: q, within: 0.25))
      #expect(same([nearest.0].compactMap(\.self), [nearest.1].compactMap(\.self)))
    }
  }

  @Test(arguments: [1, 2, 8, 33, 64])
  func flannFindsDescriptorsOfAnyDimension(dimension: Int) throws {
    var g = Points(state: 13)
    let rows = (0..<300 * dimension).map { _ in Float.random(in: 0...1, using: &g) }
    let index = try FLANNIndex(rows: rows, dimension: dimension)
    let (k, queries) = (5, Array(rows[0..<20 * dimension]).map { $0 + 0.01 })
    let table = index.neighbors(of: queries, count: k)
    #expect(table.count == 20 * k)
    for q in 0..<20 {
      let exact = (0..<300).map { r in
        (0..<dimension).reduce(Float(0)) { sum, d in
          let e = rows[r * dimension + d] - queries[q * dimension + d]
          return sum + e * e
        }
      }.sorted()
      for j in 0..<k { #expect(abs(table[q * k + j].squaredDistance - exact[j]) < 1e-5 * (1 + exact[j])) }
    }
    #expect(try FLANNIndex(rows: [], dimension: dimension).neighbors(of: queries, count: 2).allSatisfy { $0 == .none })
  }

  @Test func flannRefusesWhatIsNoMatrix() {
    #expect(throws: FLANNIndex.Failure.self) { try FLANNIndex(rows: [1, 2, 3], dimension: 2) }
    #expect(throws: FLANNIndex.Failure.self) { try FLANNIndex(rows: [1, 2, 3], dimension: 0) }
  }

  @Test func listsAreFilledWhereThereAreFewerPoints() {
    let tree = KDTree([SIMD3(0, 0, 0), SIMD3(1, 0, 0)])
    let table = tree.neighbors(of: [SIMD3(0.9, 0, 0), SIMD3(0, 0, 0)], count: 3)
    #expect(table.map(\.index) == [1, 0, -1, 0, 1, -1])
    #expect(table[2] == .none && table[2].squaredDistance == .infinity)
    #expect(tree.nearest(to: [SIMD3(9, 0, 0)], within: 2) == [.none])
  }

  @Test func candidatesDoNotChangeTheTwoNearest() {
    var g = Points(state: 14)
    for shape in [Shape.volume, .grid, .identical] {
      let points = shape.points
      let (tree, oracle) = (KDTree(points), BruteForceSearch(points))
      for _ in 0..<200 {
        let q = (g.point() * 8).rounded(.toNearestOrEven) / 8
        func candidate(_ i: Int) -> Neighbor {
          let d = points[i] - q
          return Neighbor(index: Int32(i), squaredDistance: d.x * d.x + d.y * d.y + d.z * d.z)
        }
        let i = Int.random(in: 0..<points.count - 1, using: &g)
        let near = oracle.neighbors(of: q, count: 3)
        let expected = (near[0], near[1])
        for candidates in [
          (candidate(i), .none), (.none, candidate(i)), (candidate(i), candidate(i + 1)), (near[1], near[0]),
          (near[2], near[1]),
        ] {
          let found = tree.nearestTwo(to: q, withinSquared: .infinity, candidates: candidates)
          #expect(found.0 == expected.0 && found.1 == expected.1)
          #expect(tree.nearest(to: q, withinSquared: .infinity, candidate: candidates.0) == near[0])
        }
        let bound = near[0].squaredDistance
        let bounded = tree.nearestTwo(to: q, withinSquared: bound, candidates: (candidate(i), .none))
        #expect(bounded.0 == near[0])
        #expect(bounded.1 == (near[1].squaredDistance == bound ? near[1] : .none))
      }
    }
  }

  @Test func resultsDoNotDependOnTheNumberOfThreads() throws {
    var g = Points(state: 15)
    let points = (0..<60_000).map { _ in (g.point() * 64).rounded(.toNearestOrEven) / 64 }
    let queries = (0..<2000).map { _ in g.point() }
    let before = Parallel.threads
    defer { Parallel.threads = before }
    var tables: [[Neighbor]] = []
    var orders: [[Neighbor]] = []
    for threads in [1, 2, 16] {
      Parallel.threads = threads
      let tree = KDTree(points)
      tables.append(tree.neighbors(of: queries, count: 7))
      var list: [Neighbor] = []
      tree.collectNeighbors(of: queries[0], within: 0.3, into: &list)
      orders.append(list)
    }
    #expect(tables[0] == tables[1] && tables[0] == tables[2])
    #expect(orders[0] == orders[1] && orders[0] == orders[2] && orders[0].count > 100)
    let oracle = BruteForceSearch(points)
    for i in stride(from: 0, to: queries.count, by: 200) {
      #expect(Array(tables[0][i * 7..<i * 7 + 7]) == oracle.neighbors(of: queries[i], count: 7))
    }
  }

  @Test func queriesFromSeveralTasksAgree() async throws {
    let points = Shape.surface.points
    let (tree, flann) = (KDTree(points), try FLANNSearch(points))
    let queries = Shape.surface.queries.filter { $0.x.isFinite }
    let expected = queries.map { tree.neighbors(of: $0, count: 9) }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          zip(queries, expected).allSatisfy { q, list in
            tree.neighbors(of: q, count: 9) == list
              && zip(flann.neighbors(of: q, count: 9), list).allSatisfy {
                abs($0.squaredDistance - $1.squaredDistance) <= 1e-6 * $1.squaredDistance
              }
          }
        }
      }
      for await same in group { #expect(same) }
    }
  }
}
