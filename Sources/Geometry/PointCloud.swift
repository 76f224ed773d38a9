/// A set of points as a struct of arrays.
///
/// Coordinates are stored as **local `Float`s plus one `Double` origin**: the true position of point i is
/// `origin + Double(positions[i])`. Survey coordinates (UTM, 5e5 / 5e6 m) keep sub-micrometre resolution this way at
/// half the memory of doubles. Two clouds with different origins are compared through ``position(_:)`` or
/// `RigidTransform.rebased`.
///
/// All attributes are optional; one that is present has exactly one entry per point.
public struct PointCloud: Sendable {
  /// Added to every local position, metres.
  public var origin: Point3
  /// Local positions, metres, shape [count].
  public private(set) var positions: [SIMD3<Float>]
  /// Unit normals in the cloud's axes, shape [count].
  public private(set) var normals: [SIMD3<Float>]?
  /// Reflectance, unit as in the file, shape [count].
  public private(set) var intensities: [Float]?
  /// Red, green, blue, shape [count].
  public private(set) var colors: [SIMD3<UInt8>]?
  /// Where the sensor stood, in the same coordinates as ``position(_:)``, when the file states it.
  public var sensorPosition: Point3?

  /// A cloud from its arrays. A precondition holds that every attribute counts as many entries as there are points.
  public init(
    positions: [SIMD3<Float>], origin: Point3 = .zero, normals: [SIMD3<Float>]? = nil, intensities: [Float]? = nil,
    colors: [SIMD3<UInt8>]? = nil, sensorPosition: Point3? = nil
  ) {
    let n = positions.count
    precondition(normals?.count ?? n == n, "normals: \(normals?.count ?? 0) entries for \(n) points")
    precondition(intensities?.count ?? n == n, "intensities: \(intensities?.count ?? 0) entries for \(n) points")
    precondition(colors?.count ?? n == n, "colors: \(colors?.count ?? 0) entries for \(n) points")
    self.origin = origin
    self.positions = positions
    self.normals = normals
    self.intensities = intensities
    self.colors = colors
    self.sensorPosition = sensorPosition
  }

  /// The number of points.
  public var count: Int { positions.count }
  /// True when there is no point.
  public var isEmpty: Bool { positions.isEmpty }

  /// The position of point i in double precision.
  @inlinable
  public func position(_ i: Int) -> Point3 { origin + Point3(positions[i]) }

  /// The same points with other normals.
  public func with(normals: [SIMD3<Float>]?) -> PointCloud {
    PointCloud(
      positions: positions, origin: origin, normals: normals, intensities: intensities, colors: colors,
      sensorPosition: sensorPosition)
  }

  /// The points at the given indices, in that order, with all their attributes.
  public func selecting(_ indices: [Int32]) -> PointCloud {
    func pick<T>(_ a: [T]) -> [T] { indices.map { a[Int($0)] } }
    return PointCloud(
      positions: pick(positions), origin: origin, normals: normals.map(pick), intensities: intensities.map(pick),
      colors: colors.map(pick), sensorPosition: sensorPosition)
  }

  /// The cloud moved by a rigid motion. Local positions are kept small: the origin moves with the cloud.
  public func transformed(by t: RigidTransform) -> PointCloud {
    let r = t.rotation.matrix
    func turn(_ v: SIMD3<Float>) -> SIMD3<Float> { SIMD3<Float>(r * Point3(v)) }
    return PointCloud(
      positions: positions.map(turn), origin: t(origin), normals: normals?.map(turn), intensities: intensities,
      colors: colors, sensorPosition: sensorPosition.map { t($0) })
  }

  /// The same points with local positions relative to another origin.
  public func rebased(to newOrigin: Point3) -> PointCloud {
    let shift = origin - newOrigin
    var moved = self
    moved.positions = positions.map { SIMD3<Float>(Point3($0) + shift) }
    moved.origin = newOrigin
    return moved
  }

  /// The smallest axis-aligned box of the finite points, in true coordinates.
  public var boundingBox: BoundingBox {
    var box = BoundingBox()
    for p in positions where p.isFinite { box.insert(Point3(p)) }
    guard !box.isEmpty else { return box }
    box.lower += origin
    box.upper += origin
    return box
  }
}
