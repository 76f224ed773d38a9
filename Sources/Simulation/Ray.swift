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
}
