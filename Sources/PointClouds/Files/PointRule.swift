import Geometry

/// How the numbers of a file become points; decided once per file from a sample, so that it depends neither on the
/// encoding nor on the number of threads.
struct PointRule: Sendable {
  /// Subtracted from every coordinate before it becomes a `Float`.
  var origin: Point3
  /// Multiplies colours to make them 0...255.
  var colorScale: Double
  var hasNormals: Bool
  var hasIntensity: Bool
  var hasColors: Bool
  var hasTimes: Bool

  /// The rule for a sample of a file whose points have the given roles.
  ///
  /// Colours of 16 bits are scaled down; colours with a fraction span 0...1 when none in the sample exceeds one.
  init(_ sample: PointSample, storesDoubles: Bool, roles: Set<FieldRole>, colorType: ScalarType?) {
    origin = sample.origin(storesDoubles: storesDoubles)
    switch colorType {
    case .uint16?, .int16?: colorScale = 1.0 / 257
    case let type? where type.isFloating: colorScale = sample.largestColor <= 1 ? 255 : 1
    default: colorScale = 1
    }
    hasNormals = roles.contains(.normalX)
    hasIntensity = roles.contains(.intensity)
    hasColors = roles.contains(.red) || roles.contains(.packedColor)
    hasTimes = roles.contains(.time)
  }

  /// Bytes of memory that a point takes.
  var bytesPerPoint: Int {
    16 + (hasNormals ? 16 : 0) + (hasIntensity ? 4 : 0) + (hasColors ? 4 : 0) + (hasTimes ? 8 : 0)
  }

  /// The local position; not finite when the coordinate is not or does not fit.
  @inline(__always)
  func local(_ p: Point3) -> SIMD3<Float> { SIMD3<Float>(p - origin) }

  /// A colour channel as 0...255.
  @inline(__always)
  func channel(_ value: Double) -> UInt8 {
    let scaled = (value * colorScale).rounded()
    return scaled >= 255 ? 255 : scaled > 0 ? UInt8(scaled) : 0
  }

  /// The colour in a packed 24-bit number.
  static func unpack(_ bits: UInt32) -> SIMD3<UInt8> {
    SIMD3(UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits))
  }

  /// A unit normal; zero when the file has none for this point.
  static func unit(_ n: SIMD3<Float>) -> SIMD3<Float> {
    let squared = n.squaredLength
    guard squared.isFinite, squared > 0 else { return .zero }
    return abs(squared - 1) < 1e-4 ? n : n.normalized
  }
}

/// Points in file order with their attributes, made by one worker.
struct PointBlock: Sendable {
  var positions: [SIMD3<Float>] = []
  var normals: [SIMD3<Float>] = []
  var intensities: [Float] = []
  var colors: [SIMD3<UInt8>] = []
  var times: [Double] = []
  /// Points left out because a coordinate is not finite.
  var dropped = 0
  /// The place of the first of them in the block.
  var firstDropped: Int?

  init() {}

  /// An empty block with room.
  init(_ capacity: Int, _ rule: PointRule) {
    positions.reserveCapacity(capacity)
    if rule.hasNormals { normals.reserveCapacity(capacity) }
    if rule.hasIntensity { intensities.reserveCapacity(capacity) }
    if rule.hasColors { colors.reserveCapacity(capacity) }
    if rule.hasTimes { times.reserveCapacity(capacity) }
  }

  /// Counts a point that is left out.
  mutating func drop() {
    if firstDropped == nil { firstDropped = positions.count + dropped }
    dropped += 1
  }
}
