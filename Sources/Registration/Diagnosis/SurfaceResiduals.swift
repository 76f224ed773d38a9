import Geometry
import Parallelism
import PointClouds

/// How far moved points lie from the surface of a target cloud.
///
/// The surface near a point p is the least-squares plane of the 12 target points nearest to p, and the residual is p's
/// distance to that plane, metres: unlike the distance to the nearest point it does not grow with the spacing of the
/// target. Where the 12 points span no plane (their second extent is below a fifth of the first, as on one scan line)
/// it is the distance to the nearest point. A point further than the reach from every target point has none: there the
/// target shows no surface.
package struct SurfaceResiduals: Sendable {
  /// Largest distance to the nearest target point, metres.
  package let reach: Double
  /// Target points that are searched at most, evenly strided.
  private static let searched = 150_000
  private static let neighbors = 12

  /// A measure with its reach, metres.
  package init(reach: Double) { self.reach = reach }

  /// The residual of every point, nil where there is no surface within reach; points in the target's true coordinates.
  package func callAsFunction(_ points: [Point3], on target: PointCloud) -> [Double?] {
    let step = max(1, (target.count + Self.searched - 1) / Self.searched)
    let positions = stride(from: 0, to: target.count, by: step).map { target.positions[$0] }
    let tree = KDTree(positions)
    let reachSquared = reach * reach
    return Parallel.map(points.count) { i -> Double? in
      let p = points[i] - target.origin
      guard p.isFinite, reach > 0 else { return nil }
      let near = tree.neighbors(of: SIMD3<Float>(p), count: Self.neighbors).map { Point3(positions[Int($0.index)]) }
      guard let first = near.first else { return nil }
      let nearest = (p - first).squaredLength
      guard nearest <= reachSquared else { return nil }
      return plane(near).map { abs((p - $0.point).dot($0.normal)) } ?? nearest.squareRoot()
    }
  }

  /// The least-squares plane of points, unless they lie along a line or coincide.
  private func plane(_ points: [Point3]) -> (point: Point3, normal: Point3)? {
    guard points.count >= 3 else { return nil }
    let center = points.reduce(Point3.zero, +) / Double(points.count)
    var scatter = Matrix3.zero
    for p in points { scatter += Matrix3(outer: p - center, p - center) }
    let eigen = scatter.symmetricEigen
    // Ascending; extents are the square roots.
    guard eigen.values.z > 0, eigen.values.y > 0.04 * eigen.values.z else { return nil }
    return (center, eigen.vectors.x)
  }
}
