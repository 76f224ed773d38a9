import Geometry
import Registration

/// In how many pairs a right pose is among the first K distinct hypotheses of an order.
struct HypothesisTally {
  /// The values of K.
  static let depths = [1, 2, 4, 8, 16, 32]
  private var pairs = 0
  private var hits = [Int](repeating: 0, count: depths.count)
  private var poses = 0

  /// Counts a pair.
  mutating func add(_ ordered: [RigidTransform], _ truth: PairTruth, _ probe: HypothesisProbe) {
    let refined = probe.refined(ordered, limit: HypothesisTally.depths.last ?? 1)
    let first = refined.firstIndex { truth.isRight(local: $0) }
    pairs += 1
    poses += refined.count
    for (k, depth) in HypothesisTally.depths.enumerated() {
      if let first, first < depth { hits[k] += 1 }
    }
  }

  /// The heads of the columns.
  static let columns = depths.map { "K = \($0)" } + ["distinct poses"]
  /// The shares, percent, and the mean number of distinct poses.
  var row: [String] {
    let n = Double(max(pairs, 1))
    return hits.map { (100 * Double($0) / n).digits(1) } + [(Double(poses) / n).digits(1)]
  }

  /// The orders of one pair, by name.
  static func orders(
    _ probe: HypothesisProbe, coarse: [Correspondence], evidence: [(name: String, evidence: TreeEvidence)]
  ) -> [(name: String, poses: [RigidTransform])] {
    let (patches, places) = TreeEvidence.patches(probe, coarse)
    let byCoarse = patches.indices.sorted { (places[$0], $0) < (places[$1], $1) }
    let byConsensus = patches.indices.sorted { (patches[$1].consensus, $0) < (patches[$0].consensus, $1) }
    var orders = [
      ("cliques over all matches, by matches", probe.cliquePoses),
      ("patch poses by coarse score", byCoarse.map { patches[$0].pose }),
      ("patch poses by consensus (depth 0)", byConsensus.map { patches[$0].pose }),
      ("patch poses by the overlap of the consensus tree", patches.map(\.pose)),
    ]
    for (name, evidence) in evidence {
      orders.append(("\(name), by fine matches", evidence.poses))
      orders.append(("\(name), by consistency", evidence.posesByConsistency))
    }
    return orders.map { (name: $0.0, poses: $0.1) }
  }
}
