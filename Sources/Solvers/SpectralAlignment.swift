import Geometry
import Parallelism

/// Motions from the neighbourhoods of seeds in a consensus graph (SC²-PCR, Chen et al., CVPR 2022).
///
/// Around a seed s stand the correspondences with the largest supports `Sₛⱼ`. Among these alone the supports are counted
/// again and the best stay. The leading eigenvector of their soft agreement
/// `Mᵢⱼ = max(0, 1 - (|pᵢ - pⱼ| - |qᵢ - qⱼ|)²/δ²)` gives the weights of a ``RigidAlignment``.
///
/// Complexity: O(seeds x (N + outer²)).
public struct SpectralAlignment: Sendable {
  /// δ, the difference of lengths where agreement ends, metres.
  public var length: Float
  /// The most seeds: the correspondences with the largest summed support.
  public var seeds = 200
  /// Seeds keep this distance from better ones in the source, metres.
  public var spacing: Float = 0
  /// How many are taken around a seed, with it, before and after the supports are counted again.
  public var neighbors = (outer: 30, inner: 20)
  /// Steps of the power iteration.
  public var iterations = 20

  /// An alignment with its tolerance of lengths, metres, positive.
  public init(length: Float) { self.length = length }

  /// A seed with its neighbourhood and the motion that follows from it.
  public struct Result: Sendable {
    /// The correspondences, the seed first.
    public var members: [Int]
    /// Their weights, a unit vector, not negative.
    public var weights: [Double]
    /// The motion from source to target.
    public var transform: RigidTransform
  }

  /// The motions of the seeds, best seed first; seeds whose neighbourhood leaves the motion open are left out.
  /// - Parameters:
  ///   - graph: of the correspondences `source[i] ↦ target[i]`.
  ///   - source: metres, shape [count].
  ///   - target: metres, shape [count].
  public func callAsFunction(
    _ graph: ConsensusGraph, source: [SIMD3<Float>], target: [SIMD3<Float>]
  ) -> [Result] {
    precondition(source.count == graph.count && target.count == graph.count, "the points of the graph")
    let chosen = seeds(of: graph, source)
    return Parallel.map(chosen.count, grain: 4) { k -> Result? in
      let members = neighborhood(of: chosen[k], graph)
      guard members.count >= 3 else { return nil }
      let weights = leadingEigenvector(agreement(members, source, target), count: members.count)
      var alignment = RigidAlignment()
      for (m, w) in zip(members, weights) { alignment.add(Point3(source[m]), Point3(target[m]), weight: w) }
      return alignment.transform.map { Result(members: members, weights: weights, transform: $0) }
    }.compactMap { $0 }
  }

  private func seeds(of graph: ConsensusGraph, _ source: [SIMD3<Float>]) -> [Int] {
    var chosen: [Int] = []
    for i in graph.ranked() {
      if chosen.count >= seeds { break }
      if spacing > 0, chosen.contains(where: { (source[$0] - source[i]).squaredLength < spacing * spacing }) {
        continue
      }
      chosen.append(i)
    }
    return chosen
  }

  private func neighborhood(of seed: Int, _ graph: ConsensusGraph) -> [Int] {
    func best(_ candidates: [Int], _ scores: [Int], _ count: Int) -> [Int] {
      let order = candidates.indices.sorted {
        scores[$0] != scores[$1] ? scores[$0] > scores[$1] : candidates[$0] < candidates[$1]
      }
      return order.prefix(max(0, count - 1)).map { candidates[$0] }
    }
    let adjacent = graph.neighbors(of: seed)
    let outer = best(adjacent, adjacent.map { graph.support(seed, $0) }, neighbors.outer)
    let local = outer.map { i in outer.count { graph.hasEdge(i, $0) } }
    return [seed] + best(outer, local, neighbors.inner)
  }

  private func agreement(_ members: [Int], _ source: [SIMD3<Float>], _ target: [SIMD3<Float>]) -> [Double] {
    members.flatMap { i in
      members.map { j -> Double in
        let d = ((source[i] - source[j]).length - (target[i] - target[j]).length) / length
        return Double(max(0, 1 - d * d))
      }
    }
  }

  private func leadingEigenvector(_ matrix: [Double], count n: Int) -> [Double] {
    var x = [Double](repeating: 1 / Double(n).squareRoot(), count: n)
    for _ in 0..<iterations {
      let y = (0..<n).map { i in (0..<n).reduce(0) { $0 + matrix[i * n + $1] * x[$1] } }
      // The diagonal is 1, so y is not zero.
      let norm = y.reduce(0) { $0 + $1 * $1 }.squareRoot()
      x = y.map { $0 / norm }
    }
    return x
  }
}
