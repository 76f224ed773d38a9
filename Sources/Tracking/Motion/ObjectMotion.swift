import Solvers

/// How objects move from one scan to the next: at constant velocity, but for white accelerations.
public struct ObjectMotion: Sendable {
  /// Standard deviation of the change of velocity between two scans: x and y (metres per scan), z, yaw (radians per scan).
  public var acceleration: SIMD3<Double>
  /// How much larger it is in x and y for every metre of the object's length: vehicles swerve and brake more than walkers.
  public var accelerationPerMetre = 0.0
  /// The share of the velocity that lasts from scan to scan: x and y, z, yaw.
  public var persistence: SIMD3<Double>
  /// How far objects jump up and down from scan to scan, standard deviation, metres.
  public var heightJitter: Double

  /// One scan further.
  /// - Parameter length: the object's, metres.
  func predict(_ filter: inout ConstantVelocityFilter, length: Double) {
    let along = acceleration.x + accelerationPerMetre * length
    filter.predict(
      acceleration: SIMD4(along, along, acceleration.y, acceleration.z),
      persistence: SIMD4(persistence.x, persistence.x, persistence.y, persistence.z))
    filter.positionCovariance += Matrix4(diagonal: [0, 0, heightJitter * heightJitter, 0])
  }
}

/// How objects move as a scanner sees it.
public struct ObjectMotions: Sendable {
  /// In the axes of each scan: the scanner's own movement, nodding included, is part of it.
  public var relative: ObjectMotion
  /// Over ground, where the scanner's own movement is known, see ``EgoMotion``.
  public var overGround: ObjectMotion

  /// One scan further.
  func predict(_ filter: inout ConstantVelocityFilter, isOverGround: Bool, length: Double) {
    (isOverGround ? overGround : relative).predict(&filter, length: length)
  }
}
