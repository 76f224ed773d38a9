import Geometry

/// The arrays of a cloud while its blocks arrive in order.
struct PointColumns {
  private(set) var positions: [SIMD3<Float>] = []
  private var normals: [SIMD3<Float>] = []
  private var intensities: [Float] = []
  private var colors: [SIMD3<UInt8>] = []
  private var times: [Double] = []
  /// Points left out so far because a coordinate is not finite.
  private(set) var dropped = 0
  /// The number in the file, from zero, of the first of them.
  private(set) var firstDropped: Int?
  /// Points seen so far.
  private(set) var seen = 0
  private let rule: PointRule

  /// Empty arrays with room for a number of points that has been checked.
  init(_ rule: PointRule, capacity: Int) {
    self.rule = rule
    positions.reserveCapacity(capacity)
    if rule.hasNormals { normals.reserveCapacity(capacity) }
    if rule.hasIntensity { intensities.reserveCapacity(capacity) }
    if rule.hasColors { colors.reserveCapacity(capacity) }
    if rule.hasTimes { times.reserveCapacity(capacity) }
  }

  mutating func append(_ block: PointBlock) {
    if firstDropped == nil, let first = block.firstDropped { firstDropped = seen + first }
    dropped += block.dropped
    seen += block.positions.count + block.dropped
    positions += block.positions
    if rule.hasNormals { normals += block.normals }
    if rule.hasIntensity { intensities += block.intensities }
    if rule.hasColors { colors += block.colors }
    if rule.hasTimes { times += block.times }
  }

  /// When each point was measured, in the file's unit; nil where the file does not say.
  var pointTimes: [Double]? { rule.hasTimes ? times : nil }

  /// The cloud; the arrays move into it.
  consuming func cloud(sensorPosition: Point3?) -> PointCloud {
    PointCloud(
      positions: positions, origin: rule.origin, normals: rule.hasNormals ? normals : nil,
      intensities: rule.hasIntensity ? intensities : nil, colors: rule.hasColors ? colors : nil,
      sensorPosition: sensorPosition)
  }
}

/// What a reader of one format hands back.
struct FilePayload {
  var columns: PointColumns
  var encoding: String
  var declaredPoints: Int
  var storedAsDouble: Bool
  var fields: [String]
  var sensorPosition: Point3?
  var warnings: [String] = []
  var notes: [String] = []
}
