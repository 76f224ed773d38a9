import Geometry
import Registration
import Rendering

/// The error of a pose in words and in JSON.
enum UncertaintyText {
  /// One standard deviation of every coordinate.
  static func deviations(_ covariance: PoseCovariance) -> String {
    let (r, t) = (covariance.deviations.rotation * (180 / .pi), covariance.deviations.translation)
    func three(_ p: Point3) -> String { "[" + [p.x, p.y, p.z].map { $0.significant(2) }.joined(separator: ", ") + "]" }
    return "sigma rotation \(three(r)) deg, translation \(three(t)) m about the target's x, y, z "
      + "(\(covariance.method.rawValue)\(covariance.isCalibrated ? "" : ", uncalibrated"))"
  }

  /// The six rows; null where there is no number.
  static func rows(_ uncertainty: PoseUncertainty?) -> JSONValue {
    guard case .known(let covariance) = uncertainty else { return .null }
    return .array(covariance.rows.map { .array($0.map(JSONValue.number)) })
  }

  /// What the rows mean, or why there are none; null unless they were asked for.
  static func description(_ uncertainty: PoseUncertainty?) -> JSONValue {
    switch uncertainty {
    case nil: .null
    case .unknown(let reason): .members(["reason": .string(reason)])
    case .known(let covariance):
      .members([
        "method": .string(covariance.method.rawValue), "convention": .string(PoseCovariance.convention),
        "calibrated": .bool(covariance.isCalibrated), "patches": .number(covariance.patches),
      ])
    }
  }
}
