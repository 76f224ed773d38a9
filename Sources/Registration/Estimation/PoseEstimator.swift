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
  /// Whether hypotheses are left out that the matches make unlikely.
  var isThrifty = true
  /// How much free space counts in the ranking: 1 for estimated viewpoints, more where they are known.
  var freeSpaceWeight = 1.0
  /// Members of a clique at most.
  var cliqueLimit = 40
  /// The motions that are allowed.
  let motion: MotionModel
  /// The poses that are allowed.
  let limits: PoseLimits

  /// What the matches alone propose, by descending support.
  func proposals(_ matches: MatchSet) -> [Hypothesis] { refitted(cliquePoses(matches), matches) }

  /// Whether the matches leave no room for another pose: the first proposal has four times the support of every distinct
  /// other one, and the support of at least 40 matches in place. Then there is no use in proposing more.
  func isClear(_ proposals: [Hypothesis], _ matches: MatchSet) -> Bool {
    guard isThrifty, let first = proposals.first, first.support >= 40 else { return false }
    let rival = proposals.first { !similar(matches)($0.pose, first.pose) }
    return (rival?.support ?? 0) < first.support / 4
  }

  /// The poses, best first; empty when no three matches agree.
  /// - Parameters:
  ///   - proposals: what ``proposals(_:)`` found.
  ///   - further: poses from elsewhere, such as the patches of the ``SinkhornTree``.
  func callAsFunction(
    _ proposals: [Hypothesis], _ matches: MatchSet, agreement: DescriptorAgreement, further: [RigidTransform],
    source: CheckedCloud, target: CheckedCloud
  ) -> [ScoredPose] {
    let all = proposals + refitted(further.map { motion.nearest(to: $0, center: matches.center) }, matches)
    let hypotheses = worthwhile(distinct(Self.ordered(all), matches))
    let refine = HypothesisRefinement(voxel: voxel, motion: motion)
    let check = HypothesisCheck(voxel: voxel)
    let scored = Parallel.map(hypotheses.count, grain: 1) { k -> ScoredPose in
      let pose = refine(hypotheses[k].pose, source: source, target: target)
      var result = check(pose, source: source, target: target)
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
    return Self.ordered(refit.filter { limits.admit($0.pose) })
  }

  /// By descending support, then as they came.
  private static func ordered(_ hypotheses: [Hypothesis]) -> [Hypothesis] {
    hypotheses.enumerated().sorted {
      $0.element.support != $1.element.support ? $0.element.support > $1.element.support : $0.offset < $1.offset
    }.map(\.element)
  }

  /// The hypotheses without those that hardly any matches support where many support the first; eight stay in any case,
  /// so that the runner-up is a fair one.
  private func worthwhile(_ ordered: [Hypothesis]) -> [Hypothesis] {
    guard isThrifty, let most = ordered.first?.support, most >= 25 else { return ordered }
    let count = ordered.prefix { $0.support >= most / 6 }.count
    return Array(ordered.prefix(max(8, count)))
  }

  /// The best of every group of poses that move the matches' centre by less than 2.4 voxels and turn less than 6 degrees.
  private func distinct(_ ranked: [Hypothesis], _ matches: MatchSet) -> [Hypothesis] {
    similar(matches).distinct(ranked, limit: effort.poses, pose: \.pose)
  }

  private func similar(_ matches: MatchSet) -> PoseSimilarity {
    PoseSimilarity(center: matches.center, voxel: voxel)
  }
}

/// Whether two poses are the same up to a rotation and a displacement of a reference point.
struct PoseSimilarity: Sendable {
  /// The reference point in source coordinates.
  let center: Point3
  let degrees: Double
  let metres: Double

  init(center: Point3, degrees: Double, metres: Double) {
    (self.center, self.degrees, self.metres) = (center, degrees, metres)
  }

  /// Whether two hypotheses are one: 6 degrees and 2.4 voxels.
  init(center: Point3, voxel: Double) { self.init(center: center, degrees: 6, metres: 2.4 * voxel) }

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
