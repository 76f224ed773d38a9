import Geometry

/// A unit shape carried into the world by an affine map.
///
/// A ray is tested in the coordinates of the unit shape: the map keeps its parameter, so one short test serves boxes,
/// ellipsoids, cylinders, discs and triangles of every size and attitude (Woop et al. 2004 do this for triangles).
public struct Surface: Sendable {
  /// A shape in its own coordinates.
  public enum Shape: Sendable {
    /// The cube [-1, 1]³.
    case box
    /// The unit ball.
    case ellipsoid
    /// The closed cylinder x² + y² <= 1, |z| <= 1.
    case cylinder
    /// The disc x² + y² <= 1, z = 0.
    case disc
    /// The triangle x, y >= 0, x + y <= 1, z = 0.
    case triangle
  }

  /// What it is in its own coordinates.
  public let shape: Shape
  /// How it answers a sensor.
  public let material: Material
  /// The origin of the shape in the world.
  let center: Point3
  /// Maps a world vector to the coordinates of the shape.
  let localFromWorld: Matrix3

  /// The image of a unit shape under `p ↦ center + axes p`. The axes are linearly independent; a flat shape ignores
  /// the length of the third.
  public init(_ shape: Shape, center: Point3, axes: Matrix3, material: Material) {
    guard let inverse = axes.inverse else { preconditionFailure("the axes of a surface are linearly dependent") }
    self.shape = shape
    self.material = material
    self.center = center
    localFromWorld = inverse
  }

  /// A triangle; nil when its area is zero.
  public init?(triangle a: Point3, _ b: Point3, _ c: Point3, material: Material) {
    let normal = (b - a).cross(c - a)
    guard normal.length > 1e-14 else { return nil }
    self.init(.triangle, center: a, axes: Matrix3(columns: b - a, c - a, normal.normalized), material: material)
  }

  /// The smallest axis-aligned box around it.
  public var bounds: BoundingBox {
    guard let axes = localFromWorld.inverse else { preconditionFailure("a surface lost its axes") }
    if shape == .triangle { return BoundingBox([center, center + axes.x, center + axes.y]) }
    let (x, y, z) = (axes.x * axes.x, axes.y * axes.y, axes.z * axes.z)
    var reach: Point3
    switch shape {
    case .ellipsoid: reach = (x + y + z).squareRoot()
    case .disc: reach = (x + y).squareRoot()
    case .cylinder: reach = (x + y).squareRoot() + z.squareRoot()
    case .box, .triangle: reach = x.squareRoot() + y.squareRoot() + z.squareRoot()
    }
    reach += 1e-12
    return BoundingBox([center - reach, center + reach])
  }
}
