import Geometry
import Parallelism
import PointClouds
import Testing

/// Random numbers that are the same on every machine (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func point(in range: ClosedRange<Float>) -> SIMD3<Float> { SIMD3.random(in: range, using: &self) }
}

func randomPoints(_ n: Int, seed: UInt64, in range: ClosedRange<Float> = -1...1) -> [SIMD3<Float>] {
  var numbers = SeededNumbers(state: seed)
  return (0..<n).map { _ in numbers.point(in: range) }
}

@Suite(.serialized) struct VoxelGridTests {
  @Test(arguments: [0, 1, 2, 5000, 60_000])
  func conservesPointsAndCentroid(n: Int) {
    let points = randomPoints(n, seed: UInt64(n))
    let means = VoxelGrid(size: 0.1).means(of: points)
    #expect(means.counts.reduce(0) { $0 + Int($1) } == n)
    var (weighted, plain) = (Point3.zero, Point3.zero)
    for (p, c) in zip(means.positions, means.counts) { weighted += Point3(p) * Double(c) }
    for p in points { plain += Point3(p) }
    #expect((weighted - plain).length <= 1e-6 * Double(max(1, n)))
  }

  @Test func membersOfAVoxelLieWithinIt() {
    let points = randomPoints(20_000, seed: 1)
    let size: Float = 0.13
    let (voxels, means) = VoxelGrid(size: size).assign(points)
    var members = [[Int]](repeating: [], count: means.positions.count)
    for (i, v) in voxels.enumerated() { members[Int(v)].append(i) }
    var firsts: [Int] = []
    for (v, list) in members.enumerated() {
      var box = BoundingBox()
      for i in list { box.insert(Point3(points[i])) }
      #expect(box.size.max() <= Double(size) * 1.0001)
      let mean = list.reduce(Point3.zero) { $0 + Point3(points[$1]) } / Double(list.count)
      #expect((Point3(means.positions[v]) - mean).length < 1e-6)
      firsts.append(list[0])
    }
    #expect(firsts == firsts.sorted())
  }

  @Test func matchesADictionary() {
    // Every point pair shares a voxel here exactly if it does in a dictionary of integer cells.
    let points = randomPoints(3000, seed: 2, in: -3...3)
    let (voxels, _) = VoxelGrid(size: 0.5).assign(points)
    let corner = RobustExtent(points).lower - 0.25
    var cells: [SIMD3<Int>: Int32] = [:]
    for (i, p) in points.enumerated() {
      let t = ((Point3(p) - Point3(corner)) / 0.5).rounded(.down)
      let cell = SIMD3(Int(t.x), Int(t.y), Int(t.z))
      if let v = cells[cell] { #expect(v == voxels[i]) } else { cells[cell] = voxels[i] }
    }
    #expect(cells.count == Set(voxels).count)
  }

  @Test func shiftKeepsTheDivision() {
    // Multiples of 1/1024 move without rounding.
    let points = randomPoints(5000, seed: 3).map { ($0 * 1024).rounded(.toNearestOrAwayFromZero) / 1024 }
    let shifted = points.map { $0 + SIMD3(7.25, -3.5, 11) }
    let (a, b) = (VoxelGrid(size: 0.11).assign(points).voxels, VoxelGrid(size: 0.11).assign(shifted).voxels)
    #expect(a == b)
  }

  @Test func outliersAndBrokenPointsDisturbNothing() {
    let points = randomPoints(5000, seed: 4)
    let far: [SIMD3<Float>] = [
      SIMD3(1e9, 0, 0), SIMD3(1e30, -1e30, 1e30), SIMD3(.greatestFiniteMagnitude, 0, 0), SIMD3(-1e9, 5, 5),
    ]
    let broken: [SIMD3<Float>] = [SIMD3(.nan, 0, 0), SIMD3(0, .infinity, 0)]
    let alone = VoxelGrid(size: 0.05).means(of: points)
    let mixed = VoxelGrid(size: 0.05).assign(points + far + broken)
    #expect(mixed.voxels.suffix(2) == [-1, -1])
    #expect(Set(mixed.voxels.dropFirst(5000).prefix(4)).count == 4)
    #expect(mixed.means.counts.suffix(4) == [1, 1, 1, 1])
    #expect(mixed.means.positions.suffix(4) == far[...])
    #expect(abs(mixed.means.counts.count - 4 - alone.counts.count) < 200)
  }

  @Test func attributesAreAveraged() {
    let cloud = PointCloud(
      positions: [SIMD3(0, 0, 0), SIMD3(0.1, 0, 0), SIMD3(5, 5, 5)],
      normals: [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)], intensities: [1, 3, 7],
      colors: [SIMD3(10, 0, 255), SIMD3(21, 0, 255), SIMD3(1, 2, 3)])
    let grid = VoxelGrid(size: 1)(cloud)
    #expect(grid.count == 2)
    #expect((grid.positions[0] - SIMD3(0.05, 0, 0)).length < 1e-6)
    #expect((grid.normals![0] - SIMD3(0.5, 0.5, 0).normalized).length < 1e-6)
    #expect(grid.intensities! == [2, 7])
    #expect(grid.colors! == [SIMD3(16, 0, 255), SIMD3(1, 2, 3)])
  }

  @Test func bitsDoNotDependOnThreads() {
    let points = randomPoints(200_000, seed: 5)
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let results = [1, 2, 16].map { t -> VoxelGrid.Means in
      Parallel.threads = t
      return VoxelGrid(size: 0.03).means(of: points)
    }
    for r in results {
      #expect(r.positions == results[0].positions)
      #expect(r.counts == results[0].counts)
    }
  }
}

@Suite struct SamplingSpacingTests {
  @Test(arguments: [Float(1), 1e-3, 1e4])
  func lattice(scale: Float) {
    var points: [SIMD3<Float>] = []
    for x in 0..<100 { for y in 0..<100 { points.append(SIMD3(Float(x), Float(y), 0) * scale) } }
    #expect(abs(SpacingEstimate(points).spacing - scale) < 1e-3 * scale)
    points += [SIMD3(repeating: 1e9 * scale), SIMD3(.nan, 0, 0)] + points.prefix(2000)
    let estimate = SpacingEstimate(points)
    #expect(abs(estimate.spacing - scale) < 1e-3 * scale)
    #expect(estimate.extent.diagonal < 141 * scale)
  }

  @Test func pileOfFailuresAtOnePlace() {
    var points = [SIMD3<Float>](repeating: .zero, count: 200_000)
    for x in 0..<100 { for y in 0..<100 { points.append(SIMD3(Float(x), Float(y), 50)) } }
    #expect(SpacingEstimate(points).spacing == 1)
  }

  @Test(arguments: [[], [SIMD3<Float>(1, 2, 3)], [SIMD3<Float>](repeating: SIMD3(1, 2, 3), count: 50)])
  func withoutSpacing(points: [SIMD3<Float>]) {
    #expect(SpacingEstimate(points).spacing == 0)
  }
}
