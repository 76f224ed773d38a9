import Geometry
import Parallelism

/// How far apart the points of a cloud are, and how large the cloud is; both robust against outliers.
public struct SpacingEstimate: Sendable {
  /// The median distance to the nearest other point, metres; zero when no two points differ.
  public let spacing: Float
  /// The percentile box (1 to 99 % on every axis).
  public let extent: RobustExtent

  /// Measures a cloud. Repeated points are passed over; at most `sample` points are asked for their nearest neighbour.
  ///
  /// Clouds above a million points are thinned by whole blocks, which leaves the spacing inside the blocks as it is.
  public init(_ positions: [SIMD3<Float>], sample: Int = 5_000) {
    let extent = RobustExtent(positions)
    self.extent = extent
    let n = positions.count
    guard n > 1, extent.diagonal > 0, extent.diagonal.isFinite else {
      spacing = 0
      return
    }
    let support = Self.thinned(positions, extent)
    // A surface of n points that fills the box has about this spacing; the search widens where it is larger.
    let edge = extent.diagonal / Float(max(2, support.count)).squareRoot()
    let grid = FixedRadiusGrid(support, cell: edge)
    let m = min(support.count, sample)
    let distances = Parallel.map(m, grain: 64) { k -> Float in
      let p = support[k * support.count / m]
      guard p.isFinite else { return 0 }
      var radius = edge
      for _ in 0..<12 {
        let (nearest, isComplete) = Self.nearest(p, radius, grid)
        if nearest < .infinity { return nearest.squareRoot() }
        if !isComplete { return 0 }
        radius *= 2
      }
      return 0
    }
    let found = distances.filter { $0 > 0 }.sorted()
    spacing = found.isEmpty ? 0 : found[found.count / 2]
  }

  /// The squared distance to the nearest point that differs. Gives up after twenty thousand points: sensors pile their
  /// failures up at one place.
  private static func nearest(_ p: SIMD3<Float>, _ radius: Float, _ grid: FixedRadiusGrid) -> (Float, Bool) {
    var (nearest, budget) = (Float.infinity, 20_000)
    grid.forEachRun(near: p, radius: radius) { range in
      for j in range.prefix(budget) {
        let d = (SIMD3(grid.xs[j], grid.ys[j], grid.zs[j]) - p).squaredLength
        if d > 0 && d < radius * radius && d < nearest { nearest = d }
      }
      budget -= min(budget, range.count)
    }
    return (nearest, budget > 0)
  }

  /// At most about a million points, taken by whole blocks.
  private static func thinned(_ positions: [SIMD3<Float>], _ extent: RobustExtent) -> [SIMD3<Float>] {
    let every = UInt64((positions.count + 999_999) / 1_000_000)
    if every <= 1 { return positions }
    let block = Double(extent.diagonal) / 64
    let kept = positions.filter { p in
      guard p.isFinite else { return false }
      let c = (Point3(p - extent.lower) / block).rounded(.down)
      let h = (c.x.bitPattern &* 0x9E37_79B9_7F4A_7C15) ^ (c.y.bitPattern &* 0xC2B2_AE3D_27D4_EB4F)
      return ((h ^ (c.z.bitPattern &* 0x1656_67B1_9E37_79F9)) >> 33) % every == 0
    }
    return kept.count < 1000 ? positions : kept
  }
}
