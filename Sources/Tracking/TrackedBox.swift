import Geometry
import Solvers

/// Where a tracker believes an object to be in one scan.
public struct TrackedBox: Sendable {
  /// The box, in the axes of the scan; its size is that of the first box.
  public var box: Box3
  /// Whether the scan shows the object; otherwise the box is where the motion so far would have taken it.
  public var isSeen: Bool
  /// How many points of the scan lie in the box where the template fitted best, above the ground and thinned.
  public var pointsUsed: Int
  /// How well scan and template explain each other, from 0 to 1: the larger one of the share of the points in the box that
  /// have a point of the template nearby, and of the share of the lately seen template that has a point of the scan
  /// nearby. The first falls when more of the object comes into view, the second when less does. Of a network it is the
  /// expected overlap of the box with the right one.
  public var fitness: Double
  /// Variances and covariances of x, y, z (metres) and yaw (radians), in the axes of the scan; nil where the estimate has
  /// broken down. They come from a model of independent errors and are not calibrated.
  public var covariance: Matrix4?
  /// The movement of the centre from one scan to the next, in the axes of the scan, metres per scan: over ground where the
  /// scanner's own movement was found (``EgoMotion``), else as the scanner sees it.
  public var velocity: Point3
  /// The turn from one scan to the next, radians per scan.
  public var yawRate: Double
}
