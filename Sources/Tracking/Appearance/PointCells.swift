/// Cubic cells that thin points out.
enum PointCells {
  /// The first point of every occupied cell, in order; cells grow until no more than `limit` points are left.
  static func thinned(_ points: [SIMD3<Float>], cell: Double, limit: Int) -> [SIMD3<Float>] {
    var edge = Float(cell)
    var kept = points
    repeat {
      var seen = Set<SIMD3<Int32>>(minimumCapacity: kept.count)
      kept = kept.filter { seen.insert(PointCells.cell(of: $0, edge: edge)).inserted }
      edge *= 1.25
    } while kept.count > max(1, limit)
    return kept
  }

  /// The cell of a point; points farther away than 10⁹ cells share the outermost ones.
  static func cell(of p: SIMD3<Float>, edge: Float) -> SIMD3<Int32> {
    let scaled = (p / edge).rounded(.down)
    return SIMD3<Int32>(scaled.clamped(lowerBound: SIMD3(repeating: -1e9), upperBound: SIMD3(repeating: 1e9)))
  }
}
