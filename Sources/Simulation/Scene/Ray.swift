import Geometry

/// A half-line of sight.
public struct Ray: Sendable {
  /// Where it begins, metres.
  public var origin: Point3
  /// Its unit direction.
  public var direction: Point3

  /// A ray; the direction is a unit vector.
  public init(origin: Point3, direction: Point3) {
    self.origin = origin
    self.direction = direction
  }

  /// The point at a range, metres.
  public func point(at range: Double) -> Point3 { origin + direction * range }
}

/// Where a ray first meets a scene.
public struct Hit: Equatable, Sendable {
  /// The distance from the origin of the ray, metres.
  public var range: Double
  /// The unit normal of the surface, turned towards the origin of the ray.
  public var normal: Point3
  /// The index of the surface in ``Scene/surfaces``.
  public var surface: Int
}
