import Geometry

/// Decides between poses that score alike: each is refined in full, and the one that then scores best wins.
///
/// Hypotheses are ranked after a cheap refinement, which leaves some of them short of where they belong. Where one is clearly
/// ahead, it is refined and nothing else is done.
package struct RivalContest: Sendable {
  /// Refines.
  let ladder: RefinementLadder
  /// Poses that score less than the best by no more than this are its rivals.
  var closeBelow = 0.5
  /// What a residual of one voxel (root mean square) costs in units of the score: right poses fit more tightly. Chosen on rooms
  /// of two seeds; all values from 6 to 8 decide alike there.
  var looseness = 7.0
  /// The most rivals.
  var limit = 3

  /// The candidates with the winner first, and its refinement.
  package typealias Outcome = (candidates: Candidates, refined: RefinementResult)

  /// A contest whose poses a ladder refines.
  package init(ladder: RefinementLadder) { self.ladder = ladder }

  /// Refines the best candidate and its rivals.
  package func callAsFunction(_ pair: PreparedPair, _ candidates: Candidates) -> Outcome {
    let refined = ladder(pair, from: candidates.best, matches: candidates.matches)
    guard let matches = candidates.matches, let first = candidates.poses.first else { return (candidates, refined) }
    let close = candidates.poses.prefix { $0.score >= first.score - closeBelow }
    let similar = PoseSimilarity(center: matches.center, voxel: pair.voxel)
    let rivals = similar.distinct(Array(close), limit: limit + 1, pose: \.transform).dropFirst()
    if rivals.isEmpty { return (candidates, refined) }
    var best = (pose: first, refined: refined, score: score(first, refined, pair, matches))
    for rival in rivals {
      let refined = ladder(pair, from: rival.transform, matches: matches)
      let score = score(rival, refined, pair, matches)
      if score > best.score { best = (rival, refined, score) }
    }
    return (candidates.led(by: best.pose), best.refined)
  }

  /// What a hypothesis scores where its refinement ended, by all points of both surfaces and how tightly they fit.
  private func score(
    _ hypothesis: ScoredPose, _ refined: RefinementResult, _ pair: PreparedPair, _ matches: MatchSet
  ) -> Double {
    guard refined.inliers > 0 else { return -.infinity }
    let pose = refined.transform
    let (source, target) = pair.checked
    var moved = HypothesisCheck(voxel: pair.voxel)(pose, source: source, target: target)
    (moved.freeSpaceWeight, moved.likeness) = (hypothesis.freeSpaceWeight, hypothesis.likeness)
    moved.matchSupport = hypothesis.matchSupport
    (moved.refinedSupport, moved.inliers) = matches.support(of: pose, within: 2 * pair.voxel)
    return moved.score - looseness * refined.rmse / pair.voxel
  }
}
