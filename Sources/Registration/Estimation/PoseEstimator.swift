import Geometry
import Parallelism
import Solvers

/// From matches to ranked poses without random sampling.
///
/// Matches that one motion can explain form cliques of a ``ConsensusGraph``; every clique gives a pose, which is refitted
/// to all matches. The distinct ones are refined on the surfaces, checked against surface and free space of both clouds,
/// and ranked by the evidence.
struct PoseEstimator: Sendable {
  /// Edge of the working voxel, metres: the unit of every tolerance.
  let voxel: Double
  /// How many cliques are grown, and how many distinct poses are refined and checked.
  var effort = (cliques: 300, poses: 100)
  /// How much free space counts in the ranking: 1 for estimated viewpoints, more where they are known.
  var freeSpaceWeight = 1.0
  /// Members of a clique at most.
  var cliqueLimit = 40
  /// The motions that are allowed.
  let motion: MotionModel
  /// The poses that are allowed.
  let limits: PoseLimits

  /// The poses, best first; empty when no three matches agree.
  /// - Parameter further: poses from elsewhere, such as the patches of the ``SinkhornTree``.
  func callAsFunction(
    _ matches: MatchSet, agreement: DescriptorAgreement, further: [RigidTransform], source: CheckedCloud,
    target: CheckedCloud
  ) -> [ScoredPose] {
    let hypotheses = distinct(
      refitted(cliquePoses(matches) + further.map { motion.nearest(to: $0, center: matches.center) }, matches), matches)
    let refine = HypothesisRefinement(voxel: voxel, motion: motion)
    let check = HypothesisCheck(voxel: voxel)
    let scored = Parallel.map(hypotheses.count, grain: 1) { k -> ScoredPose in
      let pose = refine(hypotheses[k].pose, source: source, target: target)
      var result = ScoredPose(
        transform: pose, forward: check(pose, moved: source, fixed: target),
        backward: check(pose.inverse, moved: target, fixed: source))
      result.freeSpaceWeight = freeSpaceWeight
      result.matchSupport = hypotheses[k].support
      result.likeness = agreement(pose)
      (result.refinedSupport, result.inliers) = matches.support(of: pose, within: 2 * voxel)
      return result
    }
    .filter { limits.admit($0.transform) }
    let scores = scored.map(\.score)
    let order = scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
    return order.map { scored[$0] }
  }

  /// The poses of cliques of matches, in the order of their seeds' support.
  func cliquePoses(_ matches: MatchSet) -> [RigidTransform] {
    let graph = ConsensusGraph(
      source: matches.source, target: matches.target, sourceNormals: matches.sourceNormals,
      targetNormals: matches.targetNormals,
      tolerance: .init(length: Float(2 * voxel), minimumLength: Float(3 * voxel)))
    return graph.greedyCliques(seeds: effort.cliques, limit: cliqueLimit).compactMap { clique in
      RigidAlignment(clique.lazy.map { (Point3(matches.source[$0]), Point3(matches.target[$0])) }).transform(motion)
    }
  }

  /// A pose with the matches' support for it.
  typealias Hypothesis = (pose: RigidTransform, support: Double)

  /// The poses fitted to all matches, by descending support; those that the limits forbid are left out.
  func refitted(_ poses: [RigidTransform], _ matches: MatchSet) -> [Hypothesis] {
    let refit = Parallel.map(poses.count, grain: 4) { k -> Hypothesis in
      let pose = matches.refit(poses[k], within: 2 * voxel, rounds: 3, motion: motion)
      return (pose, matches.support(of: pose, within: 2 * voxel).sum)
    }
    let order = refit.indices.sorted {
      refit[$0].support != refit[$1].support ? refit[$0].support > refit[$1].support : $0 < $1
    }
    return order.map { refit[$0] }.filter { limits.admit($0.pose) }
  }

  /// The best of every group of poses that move the matches' centre by less than 2.4 voxels and turn less than 6 degrees.
  private func distinct(_ ranked: [Hypothesis], _ matches: MatchSet) -> [Hypothesis] {
    let similar = PoseSimilarity(center: matches.center, degrees: 6, metres: 2.4 * voxel)
    return similar.distinct(ranked, limit: effort.poses, pose: \.pose)
  }
}

/// Whether two poses are the same up to a rotation and a displacement of a reference point.
struct PoseSimilarity: Sendable {
  /// The reference point in source coordinates.
  let center: Point3
  let degrees: Double
  let metres: Double

  func callAsFunction(_ a: RigidTransform, _ b: RigidTransform) -> Bool {
    (a(center) - b(center)).squaredLength < metres * metres
      && (a.rotation.inverse * b.rotation).angleDegrees < degrees
  }

  /// The first of every group of similar poses, in their order; at most `limit`.
  func distinct<Element>(
    _ ordered: [Element], limit: Int, pose: (Element) -> RigidTransform
  ) -> [Element] {
    var kept: [Element] = []
    for element in ordered where !kept.contains(where: { self(pose($0), pose(element)) }) {
      if kept.count >= limit { break }
      kept.append(element)
    }
    return kept
  }
}

extension MatchSet {
  /// The mean of the source points.
  var center: Point3 { source.mean }
}
