import Geometry

/// A direction to look in: an orthographic camera without position or zoom, which ``Canvas`` fits to the points.
struct View: Sendable {
  /// Unit axes of the picture in the cloud's coordinates: to the right, upwards, away from the eye.
  let right, up, forward: Point3

  /// Looks along a direction with another one upwards; they must not be parallel.
  init(forward: Point3, up: Point3) {
    let f = forward.normalized
    let r = f.cross(up).normalized
    (right, self.up, self.forward) = (r, r.cross(f), f)
  }

  /// The coordinates of a point in the picture: right, up, depth.
  func callAsFunction(_ p: Point3) -> Point3 { Point3(p.dot(right), p.dot(up), p.dot(forward)) }
}

/// An oblique view and a view from above that suit a scene.
///
/// A cloud that lies within a cone around its own origin was seen by a camera there, whose side shows the surfaces: the
/// oblique view looks from beside it. Any other cloud is seen from outside and above. Upwards is -y for a camera that
/// looks along +z (the convention of vision), else z.
struct SceneViews: Sendable {
  let oblique: View
  let top: View

  init(_ cloud: PointCloud) {
    let step = max(1, cloud.count / 20_000)
    let sample = stride(from: 0, to: cloud.count, by: step).map { cloud.position($0) }.filter(\.isFinite)
    let (up, gaze) = SceneViews.orientation(sample)
    if let gaze {
      let side = gaze.cross(up).normalized
      let level = up.cross(side).normalized
      oblique = View(forward: level * 0.86 - side * 0.38 - up * 0.34, up: up)
      top = View(forward: -up, up: level)
    } else {
      // The longer horizontal axis runs across the picture.
      let across = SceneViews.longAxis(sample, up)
      let away = up.cross(across).normalized
      oblique = View(forward: away * 0.72 - across * 0.32 - up * 0.62, up: up)
      top = View(forward: -up, up: away)
    }
  }

  /// The direction upwards, and that in which a camera at the origin looked, if one did.
  private static func orientation(_ sample: [Point3]) -> (up: Point3, gaze: Point3?) {
    let z = Point3(0, 0, 1)
    let directions = sample.map(\.normalized)
    let mean = directions.reduce(Point3.zero, +)
    let gaze = mean.normalized
    // 90 % within 50 degrees of the mean direction.
    let inside = directions.count { $0.dot(gaze) > 0.64 }
    guard !sample.isEmpty, Double(inside) > 0.9 * Double(sample.count) else { return (z, nil) }
    let isNear = closeness(sample)
    guard isNear else { return (z, nil) }
    let axes = [abs(gaze.x), abs(gaze.y), abs(gaze.z)]
    if axes[2] == axes.max()! { return gaze.z > 0 ? (Point3(0, -1, 0), gaze) : (Point3(0, 1, 0), gaze) }
    return (z, gaze)
  }

  /// Whether the origin is near enough to the points to be their sensor: not further than three times their extent.
  private static func closeness(_ sample: [Point3]) -> Bool {
    let box = BoundingBox(sample.prefix(20_000))
    return box.center.length < 1.5 * box.diagonal
  }

  private static func longAxis(_ sample: [Point3], _ up: Point3) -> Point3 {
    let mean = sample.reduce(Point3.zero, +) / Double(max(1, sample.count))
    var scatter = Matrix3.zero
    for p in sample {
      let d = p - mean
      let flat = d - up * d.dot(up)
      scatter += Matrix3(outer: flat, flat)
    }
    let axis = scatter.symmetricEigen.vectors.z
    let level = axis - up * axis.dot(up)
    return level.length > 0.1 ? level.normalized : Point3(1, 0, 0)
  }
}
