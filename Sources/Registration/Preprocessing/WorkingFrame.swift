import Geometry
import PointClouds

/// A cloud moved to coordinates near zero and freed of points that lie absurdly far away: what the pipeline computes on.
///
/// Single-precision positions keep their resolution only near the origin, and one stray return at 1e9 m would decide
/// every extent; so positions are taken relative to a rounded median, and points further than 20 robust diagonals from it
/// are left out and counted.
struct WorkingFrame: Sendable {
  /// Positions relative to ``origin``; finite.
  let cloud: PointCloud
  /// The diagonal of the box that holds the middle 99 % of the points along each axis, metres.
  let extent: Double
  /// Points left out because they lie more than 20 extents away.
  var outlierCount: Int

  /// Moves a cloud to its working frame.
  /// - Throws: when fewer than three points remain, or when they coincide or lie on a line.
  init(_ original: PointCloud, name: String) throws(RegistrationError) {
    guard original.count >= 3 else {
      throw RegistrationError("\(name): \(original.count) points, at least 3 are needed to fix a pose")
    }
    let box = WorkingFrame.robustBox(original)
    let center = box.center + original.origin
    // A multiple of a round length, so that a cloud shifted by whole metres has the same working positions.
    var unit = 1.0
    let size = box.diagonal
    while unit > size, unit > 1e-30 { unit /= 2 }
    let origin = size > 0 ? (center / unit).rounded(.toNearestOrEven) * unit : center
    let reach = 20 * (size > 0 ? size : 1)
    let kept = original.positions.indices.filter { i in
      let p = original.positions[i]
      return p.isFinite && (Point3(p) - box.center).length <= reach
    }
    func near<Value>(_ values: [Value]) -> [Value] { kept.count == original.count ? values : kept.map { values[$0] } }
    // Normals are estimated afresh.
    cloud = PointCloud(
      positions: near(original.positions), origin: original.origin, intensities: original.intensities.map(near),
      colors: original.colors.map(near), sensorPosition: original.sensorPosition
    )
    .rebased(to: origin)
    extent = size
    outlierCount = original.count - kept.count
    try WorkingFrame.checkShape(cloud, name: name)
  }

  /// The box between the 0.5 and 99.5 percentiles along each axis; the full box when that one is a point.
  private static func robustBox(_ cloud: PointCloud) -> BoundingBox {
    let robust = RobustExtent(cloud.positions, share: 0.005, sample: 20_000)
    if robust.diagonal > 0 { return BoundingBox([Point3(robust.lower), Point3(robust.upper)]) }
    var full = BoundingBox()
    for p in cloud.positions where p.isFinite { full.insert(Point3(p)) }
    return full
  }

  /// Refuses clouds that cannot fix a pose whatever the other cloud is.
  private static func checkShape(_ cloud: PointCloud, name: String) throws(RegistrationError) {
    let step = max(1, cloud.count / 100_000)
    var (mean, n) = (Point3.zero, 0.0)
    for i in stride(from: 0, to: cloud.count, by: step) {
      mean += Point3(cloud.positions[i])
      n += 1
    }
    guard n >= 3 else { throw RegistrationError("\(name): \(Int(n)) usable points, at least 3 are needed") }
    mean /= n
    var covariance = Matrix3.zero
    for i in stride(from: 0, to: cloud.count, by: step) {
      let d = Point3(cloud.positions[i]) - mean
      covariance += Matrix3(outer: d, d)
    }
    let values = (covariance * (1 / n)).symmetricEigen.values
    let magnitude = max(mean.length, values.z.squareRoot())
    // Single precision resolves 1e-7 of the magnitude: anything thinner is rounding.
    if values.z.squareRoot() <= 1e-6 * magnitude || values.z == 0 {
      throw RegistrationError("\(name): all points coincide, there is no shape to register")
    }
    if values.y <= 1e-9 * values.z {
      throw RegistrationError("\(name): the points lie on a line, which leaves the pose open; add points off the line")
    }
  }
}
