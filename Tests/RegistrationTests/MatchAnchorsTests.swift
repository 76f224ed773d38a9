import Geometry
import Registration
import Testing

/// The floor and one wall of a corridor along x: nothing fixes the motion along x.
private func corridor(_ phase: Double) -> PreparedCloud.Surface {
  var (positions, normals) = ([SIMD3<Float>](), [SIMD3<Float>]())
  for i in 0..<60 {
    for j in 0..<20 {
      let (x, t) = ((Double(i) + phase) * 0.1, (Double(j) + phase) * 0.1)
      positions += [SIMD3<Float>(Point3(x, t, 0)), SIMD3<Float>(Point3(x, 0, t))]
      normals += [SIMD3(0, 0, 1), SIMD3(0, 1, 0)]
    }
  }
  return PreparedCloud.Surface(positions: positions, normals: normals)
}

@Suite struct MatchAnchorsTests {
  private let along = ObservedDirection(kind: .translation, axis: Point3(1, 0, 0), observability: 0, isObserved: false)
  private let matched: [SIMD3<Float>] = [[1, 0.5, 0], [2, 0, 0.5], [3, 1, 0], [4, 0, 1.5], [2.5, 1.2, 0]]

  private func anchors(
    _ target: [SIMD3<Float>], _ directions: [ObservedDirection], reach: Double = 0.4
  ) -> MatchAnchors {
    let overlap = corridor(0).positions.map { Point3($0) }
    return MatchAnchors(source: matched, target: target, directions: directions, overlap: overlap, reach: reach)
  }

  @Test func matchesHoldWhatTheSurfacesLeaveFree() throws {
    let (source, target) = (corridor(0.4), corridor(0))
    var align = SurfaceAlignment(gate: 0.25, tolerance: 1e-9)
    let slid = RigidTransform(translation: Point3(0.2, 0.02, -0.01))
    // Nothing but the borders speaks along x.
    #expect(align(source, on: target, from: slid).transform.translation.x > 0.1)
    align.anchors = anchors(matched, [along])
    let held = align(source, on: target, from: slid)
    #expect(held.converged)
    #expect(abs(held.transform.translation.x) < 2e-3)
    #expect(abs(held.transform.translation.y) < 1e-6 && abs(held.transform.translation.z) < 1e-6)
  }

  @Test func matchesHaveNoSayAcrossTheirDirections() {
    // Matches that are wrong across the free direction change nothing there.
    let lifted = matched.map { $0 + SIMD3<Float>(0, 0.1, 0.1) }
    var align = SurfaceAlignment(gate: 0.25, tolerance: 1e-9)
    align.anchors = anchors(lifted, [along])
    let result = align(corridor(0.4), on: corridor(0), from: RigidTransform(translation: Point3(0.1, 0, 0)))
    #expect(abs(result.transform.translation.y) < 1e-4 && abs(result.transform.translation.z) < 1e-4)
  }

  @Test func farMatchesHaveNoSay() {
    let far = matched.map { $0 + SIMD3<Float>(0.5, 0, 0) }
    var align = SurfaceAlignment(gate: 0.25, tolerance: 1e-9)
    let start = RigidTransform(translation: Point3(0.01, 0, 0))
    let without = align(corridor(0.4), on: corridor(0), from: start)
    align.anchors = anchors(far, [along])
    #expect(align(corridor(0.4), on: corridor(0), from: start).transform == without.transform)
  }

  @Test func aFreeTurnIsHeldAboutTheMiddle() {
    // A floor alone: free to slide and to turn about z.
    let kept = corridor(0).normals.indices.filter { corridor(0).normals[$0].z > 0.5 }
    let floor = PreparedCloud.Surface(
      positions: kept.map { corridor(0).positions[$0] }, normals: kept.map { corridor(0).normals[$0] })
    let up = ObservedDirection(kind: .rotation, axis: Point3(0, 0, 1), observability: 0, isObserved: false)
    let across = ObservedDirection(kind: .translation, axis: Point3(0, 1, 0), observability: 0, isObserved: false)
    let flat = matched.map { SIMD3<Float>($0.x, $0.y, 0) }
    var align = SurfaceAlignment(gate: 0.25, tolerance: 1e-9)
    align.anchors = MatchAnchors(
      source: flat, target: flat, directions: [along, across, up], overlap: floor.positions.map { Point3($0) },
      reach: 0.6)
    let turned = RigidTransform(
      rotation: Rotation3(rotationVector: Point3(0, 0, 0.05)), translation: Point3(0.03, -0.05, 0))
    let result = align(floor, on: floor, from: turned).transform
    #expect(result.rotation.angleDegrees < 0.05 && result.translation.length < 5e-3)
  }

  @Test func displacementIsThatOfTheOverlap() {
    let a = RigidTransform(translation: Point3(1, 0, 0))
    let b = RigidTransform(translation: Point3(1, 0.3, 0.4))
    #expect(abs(anchors(matched, [along]).displacement(from: a, to: b) - 0.5) < 1e-9)
  }
}
