import Geometry

/// How much of a surface lies on none of its largest planes.
///
/// Three planes fix a pose, and every bare corner of a room has three: where two scans show nothing else, the corner of
/// another room fits as well, and neither residuals nor free space can tell. The planes are found one after the other: that
/// of the evenly chosen point whose own plane holds most points, fitted anew to the points it holds.
package struct PlaneRemainder: Sendable {
  /// Points nearer to a plane than this lie on it, metres.
  let distance: Double
  /// How many planes are taken away.
  let planes: Int
  /// The least cosine between a point's normal and that of its plane; normals near edges lean.
  var alignment = 0.7
  /// How many evenly chosen points are looked at.
  var looked = 1000
  /// How many of them lend their own plane to try.
  var tried = 60

  /// A measure of what `planes` planes leave of a surface; points nearer to a plane than `distance`, metres, lie on it.
  package init(distance: Double, planes: Int) { (self.distance, self.planes) = (distance, planes) }

  /// The share, in [0, 1]; 1 where there are no points.
  /// - Parameters:
  ///   - points: the surface, relative to any origin.
  ///   - normals: their unit normals; either sign.
  package func callAsFunction(points: [Point3], normals: [Point3]) -> Double {
    let chosen = points.indices.evenlyChosen(looked).map { (points[$0], normals[$0]) }
    var left = chosen
    guard !left.isEmpty else { return 1 }
    for _ in 0..<planes where !left.isEmpty {
      let plane = largest(left)
      left.removeAll { plane.holds($0, self) }
    }
    return Double(left.count) / Double(chosen.count)
  }

  private struct Plane {
    var (point, normal): (Point3, Point3)

    func holds(_ p: (Point3, Point3), _ measure: PlaneRemainder) -> Bool {
      abs((p.0 - point).dot(normal)) < measure.distance && abs(p.1.dot(normal)) > measure.alignment
    }
  }

  /// The plane that holds most of the points; the first of equal ones.
  private func largest(_ points: [(Point3, Point3)]) -> Plane {
    var best = (plane: Plane(point: points[0].0, normal: points[0].1), held: 0)
    for (point, normal) in points.evenlyChosen(tried) {
      let plane = Plane(point: point, normal: normal)
      let held = points.reduce(0) { $0 + (plane.holds($1, self) ? 1 : 0) }
      if held > best.held { best = (plane, held) }
    }
    // A point's own normal is some degrees off, which tells far away.
    for _ in 0..<3 { best.plane = fitted(best.plane, points) }
    return best.plane
  }

  /// The plane of least squares through the points that a plane holds; the plane itself where these are few.
  private func fitted(_ plane: Plane, _ points: [(Point3, Point3)]) -> Plane {
    let held = points.filter { plane.holds($0, self) }.map(\.0)
    guard held.count >= 3 else { return plane }
    let mean = held.reduce(Point3.zero, +) / Double(held.count)
    var spread = Matrix3.zero
    for p in held { spread += Matrix3(outer: p - mean, p - mean) }
    return Plane(point: mean, normal: spread.symmetricEigen.vectors.x)
  }
}
