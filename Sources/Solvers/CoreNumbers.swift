/// The core numbers of a consensus graph: vertex i has the number k when it belongs to a subgraph where everyone has at
/// least k neighbours, and to none where everyone has k + 1.
///
/// Correspondences of one motion agree with each other, so they sit in the core of the highest number, which costs far
/// less than a largest clique (Shi et al., ROBIN, ICRA 2021).
///
/// Vertices are peeled in the order of their remaining degree, kept in bins (Batagelj and Zaveršnik 2003).
/// Complexity: O(N + edges).
public struct CoreNumbers: Sendable {
  /// The core number of every vertex, shape [count].
  public let values: [Int]

  /// The core numbers of a graph.
  public init(_ graph: ConsensusGraph) {
    let neighbors = (0..<graph.count).map { graph.neighbors(of: $0) }
    var degree = neighbors.map(\.count)
    // Vertices by degree; starts[d] is where those of degree d begin.
    var starts = [Int](repeating: 0, count: (degree.max() ?? 0) + 2)
    for d in degree { starts[d + 1] += 1 }
    for d in 1..<starts.count { starts[d] += starts[d - 1] }
    var (order, position, next) = (degree, degree, starts)
    for v in degree.indices {
      position[v] = next[degree[v]]
      order[position[v]] = v
      next[degree[v]] += 1
    }
    for k in order.indices {
      let v = order[k]
      for u in neighbors[v] where degree[u] > degree[v] {
        // u changes places with the first of its bin, and the bin shrinks from the front.
        let (first, at) = (starts[degree[u]], position[u])
        let w = order[first]
        order.swapAt(first, at)
        (position[u], position[w]) = (first, at)
        starts[degree[u]] += 1
        degree[u] -= 1
      }
    }
    values = degree
  }

  /// The highest core number; 0 for a graph without edges.
  public var highest: Int { values.max() ?? 0 }

  /// The vertices whose core number is at least k, ascending.
  public func core(_ k: Int) -> [Int] { values.indices.filter { values[$0] >= k } }

  /// The innermost core: the vertices with the highest number; empty for a graph without edges.
  public var innermost: [Int] { highest > 0 ? core(highest) : [] }
}
