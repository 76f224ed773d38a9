import Geometry
import Parallelism
import Solvers

/// Walks the two trees below every coarse match in step, breadth first: all node pairs of a level are one batch of transport
/// problems, whose plans say which pairs of children are the nodes of the next.
struct TransportWalk: Sendable {
  let pyramids: PyramidPair
  let background: BackgroundDistance
  let settings: TransportTree.Settings
  var solver = LogSinkhorn()

  /// A pair of nodes below a coarse match.
  private struct Node: Sendable {
    let match: Int
    let pair: Correspondence
  }

  /// S⁽ˡ⁾ of every coarse match for every level from 1: the mean distance of its node pairs; nil where it has none.
  /// - Parameter overlap: the scores that speak for a coarse match; nil where nothing in its surroundings agrees.
  func callAsFunction(_ coarse: [Correspondence], overlap: [(any OverlapScores)?]) -> [[Float?]] {
    var front = coarse.indices.map { Node(match: $0, pair: coarse[$0]) }
    var levels: [[Float?]] = []
    for level in 1..<pyramids.source.levels.count where level <= settings.depth {
      let (distances, children) = compare(front, level, overlap)
      var sums = [(sum: Float, count: Int)](repeating: (0, 0), count: coarse.count)
      for (node, distance) in zip(front, distances) {
        sums[node.match].sum += distance
        sums[node.match].count += 1
      }
      levels.append(sums.map { $0.count > 0 ? $0.sum / Float($0.count) : nil })
      front = next(front, children)
    }
    return levels
  }

  private typealias Child = (pair: Correspondence, mass: Float)

  /// The distance of every node pair, and the pairs of children that its plan keeps.
  private func compare(
    _ nodes: [Node], _ level: Int, _ overlap: [(any OverlapScores)?]
  ) -> (distances: [Float], children: [[Child]]) {
    let node = NodeTransport(settings)
    let problems = Parallel.map(nodes.count, grain: 4) { k in
      problem(nodes[k].pair, level, overlap[nodes[k].match], node)
    }
    let solvable = problems.indices.filter { problems[$0].transport != nil }
    let solved = solver(solvable.compactMap { problems[$0].transport })
    var plans = [TransportPlan?](repeating: nil, count: nodes.count)
    for (k, plan) in zip(solvable, solved) { plans[k] = plan }
    let plansFound = plans
    let children = Parallel.map(nodes.count, grain: 16) { k in
      plansFound[k].map { node.nodes($0, of: problems[k]) } ?? []
    }
    return (plans.map(node.distance), children)
  }

  private func problem(
    _ pair: Correspondence, _ level: Int, _ overlap: (any OverlapScores)?, _ node: NodeTransport
  ) -> NodeTransport.Problem {
    let a = pyramids.source.children(of: pair.source, at: level)
    let b = pyramids.target.children(of: pair.target, at: level)
    let s = overlap?(a, b, level: level) ?? [Float](repeating: 0, count: a.count * b.count)
    let contrast = settings.affinity.contrast
    let affinity: [Float] =
      switch settings.affinity {
      case .overlap: s.map { contrast * $0 }
      case .descriptors: a.flatMap { i in b.map { contrast * background.affinity(pyramids.distances[i, $0]) } }
      }
    return node.problem(a, b, overlap: s, affinity: affinity)
  }

  /// The nodes of the next level, match by match: those with most mass. A pair that is reached from two parents is one node.
  private func next(_ front: [Node], _ children: [[Child]]) -> [Node] {
    var found: [[Child]] = []
    for (node, own) in zip(front, children) {
      while found.count <= node.match { found.append([]) }
      found[node.match] += own
    }
    return found.enumerated().flatMap { match, children in
      var seen = Set<Correspondence>()
      let order = children.indices.sorted { (children[$1].mass, $0) < (children[$0].mass, $1) }
      return order.map { children[$0].pair }.filter { seen.insert($0).inserted }.prefix(settings.nodeLimit)
        .map { Node(match: match, pair: $0) }
    }
  }
}
