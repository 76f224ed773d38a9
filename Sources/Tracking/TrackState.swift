import Geometry
import Solvers

/// What a tracker knows of an object between two scans: how it moves and how it looks. Its memory is bounded.
public struct TrackState: Sendable {
  /// The last box.
  public internal(set) var box: Box3
  /// How many scans in a row did not show the object; 0 while it is seen.
  public internal(set) var unseenScans = 0
  /// x, y, z and yaw with their velocities.
  var motion: ConstantVelocityFilter
  /// Where the object is heading by all that was seen of it, for scans that do not show it; nil where nobody asks.
  var course: ConstantVelocityFilter?
  /// The points of the object, in the frame of its box.
  var template: ObjectTemplate
  /// How high the middle of the box is above the ground, metres; nil until the ground was seen.
  var heightAboveGround: Double?
  /// How many points the box held lately, a running mean over the scans that showed the object.
  var usualPoints: Double
  /// What a network remembers; nil without one.
  var appearance: VisualMemory?
  /// Whether the state stands in the axes of the scan that comes, the scanner's movement being known, see ``carry(by:)``.
  var isOverGround = false

  /// The standard deviation of the position in the horizontal direction where it is largest, metres.
  var spread: Double {
    let a = motion.positionCovariance
    let difference = (a.x.x - a.y.y) / 2
    return ((a.x.x + a.y.y) / 2 + (difference * difference + a.x.y * a.x.y).squareRoot()).squareRoot()
  }

  /// One scan further: the box where the filter predicts it, not seen until it is found.
  mutating func advance(_ motions: ObjectMotions) {
    motions.predict(&motion, isOverGround: isOverGround, length: box.size.x)
    placeBox()
    unseenScans += 1
    isOverGround = false
  }

  /// Puts the box where the filter has it.
  mutating func placeBox() {
    let p = motion.position
    box.center = Point3(p.x, p.y, p.z)
    box.yawRadians = p.w
  }

  /// The state in the first scan, for the user: the given box.
  var begun: TrackedBox {
    var found = tracked(nil)
    (found.fitness, found.pointsUsed) = (1, Int(usualPoints))
    return found
  }

  /// The state after a scan, for the user.
  func tracked(_ sight: Sight?) -> TrackedBox {
    tracked(points: sight?.pointsInBox ?? 0, fitness: sight?.fitness ?? 0)
  }

  /// The state after a scan, for the user.
  func tracked(points: Int, fitness: Double) -> TrackedBox {
    let isPlausible = motion.positionCovariance.inverseOfPositiveDefinite != nil
    return TrackedBox(
      box: box, isSeen: unseenScans == 0, pointsUsed: points, fitness: fitness,
      covariance: isPlausible ? motion.positionCovariance : nil,
      velocity: Point3(motion.velocity.x, motion.velocity.y, motion.velocity.z), yawRate: motion.velocity.w)
  }
}
