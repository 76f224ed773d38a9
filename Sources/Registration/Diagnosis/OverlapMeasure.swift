import Geometry
import Parallelism
import PointClouds

/// Which points of one surface have a partner on another under a pose.
package struct OverlapMeasure: Sendable {
  /// Partners are closer than this, metres.
  let distance: Double

  /// What one direction of the comparison found.
  package struct Result: Sendable {
    /// Share of the moved points with a partner.
    var share = 0.0
    /// The partners' positions and normals and the plane distances of the pairs whose normals agree within 60 degrees.
    package var points: [Point3] = []
    var normals: [Point3] = []
    package var residuals: [Double] = []

    /// Nothing compared yet.
    package init() {}

    /// The root mean square, over the points, of the mean plane distance in their cube of an edge, metres: noise averages out
    /// in a cube, surfaces of different things do not. Cubes of fewer than 8 points do not count; 0 where there are no others.
    package func deviation(edge: Double) -> Double {
      var places: [SIMD3<Double>: Int] = [:]
      var cubes: [(sum: Double, count: Double)] = []
      for (point, residual) in zip(points, residuals) {
        let key = (point / edge).rounded(.down)
        let place = places[key] ?? cubes.count
        if place == cubes.count {
          places[key] = place
          cubes.append((0, 0))
        }
        cubes[place].sum += residual
        cubes[place].count += 1
      }
      let full = cubes.filter { $0.count >= 8 }
      let count = full.reduce(0) { $0 + $1.count }
      return count > 0 ? (full.reduce(0) { $0 + $1.sum * $1.sum / $1.count } / count).squareRoot() : 0
    }
  }

  /// Compares the points of `moved` under `pose` with the reference.
  func callAsFunction(_ moved: PreparedCloud.Surface, on reference: ReferenceSurface, _ pose: RigidTransform) -> Result
  {
    let rotation = pose.rotation.matrix
    let partners = Parallel.map(moved.positions.count, grain: 256) { i -> Neighbor? in
      reference.tree.nearest(to: SIMD3<Float>(pose(Point3(moved.positions[i]))), within: Float(distance))
    }
    var result = Result()
    var found = 0
    for (i, partner) in partners.enumerated() {
      guard let partner else { continue }
      found += 1
      let j = Int(partner.index)
      let (q, m) = (Point3(reference.positions[j]), Point3(reference.normals[j]))
      guard (rotation * Point3(moved.normals[i])).dot(m) > 0.5 else { continue }
      result.points.append(q)
      result.normals.append(m)
      result.residuals.append((pose(Point3(moved.positions[i])) - q).dot(m))
    }
    result.share = Double(found) / Double(max(moved.positions.count, 1))
    return result
  }
}
