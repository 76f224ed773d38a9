import Geometry
import Parallelism

/// Orders the coarse matches by the overlap that two trees find below them, after *Hierarchical Sinkhorn Tree* (NeurIPS 2024).
///
/// Every coarse match (superpoints x, y) gets the pose of its patch (``PatchConsensus``). From the best of them two trees are
/// walked in step: at each pair of nodes the 16 children of either side (Eq. 2) are compared, and the pairs that are best in
/// row and column are the next level's nodes; all else is pruned. Where the paper asks a trained head for the overlap
/// scores s (Eq. 4), the patch answers: c is the share of its members that keep their distances to i and j, T its pose, h the
/// spacing of the level,
///
///     sᵢⱼ = c min(1, members/8) exp(-|T i - j|² / (2 (0.6 h)²)),    overlap = Σ_l 2⁻ˡ mean over nodes (mean of the 16 largest s)
///
/// The Sinkhorn plan of the paper adds nothing to scores that vanish off the overlap by themselves, so none is computed.
package struct SinkhornTree: Sendable {
  /// Edge of the working voxel, metres.
  let voxel: Float
  /// How many coarse matches are judged, and for how many of them the trees are walked.
  package var effort = (coarse: 256, walked: 64)
  /// How many levels below the superpoints are walked, 0 to 2.
  package var depth = 2

  /// A tree for clouds of a working voxel, metres.
  package init(voxel: Float) { self.voxel = voxel }

  /// The hypotheses whose trees were walked, by descending overlap, then by descending consensus and index.
  package func callAsFunction(source: Features, target: Features) -> [PatchHypothesis] {
    if source.count < 3 || target.count < 3 { return [] }
    let pyramids = PyramidPair(source: source, target: target, voxel: voxel)
    let coarse = pyramids.coarse(limit: effort.coarse)
    let judge = PatchConsensus(pyramids, voxel: voxel)
    let judged = Parallel.map(coarse.count, grain: 1) { judge(coarse[$0]) }
    let best = judged.compactMap(\.self).enumerated()
      .sorted { ($1.element.consensus, $0.offset) < ($0.element.consensus, $1.offset) }.prefix(effort.walked)
      .map(\.element)
    let walked = Parallel.map(best.count, grain: 1) { k -> PatchHypothesis in
      var hypothesis = best[k]
      hypothesis.overlap = TreeWalk(pyramids, hypothesis: hypothesis, voxel: voxel)(depth)
      return hypothesis
    }
    return walked.enumerated().sorted { ($1.element.overlap, $0.offset) < ($0.element.overlap, $1.offset) }
      .map(\.element)
  }
}

/// The walk of the two trees below one coarse match.
private struct TreeWalk {
  let source, target: KeypointPyramid
  let hypothesis: PatchHypothesis
  private let overlapScores: ConsensusOverlap

  init(_ pyramids: PyramidPair, hypothesis: PatchHypothesis, voxel: Float) {
    (source, target, self.hypothesis) = (pyramids.source, pyramids.target, hypothesis)
    overlapScores = ConsensusOverlap(source: source, target: target, hypothesis: hypothesis, voxel: voxel)
  }

  /// The overlap found down to a depth.
  func callAsFunction(_ depth: Int) -> Float {
    var nodes = [hypothesis.coarse]
    var (overlap, weight): (Float, Float) = (0, 1)
    for level in 1..<source.levels.count where level <= depth {
      weight /= 2
      var sum: Float = 0
      var next: [Correspondence] = []
      for node in nodes {
        let (a, b) = (source.children(of: node.source, at: level), target.children(of: node.target, at: level))
        let scores = overlapScores(a, b, level: level)
        sum += scores.sorted(by: >).prefix(source.width).reduce(0, +) / Float(source.width)
        next += bestPairs(scores, a, b)
      }
      if nodes.isEmpty { break }
      overlap += weight * sum / Float(nodes.count)
      // A pair that is reached from two parents is one node.
      var seen = Set<Correspondence>()
      nodes = Array(next.filter { seen.insert($0).inserted }.prefix(source.width))
    }
    return overlap
  }

  /// The pairs whose score is the best of row and column, in the order of the rows.
  private func bestPairs(_ scores: [Float], _ a: [Int32], _ b: [Int32]) -> [Correspondence] {
    let n = b.count
    return a.indices.compactMap { k in
      guard let l = (0..<n).max(by: { scores[k * n + $0] < scores[k * n + $1] }), scores[k * n + l] > 0,
        !a.indices.contains(where: { scores[$0 * n + l] > scores[k * n + l] })
      else { return nil }
      return Correspondence(source: a[k], target: b[l])
    }
  }
}
