import Geometry
import PointClouds

/// Finds the pose between two point clouds and says how far it can be trusted.
///
///     read → (scale) → preprocess → features → matching → consensus → (tree) → estimation → refinement → diagnosis
///
/// Both clouds are moved near the origin, thinned to a common resolution v and given normals that look at the viewpoint.
/// Keypoints are described and matched; matches that one motion can explain form hypotheses, and so do, where these leave room
/// for others, the surroundings of coarse matches; all are checked on surfaces and free space; the best, and those that come
/// close to it, are refined by plane-to-plane ICP; the evidence decides the verdict. Nothing is sampled at random: the same
/// input gives the same bits on any number of threads.
public struct Registrar: Sendable {
  /// What a user may decide.
  public var settings: Settings

  /// A registrar; the default settings need no tuning.
  public init(settings: Settings = Settings()) { self.settings = settings }

  /// Registers `source` on `target`: the result maps source points to target points.
  /// - Parameter onStage: called after every stage, for progress and reports.
  /// - Throws: ``RegistrationError`` for clouds that cannot fix a pose, such as points on a line.
  public func callAsFunction(
    source: PointCloud, target: PointCloud, onStage: @escaping (StageReport) -> Void = { _ in }
  ) throws(RegistrationError) -> RegistrationResult {
    try register(onStage) { () throws(RegistrationError) in
      (try PreparedScan(source, name: "source"), try PreparedScan(target, name: "target"))
    }
  }

  /// Registers scans that take part in several registrations: what belongs to one of them is computed once.
  public func callAsFunction(
    source: PreparedScan, target: PreparedScan, onStage: @escaping (StageReport) -> Void = { _ in }
  ) throws(RegistrationError) -> RegistrationResult {
    try register(onStage) { (source, target) }
  }

  private func register(
    _ onStage: @escaping (StageReport) -> Void,
    _ scans: () throws(RegistrationError) -> (source: PreparedScan, target: PreparedScan)
  ) throws(RegistrationError) -> RegistrationResult {
    var stage = StageLog(observer: onStage)

    var (source, target, scale): (PreparedScan?, PreparedScan?, ScaleEstimate?)
    if settings.scale != .off {
      try stage("scale") { () throws(RegistrationError) in
        let scans = try scans()
        scale = try ScaleSearch(settings)(scans.source, scans.target)
        (source, target) = (scale?.source, scans.target)
      }
    }
    var pair = try stage("preprocess", counts: \.counts) { () throws(RegistrationError) in
      if let source, let target { return try PreparedPair(source: source, target: target, settings: settings) }
      let scans = try scans()
      return try PreparedPair(source: scans.source, target: scans.target, settings: settings)
    }
    let proposed =
      if let start = scale?.start.map(pair.local) ?? startingPose(pair) {
        Candidates(start: start)
      } else {
        estimate(&pair, &stage)
      }
    // Without a pose within the user's limits there is nothing to refine.
    let isExcluded = proposed.isEmpty && PoseLimits(settings, for: pair).bound
    let (candidates, refined) = stage(
      "refinement", counts: { [("inliers", $0.refined.inliers), ("iterations", $0.refined.iterations)] }
    ) { () -> RivalContest.Outcome in
      if isExcluded { return (candidates: proposed, refined: RefinementResult.none) }
      let ladder = RefinementLadder(
        voxel: pair.voxel, gate: settings.maximumCorrespondence, motion: settings.motion)
      return RivalContest(ladder: ladder)(pair, proposed)
    }
    let final =
      if let appearance = pair.appearance, !isExcluded {
        stage("texture") { textured(pair, refined, from: candidates.best, appearance) }
      } else {
        (refined: refined, texture: TextureEvidence())
      }
    let judged = stage("diagnosis") {
      Judgement(
        pair: pair, candidates: candidates, refined: final.refined, motion: settings.motion, texture: final.texture)
    }
    var result = result(pair, final.refined.transform, judged, candidates, stage.reports)
    if settings.covariance != .off {
      result.uncertainty = stage("covariance") {
        uncertainty(pair, final.refined, result, usesTexture: !final.texture.points.isEmpty)
      }
      result.stages = stage.reports
    }
    scale?.apply(to: &result)
    return result
  }

  /// The global search: features, matches, patches of the tree, ranked poses. The pair may come back with one scan turned.
  func estimate(_ pair: inout PreparedPair, _ stage: inout StageLog) -> Candidates {
    let given = pair
    _ = stage("features", counts: { [("source", $0.source.count), ("target", $0.target.count)] }) { given.features }
    let matched = stage("matching", counts: { [("matches", $0.matches.count)] }) { MatchedPair(given) }
    pair = matched.pair
    let (features, matches) = (matched.features, matched.matches)
    let freeSpaceWeight = pair.sensorsAreKnown ? 2.0 : 1
    var estimator = PoseEstimator(
      voxel: pair.voxel, effort: settings.quality.effort,
      freeSpaceWeight: settings.ranksByFreeSpace ? freeSpaceWeight : 0, motion: settings.motion,
      limits: PoseLimits(settings, for: pair))
    estimator.isThrifty = settings.quality != .best
    let proposals = stage("consensus", counts: { [("proposals", $0.count)] }) { estimator.proposals(matches) }
    let isClear = estimator.isClear(proposals, matches)
    let further = isClear ? [] : treePoses(matched, &stage)
    return stage("estimation", counts: { [("hypotheses", $0.poses.count), ("inliers", $0.poses.first?.inliers ?? 0)] })
    {
      let pair = matched.pair
      let checked = pair.checked
      let clouds = (
        source: checked.source.reduced(to: features.source), target: checked.target.reduced(to: features.target)
      )
      let agreement = DescriptorAgreement(
        features, neighbors: matched.neighbors, source: clouds.source, target: clouds.target, voxel: pair.voxel)
      let poses = estimator(
        proposals, matches, agreement: agreement, further: further, source: clouds.source, target: clouds.target)
      return Candidates(poses: poses, matches: matches)
    }
  }

  /// The poses that the tree proposes.
  private func treePoses(_ matched: MatchedPair, _ stage: inout StageLog) -> [RigidTransform] {
    let (voxel, features) = (Float(matched.pair.voxel), matched.features)
    switch settings.tree {
    case .off: return []
    case .consensus:
      return stage("tree", counts: { [("patches", $0.count)] }) {
        SinkhornTree(voxel: voxel)(source: features.source, target: features.target)
      }.map(\.pose)
    case .paper:
      return stage(
        "tree", counts: { [("coarse", $0.coarse.count), ("kept", $0.kept.count), ("poses", $0.poses.count)] }
      ) {
        TransportTree(voxel: voxel, settings: settings.transportTree)(source: features.source, target: features.target)
      }.poses
    }
  }

  /// The pose that a local registration starts from, between the working frames; nil for a global one. A source that was
  /// scaled has its mean moved to where the initial pose moves that of the source as it was read.
  func startingPose(_ pair: PreparedPair) -> RigidTransform? {
    guard settings.startsLocally else { return nil }
    var start = pair.local(settings.initial ?? .identity)
    if pair.scale != 1 {
      let read = pair.sourceMean
      let place = pair.local((settings.initial ?? .identity)(read))
      start.translation = place - start.rotation(pair.sourceCenter)
    }
    return settings.motion.nearest(to: start, center: pair.sourceCenter)
  }

  private func result(
    _ pair: PreparedPair, _ pose: RigidTransform, _ judged: Judgement, _ candidates: Candidates,
    _ stages: [StageReport]
  ) -> RegistrationResult {
    let global = pair.global(pose)
    var result = RegistrationResult(
      targetFromSource: global, verdict: judged.verdict, reasons: judged.reasons, diagnosis: judged.diagnosis,
      alternatives: judged.alternatives.map {
        AlternativePose(targetFromSource: pair.global($0.pose), relativeScore: $0.relativeScore)
      },
      voxel: pair.voxel, offset: pair.offset,
      localTransform: global.rebased(sourceOrigin: pair.offset * pair.scale, targetOrigin: pair.offset), stages: stages)
    result.scale = pair.scale
    result.evidence = judged.evidence
    result.appearance = pair.appearance?.channel.rawValue
    let limits = PoseLimits(settings, for: pair)
    if candidates.isEmpty, limits.bound {
      limits.applyEmpty(to: &result)
    } else {
      limits.apply(to: &result, pose: pose)
    }
    result.putativeMatches = candidates.matches.map(pair.global) ?? []
    return result
  }
}
