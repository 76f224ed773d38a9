import Geometry
import PointClouds

/// How much of an object a scan shows, once its template is in place.
struct Sight: Sendable {
  /// The points in the box, in its frame.
  var inside: [SIMD3<Float>] = []
  /// How many points are in the box or hardly outside (5 % of its size and 5 cm).
  var pointsInBox = 0
  /// How many of these have a point of the template nearby.
  var explained = 0
  /// See ``TrackedBox/fitness``.
  var fitness = 0.0

  /// Counts which points explain each other; nearby means within the spacing of the points, at least 2.5 cells and at
  /// most half a metre.
  init(of template: ObjectTemplate, in scan: AlignedScan, at pose: PlanarPose) {
    let spacing = Float(min(0.5, max(template.spacing, scan.spacing)))
    let nearby = max(2.5 * template.cell, spacing)
    let limits = scan.halfExtents * 1.05 + 0.05
    for point in scan.points {
      let p = pose.inverse(Point3(point))
      guard Sight.contains(p, limits) else { continue }
      pointsInBox += 1
      if Sight.contains(p, scan.halfExtents) { inside.append(SIMD3<Float>(p)) }
      if template.tree.nearest(to: SIMD3<Float>(p), within: nearby) != nil { explained += 1 }
    }
    let lately = template.lately
    let met = lately.count {
      scan.tree.nearest(to: SIMD3<Float>(pose(Point3($0.position))), within: nearby) != nil
    }
    let ofScan = pointsInBox == 0 ? 0 : Double(explained) / Double(pointsInBox)
    let ofTemplate = lately.isEmpty ? 0 : Double(met) / Double(lately.count)
    fitness = max(ofScan, ofTemplate)
  }

  private static func contains(_ p: Point3, _ limits: Point3) -> Bool {
    abs(p.x) <= limits.x && abs(p.y) <= limits.y && abs(p.z) <= limits.z
  }
}
