/// A box that stands upright: its third axis is the world's z axis, as tracking in scans of the road uses it.
public struct Box3: Equatable, Sendable {
  /// The middle of the box, metres.
  public var center: Point3
  /// Length (along the heading), width and height, metres.
  public var size: Point3
  /// The heading: the angle of the length axis about z, from x towards y, radians.
  public var yawRadians: Double

  /// A box; its sizes are not negative.
  public init(center: Point3, size: Point3, yawRadians: Double) {
    self.center = center
    self.size = size
    self.yawRadians = yawRadians
  }

  /// length x width x height, cubic metres.
  public var volume: Double { size.x * size.y * size.z }
}
