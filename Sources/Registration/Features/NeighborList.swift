/// The neighbours of one point, ascending in the sorted order: reused from point to point.
struct NeighborList {
  private(set) var points: [Int32] = []
  private(set) var squaredDistances: [Float] = []

  var count: Int { points.count }

  /// Takes the points closer than `radius` to the sorted point k, which itself and its duplicates are left out of.
  mutating func collect(around q: SIMD3<Float>, radius: Float, in points: OrientedPoints) {
    self.points.removeAll(keepingCapacity: true)
    squaredDistances.removeAll(keepingCapacity: true)
    let tiny = radius * radius * 1e-12
    points.grid.forEachNeighbor(of: q, radius: radius) { j, d in
      if d > tiny {
        self.points.append(Int32(truncatingIfNeeded: j))
        squaredDistances.append(d)
      }
    }
  }
}
