import PointClouds
import Registration
import Rendering

/// What decides the results of a batch besides the benchmark; part of the name of every result.
public struct EvaluationSettings: Sendable, Equatable {
  /// How much work is spent.
  public var quality = Registrar.Settings.Quality.normal
  /// What keypoints are compared by.
  public var descriptor = Registrar.Settings.Descriptor.mapped
  /// Whether the tree brings hypotheses.
  public var tree = Registrar.Settings.Tree.consensus
  /// Seed of everything random.
  public var seed: UInt64 = 1
  /// What happens to points with a NaN or infinite coordinate.
  public var nonFinite = NonFinitePolicy.drop
  /// The format of the clouds; the content decides when nil.
  public var format: CloudFormat?

  /// The defaults.
  public init() {}

  /// The settings as they are written and hashed.
  package var json: JSONValue {
    .members([
      "quality": .string(quality.rawValue), "descriptor": .string(descriptor.rawValue), "tree": .string(tree.rawValue),
      "seed": .unsigned(seed),
      "non_finite": .string(nonFinite.rawValue), "format": format.map { .string($0.rawValue) } ?? .null,
    ])
  }
}
