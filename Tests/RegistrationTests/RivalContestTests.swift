import Geometry
import Registration
import Testing

@Suite struct RivalContestTests {
  /// A wrong pose that is ranked first and, after it, one near the truth.
  private func candidates(_ room: RefinedRoom, wrong: Double, right: Double) -> Candidates {
    let v = room.pair.voxel
    let turn = Rotation3(radians: 1.6, about: Point3(0, 0, 1))
    let first = RigidTransform(rotation: turn, translation: Point3(0.3, -0.2, 0.1)) * room.truth
    let second = RigidTransform(translation: Point3(v, -v, 0)) * room.truth
    let poses = [(first, wrong), (second, right)].map { pose, agreeing in
      ScoredPose(transform: pose, forward: .init(agreeing: agreeing), backward: .init(agreeing: agreeing))
    }
    return Candidates(poses: poses, matches: room.matches(under: room.truth))
  }

  @Test("of two poses that score alike the one that fits better once refined is taken, and leads the candidates")
  func close() throws {
    let room = try RefinedRoom()
    let contest = RivalContest(ladder: RefinementLadder(voxel: room.pair.voxel, gate: nil))
    let candidates = candidates(room, wrong: 500, right: 300)
    #expect(candidates.poses[0].score > candidates.poses[1].score)
    let (decided, refined) = contest(room.pair, candidates)
    #expect((refined.transform.translation - room.truth.translation).length < 0.1 * room.pair.voxel)
    #expect(decided.best == candidates.poses[1].transform)
    #expect(decided.poses.map(\.transform) == candidates.poses.reversed().map(\.transform))
  }

  @Test("a pose that is clearly ahead stays, whatever the others might become")
  func clear() throws {
    let room = try RefinedRoom()
    let ladder = RefinementLadder(voxel: room.pair.voxel, gate: nil)
    let candidates = candidates(room, wrong: 500, right: 100)
    let (decided, refined) = RivalContest(ladder: ladder)(room.pair, candidates)
    #expect(decided.best == candidates.best)
    #expect(refined.transform == ladder(room.pair, from: candidates.best, matches: candidates.matches).transform)
  }
}
