import Geometry
import PointClouds

/// The points of a scan near the predicted box, in its frame, ready to be searched.
struct AlignedScan: Sendable {
  let points: [SIMD3<Float>]
  let tree: KDTree
  /// Half the size of the box, metres.
  let halfExtents: Point3
  /// How far the points near the box lie apart, metres: the median distance to the third neighbour; 0.5 where there are
  /// fewer.
  let spacing: Double

  init(_ points: [SIMD3<Float>], size: Point3) {
    self.points = points
    let tree = KDTree(points)
    self.tree = tree
    halfExtents = size / 2
    let (x, y) = (Float(halfExtents.x) + 0.5, Float(halfExtents.y) + 0.5)
    let distances = points.compactMap { p -> Float? in
      guard abs(p.x) < x, abs(p.y) < y else { return nil }
      let near = tree.neighbors(of: p, count: 4)
      return near.count > 3 ? near[3].squaredDistance : nil
    }.sorted()
    spacing = distances.isEmpty ? 0.5 : Double(distances[distances.count / 2]).squareRoot()
  }
}
