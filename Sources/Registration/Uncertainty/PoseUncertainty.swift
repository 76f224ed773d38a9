import Geometry

extension Registrar.Settings {
  /// Whether a result comes with the covariance of its pose, and by which method.
  public enum Covariance: String, Sendable, CaseIterable {
    /// Nothing is computed.
    case off
    /// The curvature at the pose decides.
    case laplace
    /// A Gaussian is fitted to the surroundings of the pose by variational inference; a hundred times the work.
    case variational
  }
}

/// What is known of the error of a pose.
public enum PoseUncertainty: Sendable, Equatable {
  /// Its covariance.
  case known(PoseCovariance)
  /// No number can be given, and why, in words.
  case unknown(reason: String)
}

/// The covariance of a pose as six numbers per row, in the one convention of ``convention``.
public struct PoseCovariance: Sendable, Equatable {
  /// How it was found.
  public var method: Registrar.Settings.Covariance
  /// Symmetric, 6 x 6: rotation before translation, rad², rad m and m².
  public var rows: [[Double]]
  /// How many patches of the overlap it rests on, after weighting: few mean that it is rough itself.
  public var patches: Double
  /// Whether it belongs to the registrations that the calibration in `docs/registration.md` covers.
  public var isCalibrated: Bool

  /// A covariance of six rows of six numbers.
  public init(method: Registrar.Settings.Covariance, rows: [[Double]], patches: Double, isCalibrated: Bool) {
    precondition(rows.count == 6 && rows.allSatisfy { $0.count == 6 }, "six rows of six numbers")
    (self.method, self.rows, self.patches, self.isCalibrated) = (method, rows, patches, isCalibrated)
  }

  /// The convention, in words.
  public static let convention =
    "T_true = exp(xi) T_local; xi = (rotation x y z in radians, translation x y z in metres), a perturbation on the left, "
    + "in target coordinates less offset"

  /// One standard deviation of every coordinate.
  public var deviations: Twist {
    let s = (0..<6).map { max(rows[$0][$0], 0).squareRoot() }
    return Twist(rotation: Point3(s[0], s[1], s[2]), translation: Point3(s[3], s[4], s[5]))
  }
}
