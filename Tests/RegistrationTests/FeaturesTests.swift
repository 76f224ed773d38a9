import Geometry
import Parallelism
import PointClouds
import Registration
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Random numbers that are the same on every machine (SplitMix64).
struct FeatureNumbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func vector(_ scale: Double = 1) -> Point3 { Point3.random(in: -scale...scale, using: &self) }
  mutating func motion(_ scale: Double) -> RigidTransform {
    RigidTransform(rotation: Rotation3(rotationVector: vector(2.5)), translation: vector(scale))
  }
}

/// Points on a wavy surface with arbitrary unit normals: no two angles tie.
func orientedPoints(_ n: Int, seed: UInt64) -> (positions: [SIMD3<Float>], normals: [SIMD3<Float>]) {
  var numbers = FeatureNumbers(state: seed)
  var (positions, normals): ([SIMD3<Float>], [SIMD3<Float>]) = ([], [])
  for _ in 0..<n {
    let p = numbers.vector()
    positions.append(SIMD3<Float>(Point3(p.x, p.y, 0.3 * sin(3 * p.x) * cos(2 * p.y) + 0.05 * p.z)))
    normals.append(SIMD3<Float>((Point3(0, 0, 1) + 0.8 * numbers.vector()).normalized))
  }
  return (positions, normals)
}

/// FPFH, Hellinger-mapped per third, by its definition in double precision with atan2.
private func directFPFH(_ x: [SIMD3<Float>], _ n: [SIMD3<Float>], radius: Double) -> [[Double]] {
  func bin(_ t: Double) -> Int { min(10, max(0, Int((11 * t).rounded(.down)))) }
  let (x, n) = (x.map(Point3.init), n.map { Point3($0).normalized })
  var simple = [[Double]](repeating: [Double](repeating: 0, count: 33), count: x.count)
  for i in x.indices {
    var count = 0.0
    for j in x.indices where j != i && (x[j] - x[i]).length < radius {
      var d = (x[j] - x[i]).normalized
      var (source, target) = (n[i], n[j])
      var phi = source.dot(d)
      if abs(phi) < abs(target.dot(d)) {
        (source, target) = (target, source)
        d = -d
        phi = source.dot(d)
      }
      let v = d.cross(source)
      if v.length < 1e-3 { continue }
      let u = v.normalized
      let theta = atan2(source.cross(u).dot(target), source.dot(target))
      simple[i][bin((theta + .pi) / (2 * .pi))] += 1
      simple[i][11 + bin((u.dot(target) + 1) / 2)] += 1
      simple[i][22 + bin((phi + 1) / 2)] += 1
      count += 1
    }
    if count > 0 { for k in 0..<33 { simple[i][k] /= count } }
  }
  return x.indices.map { i in
    var sum = [Double](repeating: 0, count: 33)
    for j in x.indices where j != i && (x[j] - x[i]).length < radius {
      let w = 1 / (x[j] - x[i]).squaredLength
      for k in 0..<33 { sum[k] += w * simple[j][k] }
    }
    for third in 0..<3 {
      let range = 11 * third..<11 * third + 11
      let weight = range.reduce(0) { $0 + sum[$1] }
      for k in range { sum[k] = (weight > 0 ? sum[k] / weight : 0) + simple[i][k] }
      let total = range.reduce(0) { $0 + sum[$1] }
      for k in range { sum[k] = total > 0 ? (sum[k] / total).squareRoot() : 0 }
    }
    return sum
  }
}

/// The joint histogram of one point by its definition in double precision.
private func directJoint(_ i: Int, _ x: [SIMD3<Float>], _ n: [SIMD3<Float>], radius: Double) -> [Double] {
  func soft(_ t: Double, _ count: Int) -> [(Int, Double)] {
    let k = (t - 0.5).rounded(.down)
    let f = t - 0.5 - k
    return [(max(0, Int(k)), 1 - f), (min(count - 1, Int(k) + 1), f)]
  }
  var bins = [Double](repeating: 0, count: 180)
  for j in x.indices where j != i {
    let d = Point3(x[j]) - Point3(x[i])
    guard d.length < radius else { continue }
    for (a, wa) in soft(5 * d.length / radius, 5) {
      for (b, wb) in soft(3 * (d.normalized.dot(Point3(n[i])) + 1), 6) {
        for (c, wc) in soft(3 * (Point3(n[i]).dot(Point3(n[j])) + 1), 6) {
          bins[(min(a, 4) * 6 + min(b, 5)) * 6 + min(c, 5)] += wa * wb * wc
        }
      }
    }
  }
  let total = bins.reduce(0, +)
  return bins.map { total > 0 ? ($0 / total).squareRoot() : 0 }
}

@Suite(.serialized) struct FeaturesDescriptorTests {
  @Test func fpfhEqualsItsDefinition() {
    let (x, n) = orientedPoints(500, seed: 1)
    let result = FastPointFeatures(radii: [0.25, 0.4])(x, normals: n)
    for (r, radius) in [0.25, 0.4].enumerated() {
      let expected = directFPFH(x, n, radius: radius)
      var worst = 0.0
      for i in x.indices {
        for k in 0..<33 { worst = max(worst, abs(Double(result[66 * i + 33 * r + k]) - expected[i][k])) }
      }
      #expect(worst < 1e-4)
    }
    #expect(FastPointFeatures(radii: [0.4])(x, normals: n).count == 33 * 500)
  }

  @Test func oneRadiusEqualsTheSameAmongTwo() {
    let (x, n) = orientedPoints(400, seed: 2)
    let (both, one) = (
      FastPointFeatures(radii: [0.2, 0.4])(x, normals: n), FastPointFeatures(radii: [0.2])(x, normals: n)
    )
    for i in x.indices { for k in 0..<33 { #expect(abs(both[66 * i + k] - one[33 * i + k]) < 1e-5) } }
  }

  @Test func partsOfTheDescriptorEqualTheirDefinitions() {
    let (x, n) = orientedPoints(500, seed: 3)
    var extractor = DescriptorExtractor(voxel: 0.04)
    extractor.thinning = 1
    let indices: [Int32] = [0, 7, 100, 499]
    let rows = extractor.describe(indices, of: x, normals: n)
    let (small, large) = (directFPFH(x, n, radius: 0.2), directFPFH(x, n, radius: 0.4))
    #expect(extractor.dimension == 426)
    for (row, i) in indices.enumerated() {
      var expected = small[Int(i)] + large[Int(i)]
      expected += directJoint(Int(i), x, n, radius: 0.4) + directJoint(Int(i), x, n, radius: 0.8)
      let length = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for k in 0..<426 { #expect(abs(Double(rows[426 * row + k]) - expected[k] / length) < 1e-4) }
    }
  }

  @Test(arguments: 0..<3)
  func rigidMotionsChangeNothing(seed: Int) {
    let (x, n) = orientedPoints(400, seed: 4)
    var numbers = FeatureNumbers(state: UInt64(seed))
    let motion = numbers.motion(2)
    let moved = x.map { SIMD3<Float>(motion(Point3($0))) }
    let turned = n.map { SIMD3<Float>(motion.rotation.matrix * Point3($0)) }
    var extractor = DescriptorExtractor(voxel: 0.04)
    extractor.thinning = 1
    let indices = (0..<Int32(400)).map { $0 }
    let a = extractor.describe(indices, of: x, normals: n)
    let b = extractor.describe(indices, of: moved, normals: turned)
    let distances = indices.map { i in
      (0..<426).reduce(Float(0)) { sum, k in
        let d = a[Int(i) * 426 + k] - b[Int(i) * 426 + k]
        return sum + d * d
      }.squareRoot()
    }.sorted()
    // A pair on the edge of a bin may change sides by rounding, which touches the points around it.
    #expect(distances[300] < 1e-4)
    #expect(distances.last! < 0.1)
  }

  @Test func featuresAreUnitVectorsOfValidPoints() {
    var (x, n) = orientedPoints(3000, seed: 5)
    for i in stride(from: 0, to: 3000, by: 10) { n[i] = .zero }
    x[5] = SIMD3(.nan, 0, 0)
    x[6] = SIMD3(1e9, 0, 0)
    var extractor = DescriptorExtractor(voxel: 0.03)
    extractor.keypoints.limit = 700
    let features = extractor(x, normals: n)
    #expect(features.count > 300 && features.count <= 700)
    #expect(features.indices == features.indices.sorted())
    for (k, i) in features.indices.enumerated() {
      #expect(i % 10 != 0 && i != 5)
      #expect(features.keypoints[k] == x[Int(i)] && features.normals[k] == n[Int(i)])
      let row = features.descriptors[k * 426..<(k + 1) * 426]
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(i == 6 ? length == 0 : abs(length - 1) < 1e-5)
    }
  }

  @Test(arguments: [0, 1, 2])
  func fewPoints(count: Int) {
    let x = (0..<count).map { SIMD3<Float>(Float($0) * 0.01, 0, 0) }
    let features = DescriptorExtractor(voxel: 0.05)(x, normals: x.map { _ in SIMD3(0, 0, 1) })
    #expect(features.descriptors.allSatisfy { $0.isFinite })
    #expect(features.count == min(count, 1))
  }

  @Test func bitsDoNotDependOnThreads() {
    let (x, n) = orientedPoints(4000, seed: 6)
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let results = [1, 2, 16].map { t -> Features in
      Parallel.threads = t
      return DescriptorExtractor(voxel: 0.03)(x, normals: n)
    }
    for r in results {
      #expect(r.indices == results[0].indices)
      #expect(r.descriptors == results[0].descriptors)
    }
  }
}

@Suite struct FeaturesKeypointTests {
  @Test func oneKeypointPerCellNearestToItsMean() {
    let (x, _) = orientedPoints(3000, seed: 7)
    let chosen = KeypointSelection(cell: 0.1)(x)
    #expect(chosen.cell == 0.1)
    let (voxels, means) = VoxelGrid(size: 0.1).assign(x)
    #expect(chosen.indices.count == means.positions.count)
    for i in chosen.indices {
      let v = voxels[Int(i)]
      let best = x.indices.filter { voxels[$0] == v }.map { (x[$0] - means.positions[Int(v)]).squaredLength }.min()!
      #expect((x[Int(i)] - means.positions[Int(v)]).squaredLength == best)
    }
  }

  @Test(arguments: [1, 10, 500])
  func limitIsKept(limit: Int) {
    let (x, _) = orientedPoints(3000, seed: 8)
    let chosen = KeypointSelection(cell: 0.01, limit: limit)(x)
    #expect(chosen.indices.count <= limit)
    #expect(chosen.indices.count >= limit / 3)
  }
}
