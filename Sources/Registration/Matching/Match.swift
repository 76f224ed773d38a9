import Geometry

/// A pair of keypoints with similar descriptors.
public struct Match: Equatable, Sendable {
  /// The keypoints, by index into the features of source and target.
  public var correspondence: Correspondence
  /// The squared Euclidean distance of the descriptors, in [0, 4] for unit descriptors.
  public var squaredDistance: Float
  /// The squared distance over that of the second nearest, in [0, 1]; the worse of both directions for mutual matches.
  /// Small is distinctive. 1 where there is no second.
  public var ratio: Float

  /// A match with its evidence.
  public init(correspondence: Correspondence, squaredDistance: Float, ratio: Float) {
    self.correspondence = correspondence
    self.squaredDistance = squaredDistance
    self.ratio = ratio
  }
}

/// The two nearest descriptors in another set, for every row of one set.
struct NearestTwo: Equatable, Sendable {
  /// The nearest, the lowest index among equals; -1 where the other set is empty.
  var first: [Int32]
  /// The second nearest; -1 where the other set has fewer than two.
  var second: [Int32]
}
