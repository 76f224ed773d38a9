import Foundation
import Geometry
import PointClouds
import Registration

/// The room of the repository's data, made ready to be refined.
struct RefinedRoom {
  let pair: PreparedPair
  /// The true pose between the working frames: these are centred on the clouds, so it is found by refinement.
  let truth: RigidTransform

  init() throws {
    let data = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "data")
    let target = try CloudReader()(data.appending(path: "room_target.ply").path).cloud
    let motion = RigidTransform(
      exponential: Twist(rotation: Point3(0.02, -0.01, 0.03), translation: Point3(0.05, -0.04, 0.02)))
    // Both clouds are centred where they are, so that the working frames do not move them.
    let source = target.transformed(by: motion.inverse)
    pair = try PreparedPair(
      source: PreparedScan(source, name: "source"), target: PreparedScan(target, name: "target"),
      settings: Registrar.Settings())
    truth = RefinementLadder(voxel: pair.voxel, gate: nil)(pair, from: .identity).transform
  }

  /// Matches of every fiftieth source point with where a pose takes it.
  func matches(under pose: RigidTransform) -> MatchSet {
    let surface = pair.source.coarse
    let chosen = stride(from: 0, to: surface.positions.count, by: 50).map { $0 }
    return MatchSet(
      source: chosen.map { surface.positions[$0] },
      target: chosen.map { SIMD3<Float>(pose(Point3(surface.positions[$0]))) },
      sourceNormals: chosen.map { surface.normals[$0] }, targetNormals: chosen.map { surface.normals[$0] })
  }
}
