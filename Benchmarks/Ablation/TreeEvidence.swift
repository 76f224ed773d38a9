import Geometry
import Registration

/// What a tree says of the coarse matches of one pair, and what it makes of them.
struct TreeEvidence {
  /// The putative set, the same for all trees.
  let coarse: [Correspondence]
  /// How consistent each is, large is good; nil where the tree says nothing.
  let consistency: [Float]?
  /// The coarse matches that stay, best first, by their place in the putative set.
  let kept: [Int]
  /// The keypoint matches of these, each once.
  let fine: Set<Correspondence>
  /// The poses they propose, between the working frames, first the one to try first.
  let poses: [RigidTransform]
  /// The same poses in the order of the consistency of their coarse match.
  let posesByConsistency: [RigidTransform]

  /// The evidence of the tree that a variant runs; nil for no tree.
  init?(_ settings: Registrar.Settings, _ probe: HypothesisProbe, coarse: [Correspondence]) {
    let (source, target) = probe.features
    switch settings.tree {
    case .off: return nil
    case .paper:
      let found = TransportTree(voxel: Float(probe.voxel), settings: settings.transportTree)(
        source: source, target: target)
      self.coarse = found.coarse
      consistency = found.consistency.isEmpty ? nil : found.consistency.map { -$0 }
      kept = found.kept
      fine = Set(found.fine.flatMap(\.correspondences))
      poses = found.poses
      posesByConsistency = found.patches.indices.sorted {
        (found.patches[$0], $0) < (found.patches[$1], $1)
      }.map { found.poses[$0] }
    case .consensus:
      self.coarse = coarse
      let (all, places) = TreeEvidence.patches(probe, coarse)
      var consistency = [Float](repeating: -1, count: coarse.count)
      for (patch, place) in zip(all, places) { consistency[place] = patch.overlap }
      self.consistency = consistency
      let walked = SinkhornTree(voxel: Float(probe.voxel))(source: source, target: target)
      let byPair = Dictionary(zip(coarse, coarse.indices)) { first, _ in first }
      kept = walked.compactMap { byPair[$0.coarse] }
      fine = Set(walked.flatMap(\.members))
      poses = walked.map(\.pose)
      posesByConsistency = poses
    }
  }

  /// The patches of all coarse matches in the tree's order, each with the place of its coarse match.
  static func patches(
    _ probe: HypothesisProbe, _ coarse: [Correspondence]
  ) -> (patches: [PatchHypothesis], places: [Int]) {
    var tree = SinkhornTree(voxel: Float(probe.voxel))
    tree.effort.walked = .max
    let patches = tree(source: probe.features.source, target: probe.features.target)
    let byPair = Dictionary(zip(coarse, coarse.indices)) { first, _ in first }
    return (patches, patches.map { byPair[$0.coarse] ?? coarse.count })
  }
}

/// How well a score tells right from wrong: the share of (right, wrong) pairs that it orders rightly, ties counting half.
func areaUnderCurve(_ scores: [Float], isRight: [Bool]) -> Double? {
  let order = scores.indices.sorted { scores[$0] < scores[$1] }
  let right = isRight.count { $0 }
  guard right > 0, right < isRight.count else { return nil }
  var (sum, start) = (0.0, 0)
  while start < order.count {
    var end = start
    while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
    // Equal scores share their mean rank.
    let rank = Double(start + end + 1) / 2
    sum += rank * Double(order[start..<end].count { isRight[$0] })
    start = end
  }
  let wrong = isRight.count - right
  return (sum - Double(right) * Double(right + 1) / 2) / (Double(right) * Double(wrong))
}
