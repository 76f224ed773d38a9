import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The frame of an upright box: its origin is the middle of the box, x runs along the length, y along the width, z up.
struct BoxFrame: Sendable {
  let center: Point3
  let yaw: Double
  let cosine: Double
  let sine: Double

  init(center: Point3, yaw: Double) {
    self.center = center
    self.yaw = yaw
    cosine = cos(yaw)
    sine = sin(yaw)
  }

  init(_ box: Box3) { self.init(center: box.center, yaw: box.yawRadians) }

  /// A direction of the frame in the axes of the scan.
  func turnedOut(_ v: Point3) -> Point3 { Point3(cosine * v.x - sine * v.y, sine * v.x + cosine * v.y, v.z) }

  /// A direction of the scan in the axes of the frame.
  func turnedIn(_ v: Point3) -> Point3 { Point3(cosine * v.x + sine * v.y, cosine * v.y - sine * v.x, v.z) }
}
