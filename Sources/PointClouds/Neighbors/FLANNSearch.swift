/// FLANN's kd-tree as a search among 3-D points. ``KDTree`` is faster; this one is an independent check.
public struct FLANNSearch: NeighborSearch {
  private let index: FLANNIndex

  /// Indexes the given points, in metres.
  public init(_ positions: [SIMD3<Float>]) throws {
    index = try FLANNIndex(rows: positions.flatMap { [$0.x, $0.y, $0.z] }, dimension: 3)
  }

  public var count: Int { index.count }

  public func nearest(to query: SIMD3<Float>, within radius: Float) -> Neighbor? {
    guard let bound = squaredBound(radius) else { return nil }
    return neighbors(of: query, count: 1).first { $0.squaredDistance <= bound }
  }

  public func neighbors(of query: SIMD3<Float>, count k: Int) -> [Neighbor] {
    index.neighbors(of: [query.x, query.y, query.z], count: min(k, count))
      .filter { $0.index >= 0 }.sorted { $0.precedes($1) }
  }

  public func neighbors(of query: SIMD3<Float>, within radius: Float) -> [Neighbor] {
    index.neighbors(of: [query.x, query.y, query.z], within: radius)
  }
}
