import Geometry
import Parallelism

/// Keeps the coarse matches whose surroundings look alike on every scale, and proposes poses from them: the walk of
/// *Hierarchical Sinkhorn Tree* (NeurIPS 2024) as the paper has it, without its network.
///
/// 1. Coarse matches of superpoints (``CoarseMatcher``).
/// 2. Two trees of 16 children per node below each, walked in step (``TransportWalk``): overlap scores s, dynamic top-k filter
///    (``TopKFilter``), marginals that follow the overlap (``OverlapMarginals``), Sinkhorn distance with a dustbin
///    (``NodeTransport``); the mutual largest entries of the plan are the next nodes, all else is pruned.
/// 3. The weighted mean of the distances (``MultiScaleConsistency``) drops the least consistent matches.
/// 4. The others are matched keypoint by keypoint (``FineMatcher``), and each proposes a pose
///    (``LocalToGlobalRegistration``).
package struct TransportTree: Sendable {
  /// Edge of the working voxel, metres.
  let voxel: Float
  /// The parts that are used.
  package var settings: Settings
  /// The matcher of the coarse matches that stay.
  package var fine = FineMatcher()

  /// A tree for clouds of a working voxel, metres.
  package init(voxel: Float, settings: Settings = Settings()) {
    self.voxel = voxel
    self.settings = settings
  }

  /// What the tree found.
  package struct Result: Sendable {
    /// The putative set, best descriptor score first; keypoint indices.
    package var coarse: [Correspondence] = []
    /// MSC of every coarse match, small is consistent; empty at depth 0.
    package var consistency: [Float] = []
    /// The coarse matches that stayed, most consistent first, by their place in the putative set.
    package var kept: [Int] = []
    /// The keypoints matched inside each of them.
    package var fine: [PatchMatches] = []
    /// The poses that they propose, by how many fine matches agree; the best stands first once more, refitted.
    package var poses: [RigidTransform] = []
    /// For every pose the place of its patch in `kept`; the refitted one has that of the patch it came from.
    package var patches: [Int] = []
  }

  /// The coarse matches of two described clouds, judged, and the poses of those that stay.
  package func callAsFunction(source: Features, target: Features) -> Result {
    var result = Result()
    if source.count < 3 || target.count < 3 { return result }
    let pyramids = PyramidPair(source: source, target: target, voxel: voxel)
    result.coarse = pyramids.coarse(limit: settings.coarse)
    if settings.depth > 0 {
      let background = BackgroundDistance(source: source, target: target)
      let walk = TransportWalk(pyramids: pyramids, background: background, settings: settings)
      let levels = walk(result.coarse, overlap: overlap(result.coarse, pyramids, background))
      let consistency = MultiScaleConsistency(levels: levels)
      result.consistency = consistency.values
      result.kept = consistency.kept(share: settings.keptShare, least: settings.keptLeast)
    } else {
      result.kept = Array(result.coarse.indices)
    }
    propose(&result, pyramids)
    return result
  }

  /// What speaks for the overlap below every coarse match.
  private func overlap(
    _ coarse: [Correspondence], _ pyramids: PyramidPair, _ background: BackgroundDistance
  ) -> [(any OverlapScores)?] {
    let (source, target) = (pyramids.source, pyramids.target)
    switch settings.overlap {
    case .descriptors:
      let scores = DescriptorOverlap(distances: pyramids.distances, background: background)
      return coarse.map { _ in scores }
    case .consensus:
      let judge = PatchConsensus(pyramids, voxel: voxel)
      return Parallel.map(coarse.count, grain: 1) { k in
        judge(coarse[k]).map { ConsensusOverlap(source: source, target: target, hypothesis: $0, voxel: voxel) }
      }
    }
  }

  /// Fine matches of the coarse ones that stay, and their poses.
  private func propose(_ result: inout Result, _ pyramids: PyramidPair) {
    let (source, target) = (pyramids.source, pyramids.target)
    let superpoints = (source: source.levels[0].indices, target: target.levels[0].indices)
    func places(_ indices: [Int32]) -> [Int32: Int32] {
      Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($1, Int32(truncatingIfNeeded: $0)) })
    }
    let (rows, columns) = (places(superpoints.source), places(superpoints.target))
    let kept = result.kept.map { result.coarse[$0] }
    result.fine = fine(
      source: source.features, target: target.features, superpoints: superpoints,
      coarse: kept.compactMap { c in
        guard let row = rows[c.source], let column = columns[c.target] else { return nil }
        return Correspondence(source: row, target: column)
      })
    let global = LocalToGlobalRegistration(radius: Double(2 * voxel))(
      result.fine, source: source.features.keypoints, target: target.features.keypoints)
    var poses = global.hypotheses.map { (pose: $0.transform, patch: $0.patch) }
    if let refitted = global.transform { poses.insert((refitted, poses.first?.patch ?? 0), at: 0) }
    result.poses = poses.prefix(settings.poses).map(\.pose)
    result.patches = poses.prefix(settings.poses).map(\.patch)
  }
}
