/// Neighbour search that looks at every point: O(n) per query, no preparation. The oracle of the other searches.
public struct BruteForceSearch: NeighborSearch {
  private let positions: [SIMD3<Float>]

  /// Searches the given points.
  public init(_ positions: [SIMD3<Float>]) { self.positions = positions }

  public var count: Int { positions.count }

  public func nearest(to query: SIMD3<Float>, within radius: Float) -> Neighbor? {
    found(query, within: radius).min { $0.precedes($1) }
  }

  public func neighbors(of query: SIMD3<Float>, count k: Int) -> [Neighbor] {
    Array(neighbors(of: query, within: .infinity).prefix(max(0, k)))
  }

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
