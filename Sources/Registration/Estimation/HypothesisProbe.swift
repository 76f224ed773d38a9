import Geometry

/// Opens a registration between matching and ranking, so that what the ways to propose poses are worth can be measured one by
/// one.
package struct HypothesisProbe: Sendable {
  private let matched: MatchedPair
  private let settings: Registrar.Settings
  private let clouds: (source: CheckedCloud, target: CheckedCloud)

  /// Matches two scans.
  /// - Throws: ``RegistrationError`` as a ``Registrar`` would.
  package init(
    source: PreparedScan, target: PreparedScan, settings: Registrar.Settings
  ) throws(RegistrationError) {
    matched = MatchedPair(try PreparedPair(source: source, target: target, settings: settings))
    self.settings = settings
    let checked = matched.pair.checked
    clouds = (
      checked.source.reduced(to: matched.features.source), checked.target.reduced(to: matched.features.target)
    )
  }

  /// Edge of the working voxel, metres.
  package var voxel: Double { matched.pair.voxel }
  /// The keypoints of both scans in their working frames.
  package var features: (source: Features, target: Features) { matched.features }
  /// A pose between true coordinates, written for the working frames, which all poses below are between.
  package func local(_ global: RigidTransform) -> RigidTransform { matched.pair.local(global) }
  /// A pose between the working frames, written for true coordinates.
  package func global(_ local: RigidTransform) -> RigidTransform { matched.pair.global(local) }

  /// The poses of cliques over the matches of all keypoints, refitted to them, by descending support.
  package var cliquePoses: [RigidTransform] {
    let estimator = PoseEstimator(
      voxel: voxel, effort: settings.quality.effort, motion: settings.motion,
      limits: PoseLimits(settings, for: matched.pair))
    return estimator.refitted(estimator.cliquePoses(matched.matches), matched.matches).map(\.pose)
  }

  /// The first distinct poses of an ordered list (6 degrees, 2.4 voxels), each refined on the surfaces.
  package func refined(_ poses: [RigidTransform], limit: Int) -> [RigidTransform] {
    let similar = PoseSimilarity(center: matched.pair.sourceCenter, voxel: voxel)
    let refine = HypothesisRefinement(voxel: voxel, motion: settings.motion)
    return similar.distinct(poses, limit: limit, pose: \.self).map {
      refine($0, source: clouds.source, target: clouds.target)
    }
  }
}
