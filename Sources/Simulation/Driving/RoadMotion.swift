import Geometry
import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where somebody on the road is at each of a row of instants: a point that moves along its heading, whose speed and
/// turn wander (Ornstein-Uhlenbeck processes).
struct RoadMotion: Sendable {
  /// Position in the plane, metres, and heading, radians.
  struct Pose: Sendable {
    var x: Double
    var y: Double
    var heading: Double
    /// The path so far, metres.
    var path = 0.0
  }

  /// How somebody moves.
  struct Character: Sendable {
    /// The usual speed, metres per second.
    var speed: Double
    /// How much the speed wanders, metres per second.
    var speedDeviation: Double
    /// How much the turn wanders, radians per metre for vehicles, per second for those on foot.
    var turnDeviation: Double
    /// Whether it must move in order to turn.
    var isVehicle: Bool

    /// Draws how a kind of road user moves; a third of the cars and vans are parked.
    init(_ kind: RoadUser.Kind, _ rng: inout SeededGenerator) {
      switch kind {
      case .car, .van:
        speed = rng.chance(0.35) ? 0 : rng.uniform(1, 11)
        (speedDeviation, turnDeviation, isVehicle) = (speed == 0 ? 0 : 1, 0.03, true)
      case .cyclist:
        speed = rng.uniform(1.5, 7)
        (speedDeviation, turnDeviation, isVehicle) = (0.5, 0.08, true)
      case .pedestrian:
        speed = rng.chance(0.15) ? 0 : rng.uniform(0.6, 1.8)
        (speedDeviation, turnDeviation, isVehicle) = (0.15, 0.5, false)
      }
    }

    /// A character from its values.
    init(speed: Double, speedDeviation: Double, turnDeviation: Double, isVehicle: Bool) {
      (self.speed, self.speedDeviation) = (speed, speedDeviation)
      (self.turnDeviation, self.isVehicle) = (turnDeviation, isVehicle)
    }
  }

  /// The poses, one for each instant.
  let poses: [Pose]

  /// Moves from a pose.
  /// - Parameters:
  ///   - step: the time between two instants, seconds.
  ///   - count: how many instants.
  init(_ start: Pose, _ character: Character, step: Double, count: Int, _ rng: inout SeededGenerator) {
    var (pose, poses) = (start, [start])
    var (speed, turn) = (character.speed, character.turnDeviation * rng.gaussian())
    // Instants of at most 0.1 s, so that a longer step follows the same kind of path.
    let parts = max(1, Int((step / 0.1).rounded(.up)))
    let dt = step / Double(parts)
    let lasting = exp(-dt / 2)
    let fresh = (1 - lasting * lasting).squareRoot()
    while poses.count < count {
      for _ in 0..<parts {
        speed = max(
          0, character.speed + lasting * (speed - character.speed) + fresh * character.speedDeviation * rng.gaussian())
        turn = lasting * turn + fresh * character.turnDeviation * rng.gaussian()
        let length = speed * dt
        pose.heading += character.isVehicle ? turn * length : turn * dt
        pose.x += length * cos(pose.heading)
        pose.y += length * sin(pose.heading)
        pose.path += length
      }
      poses.append(pose)
    }
    self.poses = poses
  }
}
