import Geometry
import Registration
import Testing

@Suite struct RefinementLadderTests {
  @Test("a refinement that keeps the matches is kept, one that loses them is undone")
  func undone() throws {
    let room = try RefinedRoom()
    let v = room.pair.voxel
    let ladder = RefinementLadder(voxel: v, gate: nil)
    // Far enough that the matches of one pose do not support the other, near enough for the surfaces.
    let start = RigidTransform(translation: Point3(1.9 * v, 0, 0)) * room.truth
    let free = ladder(room.pair, from: start)
    #expect((free.transform.translation - room.truth.translation).length < 0.1 * v)
    let right = ladder(room.pair, from: start, matches: room.matches(under: room.truth))
    #expect(right.transform == free.transform && right.converged == free.converged)
    let lost = ladder(room.pair, from: start, matches: room.matches(under: start))
    #expect(lost.transform == start && !lost.converged)
  }

  @Test("too few matches have no say")
  func few() throws {
    let room = try RefinedRoom()
    let start = RigidTransform(translation: Point3(1.9 * room.pair.voxel, 0, 0)) * room.truth
    let none = MatchSet(source: [], target: [], sourceNormals: [], targetNormals: [])
    let ladder = RefinementLadder(voxel: room.pair.voxel, gate: nil)
    #expect(ladder(room.pair, from: start, matches: none).transform == ladder(room.pair, from: start).transform)
  }
}
