import Geometry
import Parallelism
import Registration
import Simulation
import Testing

@Suite struct MultiScaleConsistencyTests {
  @Test func levelsAreHalvedAndGapsReadAsTheWorst() {
    let found = MultiScaleConsistency(levels: [[-8, -4, nil, -6], [-8, nil, nil, -4]])
    // -8/2 - 8/4, and so on; the gaps are filled with -4 above and with -4 below.
    let expected: [Float] = [-6, -3, -3, -4]
    #expect(found.values == expected)
    #expect(MultiScaleConsistency(levels: []).values.isEmpty)
    let empty: [Float] = [0, 0]
    #expect(MultiScaleConsistency(levels: [[nil, nil]]).values == empty)
  }

  @Test func theMostConsistentStay() {
    let found = MultiScaleConsistency(levels: [[-2, -8, -4, -8, -6]])
    #expect(found.kept(share: 0.5, least: 0) == [1, 3, 4])
    #expect(found.kept(share: 0.2, least: 2) == [1, 3])
    #expect(found.kept(share: 0, least: 0).isEmpty)
    #expect(found.kept(share: 1, least: 0) == [1, 3, 4, 2, 0] && found.kept(share: 9, least: 99).count == 5)
    // Nothing to choose by: all stay.
    #expect(MultiScaleConsistency(levels: [[-2, -2, -2]]).kept(share: 0.1, least: 1) == [0, 1, 2])
    #expect(MultiScaleConsistency(levels: []).kept(share: 0.5, least: 64).isEmpty)
  }
}

@Suite(.serialized) struct TransportTreeTests {
  private func found(_ room: PlantedRoom, _ change: (inout TransportTree.Settings) -> Void = { _ in })
    -> TransportTree.Result
  {
    var settings = TransportTree.Settings()
    change(&settings)
    return TransportTree(voxel: PlantedRoom.voxel, settings: settings)(source: room.source, target: room.target)
  }

  private func isRight(_ c: Correspondence, _ room: PlantedRoom) -> Bool {
    let moved = room.truth(Point3(room.source.keypoints[Int(c.source)]))
    return (moved - Point3(room.target.keypoints[Int(c.target)])).length < 0.2
  }

  @Test func itKeepsTheRightMatchesAndFindsThePose() throws {
    let room = PlantedRoom(seed: 2)
    let result = found(room)
    #expect(result.coarse.count > 64 && result.consistency.count == result.coarse.count)
    #expect(result.kept.count == max(64, (result.coarse.count + 1) / 2) && result.fine.count == result.kept.count)
    let right = result.coarse.map { isRight($0, room) }
    let share = Double(right.count { $0 }) / Double(right.count)
    #expect(Double(result.kept.prefix(32).count { right[$0] }) / 32 > share + 0.1)
    let pose = try #require(result.poses.first)
    #expect((pose.rotation.inverse * room.truth.rotation).angleDegrees < 1)
    #expect((pose(Point3(1.5, 1.5, 1.5)) - room.truth(Point3(1.5, 1.5, 1.5))).length < 0.02)
    #expect(result.poses.count == result.patches.count && result.poses.count <= 64)
  }

  @Test func depthZeroIsNoTree() {
    let room = PlantedRoom(seed: 3)
    let none = found(room) { $0.depth = 0 }
    #expect(none.consistency.isEmpty && none.kept == Array(none.coarse.indices))
    let walked = found(room)
    #expect(walked.coarse == none.coarse)
    // The fine matches of a coarse match do not depend on which others stay.
    for (place, fine) in zip(walked.kept, walked.fine) { #expect(fine == none.fine[place]) }
  }

  @Test func deeperTreesSayMore() {
    let room = PlantedRoom(seed: 4)
    let levels = (1...2).map { depth in found(room) { $0.depth = depth }.consistency }
    #expect(levels[0] != levels[1] && found(room) { $0.depth = 9 }.consistency == levels[1])
    // The second level has half the weight of the first, and no distance is below -z when all is in the bin.
    #expect(levels.allSatisfy { $0.allSatisfy(\.isFinite) })
  }

  @Test func everySwitchSwitches() {
    let room = PlantedRoom(seed: 5)
    let full = found(room).consistency
    let changes: [(inout TransportTree.Settings) -> Void] = [
      { $0.distance = .plain }, { $0.filters = false }, { $0.weighsByOverlap = false }, { $0.overlap = .descriptors },
      { $0.affinity = .descriptors }, { $0.depth = 2 },
    ]
    var seen = [full]
    for change in changes {
      let values = found(room, change).consistency
      #expect(values.count == full.count && !seen.contains(values))
      seen.append(values)
    }
  }

  @Test func theOrderOfTheKeypointsChangesNothing() {
    let room = PlantedRoom(seed: 6)
    var numbers = FeatureNumbers(state: 60)
    let order = room.source.keypoints.indices.shuffled(using: &numbers)
    let source = room.source
    let shuffled = Features(
      keypoints: order.map { source.keypoints[$0] }, normals: order.map { source.normals[$0] },
      indices: order.indices.map { Int32($0) },
      descriptors: order.flatMap { source.descriptors[$0 * 16..<$0 * 16 + 16] },
      dimension: 16)
    let a = found(room)
    let b = TransportTree(voxel: PlantedRoom.voxel)(source: shuffled, target: room.target)
    func named(_ r: TransportTree.Result, _ name: (Int32) -> Int32) -> [Correspondence: Float] {
      Dictionary(
        uniqueKeysWithValues: zip(r.coarse, r.consistency).map {
          (Correspondence(source: name($0.source), target: $0.target), $1)
        })
    }
    let (own, other) = (named(a) { $0 }, named(b) { Int32(order[Int($0)]) })
    // The background is an even choice of the order, and a tie in a cell falls the other way: nearly all, and nearly equal.
    let common = own.filter { other[$0.key] != nil }
    #expect(common.count * 10 >= own.count * 9)
    let near = common.count { abs($0.value - (other[$0.key] ?? 0)) < 0.5 }
    #expect(near * 10 >= common.count * 9)
  }

  @Test func resultsDoNotDependOnTheThreads() {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let room = PlantedRoom(seed: 7)
    let results = [1, 2, 16].map { threads in
      Parallel.threads = threads
      let r = found(room)
      return r.consistency.map { Double($0) } + r.kept.map { Double($0) } + r.poses.flatMap { $0.rows.flatMap(\.self) }
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test(arguments: [0, 1, 2, 3, 20], TransportTree.Settings.Overlap.allCases)
  func fewKeypointsAreNoProblem(count: Int, overlap: TransportTree.Settings.Overlap) {
    let room = PlantedRoom(seed: 8)
    func first(_ f: Features) -> Features {
      Features(
        keypoints: Array(f.keypoints.prefix(count)), normals: Array(f.normals.prefix(count)),
        indices: Array(f.indices.prefix(count)), descriptors: Array(f.descriptors.prefix(16 * count)), dimension: 16)
    }
    var settings = TransportTree.Settings()
    settings.overlap = overlap
    let tree = TransportTree(voxel: PlantedRoom.voxel, settings: settings)
    for (a, b) in [(first(room.source), room.target), (room.source, first(room.target))] {
      let result = tree(source: a, target: b)
      #expect(result.consistency.allSatisfy(\.isFinite) && result.kept.count <= result.coarse.count)
    }
    #expect(tree(source: first(room.source), target: first(room.target)).coarse.count <= count * count)
  }

  @Test func brokenDescriptorsAndDuplicatesAreNoProblem() {
    let room = PlantedRoom(seed: 9)
    var broken = room.source
    broken.descriptors = [Float](repeating: .nan, count: broken.descriptors.count)
    var same = room.source
    same.keypoints = [SIMD3<Float>](repeating: [1, 2, 3], count: same.count)
    for source in [broken, same] {
      for overlap in TransportTree.Settings.Overlap.allCases {
        var settings = TransportTree.Settings()
        settings.overlap = overlap
        let result = TransportTree(voxel: PlantedRoom.voxel, settings: settings)(source: source, target: room.target)
        #expect(result.kept.count <= result.coarse.count)
      }
    }
  }

  @Test func theWholeRegistrationRunsOnIt() throws {
    let pair = SimulatedPair(.room, seed: 11)
    var settings = Registrar.Settings()
    // Clear matches make a tree needless; the best quality asks it in any case.
    (settings.tree, settings.quality) = (.paper, .best)
    let result = try Registrar(settings: settings)(source: pair.source, target: pair.target)
    let tree = try #require(result.stages.first { $0.name == "tree" })
    #expect(tree.counts.map(\.name) == ["coarse", "kept", "poses"] && tree.counts.allSatisfy { $0.value > 0 })
    let error = pair.targetFromSource.inverse * result.targetFromSource
    #expect(error.rotation.angleDegrees < 1.5 && error.translation.length < 0.1)
  }
}
