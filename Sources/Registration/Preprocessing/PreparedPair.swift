import Geometry
import Parallelism
import PointClouds

/// Two scans at a common resolution.
package struct PreparedPair: Sendable {
  private var sourceLevel, targetLevel: ScanLevel
  private let sourceFrame, targetFrame: WorkingFrame
  private let descriptor: Registrar.Settings.Descriptor
  /// The brightness of both surfaces; nil where it is not used.
  let appearance: PairAppearance?
  /// How much larger the source is here than it was read.
  let scale: Double
  /// Edge of the working voxel, metres.
  package let voxel: Double
  /// Subtracted from both clouds for the reported local transform: zero for clouds near the origin.
  let offset: Point3

  /// Brings two scans to a common resolution.
  /// - Throws: where the voxel swallows a scan, or colour is insisted on and missing.
  package init(source: PreparedScan, target: PreparedScan, settings: Registrar.Settings) throws(RegistrationError) {
    (sourceFrame, targetFrame) = (source.frame, target.frame)
    descriptor = settings.descriptor
    scale = source.scale
    let edge = settings.voxel ?? WorkingVoxel(wantedVoxels: settings.quality.voxels)(source, target)
    // Both scans at once: each has serial stretches that the other one fills.
    let scans = [source, target]
    let levels = Parallel.map(2, grain: 1) { k in
      Result { () throws(RegistrationError) in try scans[k].level(voxel: edge) }
    }
    voxel = edge
    sourceLevel = try levels[0].get()
    targetLevel = try levels[1].get()
    appearance = try PairAppearance(
      sourceFrame, targetFrame, names: (source.name, target.name), voxel: edge, use: settings.color)
    let center = targetFrame.cloud.origin
    let extent = max(sourceFrame.extent, targetFrame.extent)
    let largest = max(center.length, sourceFrame.cloud.origin.length)
    offset = largest > 1e4 * extent ? center.rounded(.toNearestOrEven) : .zero
  }

  /// What to add to a displacement of the source's mean between the working frames for the one between true coordinates,
  /// the source as it was read.
  var originShift: Point3 {
    let (own, other) = (sourceFrame.cloud.origin, targetFrame.cloud.origin)
    return scale == 1 ? other - own : other + sourceCenter - sourceMean
  }

  /// The mean of the source's points in its working frame.
  var sourceCenter: Point3 { source.coarse.positions.mean }

  /// The mean of the source's points in true coordinates, as it was read.
  var sourceMean: Point3 { (sourceCenter + sourceFrame.cloud.origin) / scale }

  /// What to add to coordinates of the target's working frame for true ones less ``offset``.
  var localOrigin: Point3 { targetFrame.cloud.origin - offset }

  /// A point of the target in its working frame.
  func local(_ target: Point3) -> Point3 { target - targetFrame.cloud.origin }

  /// The surfaces of both scans.
  package var source: PreparedCloud { sourceLevel.cloud }
  /// See `source`.
  package var target: PreparedCloud { targetLevel.cloud }

  /// A pose between true coordinates, written for the working frames.
  func local(_ global: RigidTransform) -> RigidTransform {
    global.rebased(sourceOrigin: sourceFrame.cloud.origin, targetOrigin: targetFrame.cloud.origin)
  }

  /// A pose between the working frames, written for true coordinates.
  func global(_ local: RigidTransform) -> RigidTransform {
    local.rebased(sourceOrigin: -sourceFrame.cloud.origin, targetOrigin: -targetFrame.cloud.origin)
  }

  /// A similarity between the working frames, written for true coordinates of the scaled source.
  func global(_ local: SimilarityTransform) -> SimilarityTransform {
    local.rebased(sourceOrigin: -sourceFrame.cloud.origin, targetOrigin: -targetFrame.cloud.origin)
  }

  /// Whether both viewpoints were stated or are the origins, not estimated: free space then rests on facts.
  var sensorsAreKnown: Bool {
    [source, target].allSatisfy { $0.viewpoint.kind == .stated || $0.viewpoint.kind == .origin }
  }

  /// The pair with one scan seen from the other side, for when the sides of the normals do not fit together: the scan whose
  /// side is the weaker guess. Nil when a file states both viewpoints.
  ///
  /// An object that was scanned from outside looks like the inside of a shell, and the reverse; shells are recognised by
  /// what hides them, so a scan that was not recognised is the likelier mistake.
  package var turned: PreparedPair? {
    let (a, b) = (source.viewpoint, target.viewpoint)
    func doubt(_ v: Viewpoint) -> Float {
      v.kind == .stated ? -1 : v.shellCenter != nil ? 0 : 2 - v.confidence
    }
    guard max(doubt(a), doubt(b)) >= 0 else { return nil }
    var other = self
    if doubt(a) >= doubt(b) { other.sourceLevel = sourceLevel.turned } else { other.targetLevel = targetLevel.turned }
    return other
  }

  /// What is worth printing of the preparation.
  var counts: [(name: String, value: Int)] {
    var counts = [("source points", source.coarse.positions.count), ("target points", target.coarse.positions.count)]
    if sourceFrame.outlierCount > 0 { counts.append(("far source points left out", sourceFrame.outlierCount)) }
    if targetFrame.outlierCount > 0 { counts.append(("far target points left out", targetFrame.outlierCount)) }
    return counts.map { (name: $0.0, value: $0.1) }
  }

  /// The described keypoints of both scans.
  var features: (source: Features, target: Features) { features(descriptor) }

  /// The keypoints of both scans with descriptors of the given kind.
  func features(_ kind: Registrar.Settings.Descriptor) -> (source: Features, target: Features) {
    let shape = (sourceLevel.features(kind), targetLevel.features(kind))
    guard let appearance else { return shape }
    return BrightnessDescriptor(voxel: Float(voxel))(
      shape, surfaces: (source.coarse.positions, target.coarse.positions),
      brightness: (appearance.source.coarse, appearance.target.coarse))
  }

  /// Both scans made ready for checking poses with all their points.
  var checked: (source: CheckedCloud, target: CheckedCloud) {
    let levels = [sourceLevel, targetLevel]
    let checked = Parallel.map(2, grain: 1) { levels[$0].checked }
    return (checked[0], checked[1])
  }

  /// The matched keypoints in true coordinates.
  func global(_ matches: MatchSet) -> [PutativeMatch] {
    zip(matches.source, matches.target).map { s, t in
      PutativeMatch(
        source: (sourceFrame.cloud.origin + Point3(s)) / scale, target: targetFrame.cloud.origin + Point3(t))
    }
  }
}
