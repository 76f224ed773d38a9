import Geometry
import Parallelism
import PointClouds

/// Two clouds in their working frames at a common resolution.
struct PreparedPair: Sendable {
  let source, target: PreparedCloud
  private let sourceFrame, targetFrame: WorkingFrame
  /// Edge of the working voxel, metres.
  let voxel: Double
  /// Subtracted from both clouds for the reported local transform: zero for clouds near the origin.
  let offset: Point3

  init(source: PointCloud, target: PointCloud, settings: Registrar.Settings) throws(RegistrationError) {
    sourceFrame = try WorkingFrame(source, name: "source")
    targetFrame = try WorkingFrame(target, name: "target")
    voxel = settings.voxel ?? WorkingVoxel(wantedVoxels: settings.quality.voxels)(sourceFrame, targetFrame)
    // Both clouds at once: each has serial stretches that the other one fills.
    let (frames, edge) = ([(sourceFrame, "source"), (targetFrame, "target")], voxel)
    let prepared = Parallel.map(2, grain: 1) { k in
      Result { () throws(RegistrationError) in try PreparedCloud(frames[k].0, voxel: edge, name: frames[k].1) }
    }
    self.source = try prepared[0].get()
    self.target = try prepared[1].get()
    let center = targetFrame.cloud.origin
    let extent = max(sourceFrame.extent, targetFrame.extent)
    let largest = max(center.length, sourceFrame.cloud.origin.length)
    offset = largest > 1e4 * extent ? center.rounded(.toNearestOrEven) : .zero
  }

  /// A pose between true coordinates, written for the working frames.
  func local(_ global: RigidTransform) -> RigidTransform {
    global.rebased(sourceOrigin: sourceFrame.cloud.origin, targetOrigin: targetFrame.cloud.origin)
  }

  /// A pose between the working frames, written for true coordinates.
  func global(_ local: RigidTransform) -> RigidTransform {
    local.rebased(sourceOrigin: -sourceFrame.cloud.origin, targetOrigin: -targetFrame.cloud.origin)
  }

  /// Whether both viewpoints were stated or are the origins, not estimated: free space then rests on facts.
  var sensorsAreKnown: Bool { source.viewpoint.kind != .virtual && target.viewpoint.kind != .virtual }

  /// What is worth printing of the preparation.
  var counts: [(name: String, value: Int)] {
    var counts = [("source points", source.coarse.positions.count), ("target points", target.coarse.positions.count)]
    if sourceFrame.outlierCount > 0 { counts.append(("far source points left out", sourceFrame.outlierCount)) }
    if targetFrame.outlierCount > 0 { counts.append(("far target points left out", targetFrame.outlierCount)) }
    return counts.map { (name: $0.0, value: $0.1) }
  }

  /// The described keypoints of both clouds.
  func features() -> (source: Features, target: Features) {
    let extract = DescriptorExtractor(voxel: Float(voxel))
    return (
      extract(source.coarse.positions, normals: source.coarse.normals),
      extract(target.coarse.positions, normals: target.coarse.normals)
    )
  }

  /// Both clouds made ready for checking poses.
  func checked(
    _ features: (source: Features, target: Features)? = nil
  ) -> (source: CheckedCloud, target: CheckedCloud) {
    let parts = [(source, features?.source), (target, features?.target)]
    let checked = Parallel.map(2, grain: 1) { CheckedCloud(parts[$0].0, features: parts[$0].1, voxel: voxel) }
    return (checked[0], checked[1])
  }
}
