/// FLANN's kd-tree as a search among 3-D points. ``KDTree`` is faster; this one is an independent check.
public struct FLANNSearch: NeighborSearch {
  private let index: FLANNIndex

  /// Indexes the given points, in metres.
  public init(_ positions: [SIMD3<Float>]) throws {
    index = try FLANNIndex(rows: positions.flatMap { [$0.x, $0.y, $0.z] }, dimension: 3)
  }

  /// The number of points.
  public var count: Int { index.count }

  /// The nearest point whose distance is at most `radius` metres; nil where there is none.
  public func nearest(to query: SIMD3<Float>, within radius: Float) -> Neighbor? {
    guard let bound = squaredBound(radius) else { return nil }
    return neighbors(of: query, count: 1).first { $0.squaredDistance <= bound }
  }

  /// The k nearest points, ascending; fewer where there are fewer.
  public func neighbors(of query: SIMD3<Float>, count k: Int) -> [Neighbor] {
    index.neighbors(of: [query.x, query.y, query.z], count: min(k, count))
      .filter { $0.index >= 0 }.sorted { $0.precedes($1) }
  }

  /// All points whose distance is at most `radius` metres, ascending.
  public func neighbors(of query: SIMD3<Float>, within radius: Float) -> [Neighbor] {
    index.neighbors(of: [query.x, query.y, query.z], within: radius)
  }
}
