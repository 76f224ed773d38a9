import Geometry
import Solvers

/// The transport between the children of two nodes: which of them take part, how much mass they have, what a plan costs, and
/// which pairs are walked on.
///
/// The overlap-aware Sinkhorn distance is the cost of the best plan between the children that the filter leaves, dustbin
/// included (HST, Eq. 6):
///
///     D = min_{T ∈ U(μ, ν)} Σ Cᵢⱼ Tᵢⱼ,    C = -S padded by -z
///
/// Transport has the weight ε = 1 of the entropy. The plain distance takes all children, the same mass for each, no bin.
package struct NodeTransport: Sendable {
  /// What is computed.
  package var settings: TransportTree.Settings

  /// The transport with its settings.
  package init(_ settings: TransportTree.Settings) { self.settings = settings }

  /// The problem between the children that take part.
  package struct Problem: Sendable {
    /// The children of either side that take part, keypoint indices.
    package let rows, columns: [Int32]
    /// What is to be solved, the dustbin last; nil where no child of the one overlaps one of the other.
    package let transport: TransportProblem?
  }

  /// The problem between the children a and b of two nodes.
  /// - Parameters:
  ///   - overlap: s, row-major, shape [a, b].
  ///   - affinity: S, the same shape.
  package func problem(_ a: [Int32], _ b: [Int32], overlap: [Float], affinity: [Float]) -> Problem {
    precondition(overlap.count == a.count * b.count && affinity.count == overlap.count)
    let all = (rows: Array(a.indices), columns: Array(b.indices))
    let isPlain = settings.distance == .plain
    let kept =
      settings.filters && !isPlain ? TopKFilter(candidates: settings.candidates)(overlap, columns: b.count) : all
    func part(_ values: [Float]) -> [Float] { kept.rows.flatMap { i in kept.columns.map { values[i * b.count + $0] } } }
    let marginals = marginals(part(overlap), rows: kept.rows.count, columns: kept.columns.count)
    let transport = marginals.map { marginals in
      let inner = TransportProblem(
        rows: kept.rows.count, columns: kept.columns.count, scores: part(affinity), rowMarginals: marginals.rows,
        columnMarginals: marginals.columns)
      return isPlain ? inner : inner.addingDustbin(score: settings.affinity.dustbin)
    }
    return Problem(rows: kept.rows.map { a[$0] }, columns: kept.columns.map { b[$0] }, transport: transport)
  }

  /// The mass of every child; nil where there is none.
  private func marginals(_ overlap: [Float], rows: Int, columns: Int) -> OverlapMarginals? {
    if overlap.isEmpty { return nil }
    let followsOverlap = settings.weighsByOverlap && settings.distance == .overlapAware
    return followsOverlap
      ? OverlapMarginals(overlap, columns: columns) : OverlapMarginals(rows: rows, columns: columns)
  }

  /// D of a solved problem; of one that has no overlap, what it costs to send all mass to the bin.
  package func distance(_ plan: TransportPlan?) -> Float { plan?.cost ?? -settings.affinity.dustbin }

  /// The pairs of children that are walked on: the mutual k largest entries of the plan without its bin, largest first.
  package func nodes(_ plan: TransportPlan, of problem: Problem) -> [(pair: Correspondence, mass: Float)] {
    let stride = problem.columns.count + (settings.distance == .plain ? 0 : 1)
    return MutualEntries(count: settings.mutual)(rows: problem.rows.count, columns: problem.columns.count) {
      plan.plan[$0 * stride + $1]
    }
    .map { (Correspondence(source: problem.rows[$0.row], target: problem.columns[$0.column]), $0.weight) }
    .sorted { ($1.mass, $0.pair.source, $0.pair.target) < ($0.mass, $1.pair.source, $1.pair.target) }
  }
}
