/// Neighbour search that looks at every point: O(n) per query, no preparation. The oracle of the other searches.
public struct BruteForceSearch: NeighborSearch {
  private let positions: [SIMD3<Float>]

  /// Searches the given points.
  public init(_ positions: [SIMD3<Float>]) { self.positions = positions }

  /// The number of points.
  public var count: Int { positions.count }

  /// The nearest point whose distance is at most `radius` metres; nil where there is none.
  public func nearest(to query: SIMD3<Float>, within radius: Float) -> Neighbor? {
    found(query, within: radius).min { $0.precedes($1) }
  }

  /// The k nearest points, ascending; fewer where there are fewer.
  public func neighbors(of query: SIMD3<Float>, count k: Int) -> [Neighbor] {
    Array(neighbors(of: query, within: .infinity).prefix(max(0, k)))
  }

  /// All points whose distance is at most `radius` metres, ascending.
  public func neighbors(of query: SIMD3<Float>, within radius: Float) -> [Neighbor] {
    found(query, within: radius).sorted { $0.precedes($1) }
  }

  private func found(_ query: SIMD3<Float>, within radius: Float) -> [Neighbor] {
    guard let bound = squaredBound(radius) else { return [] }
    var list: [Neighbor] = []
    for (i, p) in positions.enumerated() {
      let d = p - query
      let squared = d.x * d.x + d.y * d.y + d.z * d.z
      if squared <= bound { list.append(Neighbor(index: Int32(i), squaredDistance: squared)) }
    }
    return list
  }
}
