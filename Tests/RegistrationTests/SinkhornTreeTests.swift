import Geometry
import Parallelism
import Registration
import Testing

@Suite(.serialized) struct SinkhornTreeTests {
  @Test func childrenAreTheNearestOfTheNextLevel() {
    let room = PlantedRoom(seed: 1).source
    let pyramid = KeypointPyramid(room, voxel: PlantedRoom.voxel)
    #expect(pyramid.levels.map(\.indices.count) == pyramid.levels.map(\.indices.count).sorted())
    #expect(pyramid.levels[2].indices.count == room.count)
    for (level, node) in [(1, pyramid.levels[0].indices[5]), (2, pyramid.levels[1].indices[17])] {
      func distance(_ i: Int32) -> Float {
        let d = room.keypoints[Int(i)] - room.keypoints[Int(node)]
        return (d * d).sum()
      }
      let expected = pyramid.levels[level].indices.sorted { (distance($0), $0) < (distance($1), $1) }.prefix(16)
      #expect(Set(pyramid.children(of: node, at: level)) == Set(expected))
    }
  }

  @Test func theBestPatchesFindThePlantedPose() throws {
    let room = PlantedRoom(seed: 2)
    let patches = SinkhornTree(voxel: PlantedRoom.voxel)(source: room.source, target: room.target)
    #expect(patches.count > 8)
    for patch in patches.prefix(4) {
      #expect((patch.pose.rotation.inverse * room.truth.rotation).angleDegrees < 1)
      #expect((patch.pose(Point3(1.5, 1.5, 1.5)) - room.truth(Point3(1.5, 1.5, 1.5))).length < 0.02)
      #expect(patch.members.count >= 8)
      let right = patch.members.filter { pair in
        let moved = room.truth(Point3(room.source.keypoints[Int(pair.source)]))
        return (moved - Point3(room.target.keypoints[Int(pair.target)])).length < 0.05
      }
      #expect(right.count == patch.members.count)
    }
    #expect(zip(patches, patches.dropFirst()).allSatisfy { $0.overlap >= $1.overlap })
  }

  @Test func unrelatedDescriptorsEarnLittleOverlap() throws {
    let (room, other) = (PlantedRoom(seed: 3), PlantedRoom(seed: 3, sameDescriptors: false))
    let tree = SinkhornTree(voxel: PlantedRoom.voxel)
    let right = try #require(tree(source: room.source, target: room.target).first)
    let wrong = tree(source: other.source, target: other.target).first
    #expect((wrong?.overlap ?? 0) < 0.5 * right.overlap)
    #expect((wrong?.consensus ?? 0) < 0.5 * right.consensus)
  }

  @Test func depthAddsLevelsAndZeroAddsNone() throws {
    let room = PlantedRoom(seed: 4)
    var tree = SinkhornTree(voxel: PlantedRoom.voxel)
    let best = (0...2).map { depth in
      tree.depth = depth
      return tree(source: room.source, target: room.target).map(\.overlap).max() ?? -1
    }
    #expect(best[0] == 0)
    // Weights 1/2 and 1/4 of scores in [0, 1].
    #expect(best[1] > 0 && best[1] <= 0.5)
    #expect(best[2] > best[1] && best[2] <= 0.75)
  }

  @Test func resultsDoNotDependOnTheThreads() {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let room = PlantedRoom(seed: 5)
    let results = [1, 2, 16].map { threads in
      Parallel.threads = threads
      return SinkhornTree(voxel: PlantedRoom.voxel)(source: room.source, target: room.target).map {
        $0.pose.rows.flatMap(\.self) + [Double($0.overlap), Double($0.consensus)]
      }
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test(arguments: [0, 1, 2, 3, 20]) func fewKeypointsAreNoProblem(count: Int) {
    let room = PlantedRoom(seed: 6)
    func first(_ f: Features) -> Features {
      Features(
        keypoints: Array(f.keypoints.prefix(count)), normals: Array(f.normals.prefix(count)),
        indices: Array(f.indices.prefix(count)), descriptors: Array(f.descriptors.prefix(16 * count)), dimension: 16)
    }
    let tree = SinkhornTree(voxel: PlantedRoom.voxel)
    #expect(tree(source: first(room.source), target: room.target).allSatisfy { $0.members.count >= 3 })
    #expect(tree(source: room.source, target: first(room.target)).allSatisfy { $0.members.count >= 3 })
    #expect(tree(source: first(room.source), target: first(room.target)).count <= count * count)
  }
}
