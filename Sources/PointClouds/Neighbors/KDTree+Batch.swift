import Parallelism

extension KDTree {
  /// The nearest point of each query within `radius` metres, ``Neighbor/none`` where there is none; uses all threads.
  public func nearest(to queries: [SIMD3<Float>], within radius: Float = .infinity) -> [Neighbor] {
    Parallel.map(queries.count) { self.nearest(to: queries[$0], within: radius) ?? .none }
  }

  /// The k nearest points of each query, shape [queries, k] row by row, ascending in each row and filled with
  /// ``Neighbor/none`` where there are fewer; uses all threads.
  public func neighbors(of queries: [SIMD3<Float>], count k: Int) -> [Neighbor] {
    let (n, k) = (queries.count, max(0, k))
    guard n > 0, k > 0 else { return [] }
    return [Neighbor](unsafeUninitializedCapacity: n * k) { buffer, initialized in
      let out = UncheckedPointer(buffer.baseAddress)
      Parallel.forEachChunk(n) { range in
        for i in range { self.neighbors(of: queries[i], count: k, into: out.base! + i * k) }
      }
      initialized = n * k
    }
  }
}
