import PointClouds
import Registration
import Rendering
import Tracking

/// What decides the results of a batch besides the benchmark; part of the name of every result.
public struct EvaluationSettings: Sendable, Equatable {
  /// How pairs are registered.
  public var registration = Registrar.Settings()
  /// Whether pairs are registered the other way round too.
  public var goesBack = false
  /// How objects are followed.
  public var tracker = TrackerModel.standard
  /// What happens to points with a NaN or infinite coordinate.
  public var nonFinite = NonFinitePolicy.drop
  /// The format of the clouds; the content decides when nil.
  public var format: CloudFormat?

  /// The defaults.
  public init() {}

  /// The settings as they are written and hashed.
  package var json: JSONValue {
    .members([
      "quality": .string(registration.quality.rawValue), "descriptor": .string(registration.descriptor.rawValue),
      "tree": .string(registration.tree.rawValue), "seed": .unsigned(registration.seed),
      "non_finite": .string(nonFinite.rawValue), "format": format.map { .string($0.rawValue) } ?? .null,
      "method": .string(registration.method.rawValue), "voxel": .optional(registration.voxel),
      "initial": registration.initial.map { .array($0.rows.map { .array($0.map(JSONValue.number)) }) } ?? .null,
      "max_correspondence": .optional(registration.maximumCorrespondence),
      "dof": .integer(registration.degreesOfFreedom), "scale": registration.scale.json,
      "color": .string(registration.color.rawValue), "limits": registration.limits,
      "tracker": .string(tracker.rawValue), "round_trip": .bool(goesBack),
    ])
  }
}

extension Registrar.Settings {
  /// What is asked of the pose, null where nothing is.
  package var limits: JSONValue {
    .members([
      "max_rotation": .optional(maximumRotation), "max_displacement": .optional(maximumDisplacement),
      "overlap_min": .optional(minimumOverlap),
    ])
  }
}

extension Registrar.Settings.Scale {
  /// `off`, `units` or the range of an estimate.
  package var json: JSONValue {
    switch self {
    case .off: "off"
    case .units: "units"
    case .estimate(let range): .array([.number(range.lowerBound), .number(range.upperBound)])
    }
  }
}
