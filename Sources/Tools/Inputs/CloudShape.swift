import Geometry
import PointClouds

/// The measurable shape of a cloud: box, spacing, repeated points, degenerate axes.
struct CloudShape: Sendable {
  /// What the points span.
  enum Form: String, Sendable {
    case empty, point, line, plane, spatial

    /// The form in words.
    var text: String {
      switch self {
      case .empty: "no points"
      case .point: "all points coincide: nothing to register"
      case .line: "the points lie on a line: nothing to register"
      case .plane: "the points lie in a plane: a registration leaves 3 directions free"
      case .spatial: "spans three dimensions"
      }
    }
  }

  /// The unit that sizes and spacings suggest.
  enum UnitGuess: String, Sendable {
    case metres, millimetres, unknown

    /// The guess in words.
    var text: String {
      switch self {
      case .metres: "metres, by size and spacing"
      case .millimetres: "perhaps millimetres: large against the usual metres (nothing is rescaled)"
      case .unknown: "unclear: small for metres, an object or normalised (nothing is rescaled)"
      }
    }
  }

  let box: BoundingBox
  let robustSize: Point3
  let spacing: Double
  let duplicates: Int
  let form: Form
  /// Unit axes along which the cloud has no extent.
  let thinAxes: [Point3]
  /// What `plumb register` subtracts where coordinates are large for the size of the cloud; zero otherwise.
  let offset: Point3

  init(_ cloud: PointCloud) {
    box = cloud.boundingBox
    let estimate = SpacingEstimate(cloud.positions)
    robustSize = Point3(estimate.extent.size)
    spacing = Double(estimate.spacing)
    duplicates = CloudShape.countDuplicates(cloud.positions)
    let center = Point3(estimate.extent.center) + cloud.origin
    offset = center.length > 1e4 * robustSize.length ? center.rounded(.toNearestOrEven) : .zero
    (form, thinAxes) = CloudShape.form(cloud.positions, near: estimate.extent)
  }

  /// Whether the coordinates are so large that single precision would spoil them.
  var needsOffset: Bool { offset != .zero }

  /// A guess that only warns: rooms, streets and halls measure 2 to 2000 metres at spacings below 2 metres.
  var unitGuess: UnitGuess {
    let size = robustSize.length
    if size > 2000 || spacing > 5 { return .millimetres }
    return size >= 1.5 ? .metres : .unknown
  }

  private static func countDuplicates(_ positions: [SIMD3<Float>]) -> Int {
    var seen = Set<SIMD3<Float>>(minimumCapacity: positions.count)
    // Adding zero makes -0 and 0 one value.
    for p in positions { seen.insert(p + 0) }
    return positions.count - seen.count
  }

  /// The rank of the scatter of the points near the robust box, with the axes that are missing.
  private static func form(_ positions: [SIMD3<Float>], near extent: RobustExtent) -> (Form, [Point3]) {
    let reach = SIMD3<Float>(repeating: extent.diagonal)
    let (low, high) = (extent.lower - reach, extent.upper + reach)
    let kept = positions.filter { all($0 .>= low) && all($0 .<= high) }.map { Point3($0) - Point3(extent.center) }
    guard !kept.isEmpty else { return (positions.isEmpty ? .empty : .point, []) }
    let mean = kept.reduce(Point3.zero, +) / Double(kept.count)
    var scatter = Matrix3.zero
    for p in kept { scatter += Matrix3(outer: p - mean, p - mean) }
    let eigen = (scatter * (1 / Double(kept.count))).symmetricEigen
    let deviations = eigen.values.clamped(lowerBound: .zero, upperBound: Point3(repeating: .infinity)).squareRoot()
    let axes = [eigen.vectors.x, eigen.vectors.y, eigen.vectors.z]
    // Thinner than a thousandth of the length, or than single precision resolves, counts as flat.
    let magnitude = Point3(extent.center).length
    let flat = max(1e-3 * deviations.z, 1e-6 * magnitude)
    if deviations.z <= 1e-6 * magnitude || deviations.z == 0 { return (.point, axes) }
    if deviations.y <= flat { return (.line, Array(axes[0...1])) }
    return deviations.x <= flat ? (.plane, [axes[0]]) : (.spatial, [])
  }
}
