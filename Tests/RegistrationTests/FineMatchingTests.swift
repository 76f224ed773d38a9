import Geometry
import Parallelism
import PointClouds
import Registration
import Testing

import Simulation

/// Two clouds of keypoints on a grid, the second moved, with descriptors that agree up to noise where the keypoints do.
private struct PlantedFeatures {
  var source, target: Features
  let motion: RigidTransform
  /// Superpoints of the source, and the same keypoints in the target.
  let superpoints: (source: [Int32], target: [Int32])

  init(_ count: Int, dimension: Int = 24, noise: Float = 0.05, scale: Float = 1, seed: UInt64) {
    var numbers = FeatureNumbers(state: seed)
    let motion = numbers.motion(3)
    self.motion = motion
    let points = (0..<count).map { _ in numbers.vector(1.5) }
    // The target lists the keypoints backwards.
    var (a, b): ([[Float]], [[Float]]) = ([], [])
    for _ in 0..<count {
      let row = (0..<dimension).map { _ in scale * Float.random(in: -1...1, using: &numbers) }
      a.append(row)
      b.append(row.map { $0 + scale * Float.random(in: -noise...noise, using: &numbers) })
    }
    let moved = points.map { motion($0) }
    func features(_ points: [Point3], _ rows: [[Float]]) -> Features {
      Features(
        keypoints: points.map { SIMD3<Float>($0) }, normals: [SIMD3<Float>](repeating: [0, 0, 1], count: count),
        indices: (0..<Int32(count)).map { $0 }, descriptors: rows.flatMap { $0 }, dimension: dimension)
    }
    (source, target) = (features(points, a), features(moved.reversed(), b.reversed()))
    let chosen = stride(from: 0, to: count, by: 12).map { Int32($0) }
    superpoints = (chosen, chosen.map { Int32(count) - 1 - $0 })
  }

  var coarse: [Correspondence] {
    superpoints.source.indices.map { Correspondence(source: Int32($0), target: Int32($0)) }
  }

  func isRight(_ c: Correspondence) -> Bool { Int(c.source) + Int(c.target) == source.count - 1 }

  func matches(_ matcher: FineMatcher = FineMatcher()) -> [PatchMatches] {
    matcher(source: source, target: target, superpoints: superpoints, coarse: coarse)
  }
}

@Suite(.serialized) struct FineMatchingTests {
  @Test func aPartitionGivesEveryKeypointToItsNearest() {
    let planted = PlantedFeatures(300, seed: 1)
    let (points, nodes) = (planted.source.keypoints, planted.superpoints.source)
    let patches = SuperpointPatches(points, superpoints: nodes, grouping: .partition, limit: 300).patches
    #expect(patches.flatMap { $0 }.sorted() == (0..<300).map { Int32($0) })
    for (k, patch) in patches.enumerated() {
      let distances = patch.map { (points[Int($0)] - points[Int(nodes[k])]).length }
      #expect(patch.first == nodes[k] && zip(distances, distances.dropFirst()).allSatisfy { $0 <= $1 })
      for (i, d) in zip(patch, distances) {
        #expect(nodes.allSatisfy { (points[Int($0)] - points[Int(i)]).length >= d })
      }
    }
    let few = SuperpointPatches(points, superpoints: nodes, grouping: .partition, limit: 5).patches
    #expect(few == patches.map { Array($0.prefix(5)) })
  }

  @Test func nearestPatchesEqualBruteForce() {
    let planted = PlantedFeatures(200, seed: 2)
    let (points, nodes) = (planted.source.keypoints, planted.superpoints.source)
    let patches = SuperpointPatches(points, superpoints: nodes, grouping: .nearest, limit: 16).patches
    for (k, patch) in patches.enumerated() {
      let order = points.indices.sorted {
        let (a, b) = ((points[$0] - points[Int(nodes[k])]).length, (points[$1] - points[Int(nodes[k])]).length)
        return a != b ? a < b : $0 < $1
      }
      #expect(patch == order.prefix(16).map { Int32($0) })
    }
  }

  /// Unit and any other length of descriptors alike: only differences of squared distances count.
  @Test(arguments: SuperpointPatches.Grouping.allCases, [Float(0.1), 1, 40])
  func plantedPairsAreFound(grouping: SuperpointPatches.Grouping, scale: Float) {
    let planted = PlantedFeatures(360, scale: scale, seed: 3)
    var matcher = FineMatcher()
    matcher.grouping = grouping
    let patches = planted.matches(matcher)
    let all = Set(patches.flatMap(\.correspondences))
    #expect(patches.count == planted.coarse.count)
    #expect(all.count(where: planted.isRight) > 300)
    #expect(all.count(where: planted.isRight) * 10 >= all.count * 9)
    for patch in patches {
      #expect(patch.weights.allSatisfy { $0 > matcher.floor && $0 <= 1 })
      #expect(zip(patch.weights, patch.weights.dropFirst()).allSatisfy { $0 >= $1 })
    }
  }

  @Test(arguments: [1, 2, 3]) func noKeypointHasMoreThanKPartners(mutual: Int) {
    // Descriptors that tell little apart.
    var matcher = FineMatcher()
    (matcher.mutual, matcher.floor, matcher.dustbin) = (mutual, 0, -5)
    for patch in PlantedFeatures(240, dimension: 2, noise: 1, seed: 4).matches(matcher) {
      #expect(!patch.correspondences.isEmpty)
      for side in [patch.correspondences.map(\.source), patch.correspondences.map(\.target)] {
        #expect(Dictionary(grouping: side) { $0 }.values.allSatisfy { $0.count <= mutual })
      }
    }
  }

  @Test func unrelatedPatchesStayEmptyOrNearly() {
    let planted = PlantedFeatures(360, seed: 5)
    let n = planted.coarse.count
    let wrong = planted.coarse.map { Correspondence(source: $0.source, target: Int32((Int($0.target) + n / 2) % n)) }
    var matcher = FineMatcher()
    (matcher.grouping, matcher.dustbin) = (.partition, 3)
    let matches = matcher(
      source: planted.source, target: planted.target, superpoints: planted.superpoints, coarse: wrong)
    #expect(matches.reduce(0) { $0 + $1.correspondences.count } < n / 2)
  }

  @Test func swappedCloudsHaveSwappedMatches() {
    let planted = PlantedFeatures(240, seed: 6)
    let forward = planted.matches()
    let backward = FineMatcher()(
      source: planted.target, target: planted.source,
      superpoints: (planted.superpoints.target, planted.superpoints.source),
      coarse: planted.coarse.map { Correspondence(source: $0.target, target: $0.source) })
    for (f, b) in zip(forward, backward) {
      let turned = b.correspondences.map { Correspondence(source: $0.target, target: $0.source) }
      let common = Set(f.correspondences).intersection(turned)
      // The iterations stop near the plan, not on it: an entry at the floor may differ.
      #expect(common.count >= f.correspondences.count - 1 && common.count >= turned.count - 1)
    }
  }

  @Test func poorInputGivesNoMatches() {
    var planted = PlantedFeatures(60, seed: 7)
    #expect(
      FineMatcher()(
        source: planted.source, target: planted.target, superpoints: ([], []), coarse: []
      ).isEmpty)
    planted.source.descriptors = [Float](repeating: .nan, count: planted.source.descriptors.count)
    #expect(planted.matches().allSatisfy { $0.correspondences.isEmpty })
    // Descriptors that are all equal say nothing: every weight is finite, and nothing stands out.
    planted.source.descriptors = [Float](repeating: 1, count: planted.source.descriptors.count)
    planted.target.descriptors = planted.source.descriptors
    #expect(planted.matches().allSatisfy { $0.weights.allSatisfy { $0.isFinite } })
    let one = PlantedFeatures(1, seed: 8)
    #expect(one.matches().count == 1)
  }

  @Test func bitsDoNotDependOnThreads() {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let planted = PlantedFeatures(300, seed: 9)
    let results = [1, 2, 16].map { threads -> ([PatchMatches], LocalToGlobalRegistration.Result) in
      Parallel.threads = threads
      let matches = planted.matches()
      let register = LocalToGlobalRegistration(radius: 0.1)
      return (matches, register(matches, source: planted.source.keypoints, target: planted.target.keypoints))
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}

@Suite struct LocalToGlobalRegistrationTests {
  /// Patches of exact pairs of the motion, and patches of random pairs.
  private struct Patches {
    var (source, target): ([SIMD3<Float>], [SIMD3<Float>]) = ([], [])
    var patches: [PatchMatches] = []
    let motion: RigidTransform

    init(right: Int, wrong: Int, size: Int = 6, seed: UInt64) {
      var numbers = FeatureNumbers(state: seed)
      motion = numbers.motion(2)
      for k in 0..<right + wrong {
        var patch = PatchMatches()
        for _ in 0..<size {
          let p = numbers.vector(3)
          patch.correspondences.append(Correspondence(source: Int32(source.count), target: Int32(source.count)))
          patch.weights.append(Float.random(in: 0.1...1, using: &numbers))
          source.append(SIMD3(p))
          target.append(SIMD3(k < wrong ? numbers.vector(3) : motion(p) + numbers.vector(0.01)))
        }
        patches.append(patch)
      }
    }

    func register() -> LocalToGlobalRegistration.Result {
      LocalToGlobalRegistration(radius: 0.1)(patches, source: source, target: target)
    }

    func isRight(_ pose: RigidTransform) -> Bool {
      (pose.rotation.inverse * motion.rotation).angleDegrees < 1
        && (pose.translation - motion.translation).length < 0.03
    }
  }

  @Test(arguments: [UInt64(1), 2, 3]) func twoRightPatchesAmongManyDecide(seed: UInt64) throws {
    let patches = Patches(right: 2, wrong: 60, seed: seed)
    let result = patches.register()
    #expect(patches.isRight(try #require(result.transform)))
    #expect(result.inlierCount >= 12 && result.inlierCount <= 14)
    #expect(result.hypotheses.count == 62 && Set(result.hypotheses.prefix(2).map(\.patch)) == [60, 61])
    #expect(zip(result.hypotheses, result.hypotheses.dropFirst()).allSatisfy { $0.inlierCount >= $1.inlierCount })
  }

  @Test func refitsUseAllCorrespondences() throws {
    var one = Patches(right: 40, wrong: 0, seed: 4)
    let refitted = try #require(one.register().transform)
    let local = try #require(one.register().hypotheses.first?.transform)
    func error(_ pose: RigidTransform) -> Double { (pose.translation - one.motion.translation).length }
    #expect(error(refitted) < error(local))
    // A shared correspondence counts once.
    let count = one.register().inlierCount
    one.patches += one.patches
    #expect(one.register().inlierCount == count)
  }

  @Test func smallPatchesAreFittedTogether() throws {
    let patches = Patches(right: 10, wrong: 0, size: 2, seed: 5)
    let result = patches.register()
    #expect(result.hypotheses.isEmpty && result.inlierCount == 20)
    #expect(patches.isRight(try #require(result.transform)))
  }

  @Test func noCorrespondencesNoPose() {
    let none = LocalToGlobalRegistration(radius: 0.1)([PatchMatches(), PatchMatches()], source: [], target: [])
    #expect(none.transform == nil && none.hypotheses.isEmpty && none.inlierCount == 0)
    #expect(Patches(right: 1, wrong: 0, size: 2, seed: 6).register().transform == nil)
    var line = Patches(right: 1, wrong: 0, seed: 7)
    line.source = line.source.indices.map { SIMD3(Float($0), 0, 0) }
    #expect(line.register().transform == nil)
  }
}

@Suite struct SimulatedFineMatchingTests {
  private func described(_ cloud: PointCloud, voxel: Float) -> (features: Features, superpoints: [Int32]) {
    let fine = VoxelGrid(size: voxel / 2).means(of: cloud.positions).positions
    let coarse = VoxelGrid(size: voxel).means(of: cloud.positions).positions
    var normals = NormalEstimation(radius: 2 * voxel)(coarse, support: fine).normals
    NormalEstimation.orient(&normals, of: coarse, towards: .zero)
    let features = DescriptorExtractor(voxel: voxel)(coarse, normals: normals)
    return (features, KeypointSelection(cell: 4 * voxel)(features.keypoints).indices)
  }

  /// Right coarse matches hidden among four times as many wrong ones.
  @Test func aSimulatedRoomIsRegistered() throws {
    let pair = SimulatedPair(.room, seed: 11)
    let (a, b) = (described(pair.source, voxel: 0.06), described(pair.target, voxel: 0.06))
    let moved = a.superpoints.map { pair.targetFromSource(Point3(a.features.keypoints[Int($0)])) }
    let tree = KDTree(b.superpoints.map { b.features.keypoints[Int($0)] })
    var coarse: [Correspondence] = []
    for i in stride(from: 0, to: moved.count, by: max(1, moved.count / 60)) {
      guard let near = tree.nearest(to: SIMD3(moved[i]), within: 0.2) else { continue }
      coarse.append(Correspondence(source: Int32(i), target: near.index))
      for k in 1...4 {
        coarse.append(Correspondence(source: Int32(i), target: Int32((Int(near.index) + 41 * k) % b.superpoints.count)))
      }
    }
    #expect(coarse.count >= 50)
    let patches = FineMatcher()(
      source: a.features, target: b.features, superpoints: (a.superpoints, b.superpoints), coarse: coarse)
    let result = LocalToGlobalRegistration(radius: 0.12)(
      patches, source: a.features.keypoints, target: b.features.keypoints)
    let pose = try #require(result.transform)
    #expect((pose.rotation.inverse * pair.targetFromSource.rotation).angleDegrees < 3)
    let center = Point3(a.features.keypoints[a.features.count / 2])
    #expect((pose(center) - pair.targetFromSource(center)).length < 0.15)
  }
}
