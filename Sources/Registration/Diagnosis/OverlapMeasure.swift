import Geometry
import Parallelism
import PointClouds

/// Which points of one surface have a partner on another under a pose.
struct OverlapMeasure: Sendable {
  /// Partners are closer than this, metres.
  let distance: Double

  /// What one direction of the comparison found.
  struct Result: Sendable {
    /// Share of the moved points with a partner.
    var share = 0.0
    /// The partners' positions and normals and the plane distances of the pairs whose normals agree within 60 degrees.
    var points: [Point3] = []
    var normals: [Point3] = []
    var residuals: [Double] = []
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
