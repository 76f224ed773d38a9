import Geometry
import Solvers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TrackState {
  /// Brings what is known of the object into the axes of the next scan; velocities are those over ground from then on.
  public mutating func carry(by ego: EgoMotion) {
    motion = ego(motion)
    course = course.map { ego($0) }
    appearance?.movePast { ego($0) }
    placeBox()
    isOverGround = true
  }
}

extension EgoMotion {
  /// A box after the scanner has moved.
  public func callAsFunction(_ box: Box3) -> Box3 {
    var moved = box
    moved.center = transform(box.center)
    moved.yawRadians += turn(at: box.yawRadians)
    return moved
  }

  /// How far a heading turns as the scanner sees it, radians.
  private func turn(at yaw: Double) -> Double {
    let heading = transform.rotation.matrix * Point3(cos(yaw), sin(yaw), 0)
    return Heading.turn(atan2(heading.y, heading.x) - yaw)
  }

  /// The filter of (x, y, z, yaw) after the scanner has moved.
  fileprivate func callAsFunction(_ filter: ConstantVelocityFilter) -> ConstantVelocityFilter {
    let p = filter.position
    let place = transform(Point3(p.x, p.y, p.z))
    let r = transform.rotation.matrix
    return filter.mapped(
      by: Matrix4(columns: SIMD4(r.x, 0), SIMD4(r.y, 0), SIMD4(r.z, 0), [0, 0, 0, 1]),
      to: SIMD4(place, p.w + turn(at: p.w)))
  }
}
