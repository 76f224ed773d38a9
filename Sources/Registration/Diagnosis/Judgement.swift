import Geometry
import Solvers

/// The verdict on a refined pose with its evidence.
struct Judgement: Sendable {
  let verdict: Verdict
  let reasons: [String]
  let diagnosis: Diagnosis
  /// What the confidence rests on; nil for a local registration.
  let evidence: PoseEvidence?
  /// Distinct poses that score within a tenth of the winner, between the working frames.
  let alternatives: [(pose: RigidTransform, relativeScore: Double)]

  init(
    pair: PreparedPair, candidates: Candidates, refined: RefinementResult, motion: MotionModel, texture: TextureEvidence
  ) {
    let v = pair.voxel
    let pose = refined.transform
    let measure = OverlapMeasure(distance: 2 * v)
    let forward = measure(pair.source.coarse, on: ReferenceSurface(pair.target.coarse), pose)
    let backward = measure(pair.target.coarse, on: ReferenceSurface(pair.source.coarse), pose.inverse)
    let offPlanes = PlaneRemainder(distance: v, planes: 3)(points: forward.points, normals: forward.normals)
    let isBare = texture.points.isEmpty && offPlanes < 0.1 && pair.isBare
    let directions = texture.directions(forward.points, forward.normals, motion: motion, by: Observability())
    let clouds = pair.checked
    let checked = HypothesisCheck(voxel: v)(pose, source: clouds.source, target: clouds.target)
    let similar = PoseSimilarity(center: candidates.matches?.center ?? .zero, degrees: 10, metres: 6 * v)
    let runnersUp = candidates.poses.dropFirst().filter { !similar($0.transform, candidates.best) }
    let score = candidates.poses.first?.score
    // A rival may have scored better before both were refined.
    let margin = score.flatMap { s in runnersUp.first.map { max(0, s - $0.score) } }
    let support = candidates.matches?.support(of: pose, within: 2 * v)
    let inliers = support?.inliers ?? refined.inliers
    let matches = candidates.matches?.count ?? 0
    evidence = score.map {
      PoseEvidence(
        score: $0, margin: margin, inliers: inliers, matches: matches, violation: checked.worstViolation,
        residual: refined.rmse / v, regions: candidates.matches?.regions(of: pose, within: 2 * v, edge: 8 * v) ?? 0,
        offPlanes: offPlanes, deviation: forward.deviation(edge: 4 * v) / v)
    }
    diagnosis = Diagnosis(
      sourceOverlap: forward.share, targetOverlap: backward.share, rmse: refined.rmse, inlierCount: inliers,
      correspondenceCount: matches, freeSpaceViolation: checked.worstViolation, margin: margin,
      confidence: evidence.map { Confidence.shipped($0) },
      offPlanes: offPlanes, directions: directions)
    alternatives = runnersUp.prefix(4).compactMap { runner in
      guard let score, score > 0, runner.score > 0.9 * score else { return nil }
      return (runner.transform, min(1, runner.score / score))
    }
    let rule = VerdictRule(
      diagnosis: diagnosis, score: score, converged: refined.converged, voxel: v,
      sensorsAreKnown: pair.sensorsAreKnown, forbidden: Self.forbidden(pair, pose, motion),
      roughness: Double(max(pair.source.roughness, pair.target.roughness)), isBare: isBare,
      deviation: evidence?.deviation ?? 0)
    (verdict, reasons) = rule.decide()
  }

  /// What the surfaces would do if they were free to: the rotation, degrees, and the displacement of the source's middle,
  /// metres, that a motion model keeps them from. Nil for rigid motions.
  private static func forbidden(_ pair: PreparedPair, _ pose: RigidTransform, _ motion: MotionModel) -> (
    degrees: Double, metres: Double
  )? {
    guard motion != .rigid else { return nil }
    let free = RefinementLadder(voxel: pair.voxel, gate: nil)(pair, from: pose).transform
    let center = pair.sourceCenter
    return ((pose.rotation.inverse * free.rotation).angleDegrees, (free(center) - pose(center)).length)
  }
}

extension PreparedPair {
  /// Whether both scans show next to nothing but six planes, as an empty room does.
  fileprivate var isBare: Bool {
    [source, target].allSatisfy { cloud in
      let (points, normals) = (cloud.coarse.positions, cloud.coarse.normals)
      return PlaneRemainder(distance: voxel, planes: 6)(
        points: points.map(Point3.init), normals: normals.map(Point3.init)) < 0.02
    }
  }
}
