#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A rotation as three turns about the axes: `R = Rz(yaw) Ry(pitch) Rx(roll)`, that is, first roll about x, then pitch
/// about y, then yaw about z, all about fixed axes (the convention of aircraft and of ROS, REP 103).
public struct EulerAngles: Equatable, Sendable {
  /// Turn about x, radians, in (-π, π].
  public var roll: Double
  /// Turn about y, radians, in [-π/2, π/2].
  public var pitch: Double
  /// Turn about z, radians, in (-π, π].
  public var yaw: Double

  /// The angles of a rotation. Where the pitch is ±90 degrees roll and yaw turn about one axis; the roll is then zero.
  public init(_ rotation: Rotation3) {
    let m = rotation.matrix
    // cos(pitch), from the two entries that it scales: exact where asin loses digits.
    let level = (m[0, 0] * m[0, 0] + m[1, 0] * m[1, 0]).squareRoot()
    pitch = atan2(-m[2, 0], level)
    if level > 1e-9 {
      roll = atan2(m[2, 1], m[2, 2])
      yaw = atan2(m[1, 0], m[0, 0])
    } else {
      roll = 0
      yaw = atan2(-m[0, 1], m[1, 1])
    }
  }

  /// The rotation of the angles.
  public var rotation: Rotation3 {
    Rotation3(radians: yaw, about: Point3(0, 0, 1)) * Rotation3(radians: pitch, about: Point3(0, 1, 0))
      * Rotation3(radians: roll, about: Point3(1, 0, 0))
  }
}
