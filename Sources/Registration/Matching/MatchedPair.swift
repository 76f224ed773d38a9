import Geometry

/// A pair of scans with its described keypoints and the matches between them.
package struct MatchedPair: Sendable {
  /// The most matches.
  private static let limit = 3000
  /// Fewer matches than one keypoint in so many say that one scan shows the other side.
  private static let sparse = 25

  /// The pair, perhaps with one scan turned round.
  package let pair: PreparedPair
  let features: (source: Features, target: Features)
  let neighbors: DescriptorNeighbors
  /// The matched keypoints, best ratio first.
  package let matches: MatchSet

  /// Matches the keypoints of a pair as its viewpoints say.
  private init(asGiven pair: PreparedPair) {
    self.pair = pair
    features = pair.features
    neighbors = DescriptorNeighbors(source: features.source, target: features.target)
    matches = MatchSet(
      DescriptorMatcher(limit: Self.limit).matches(neighbors), source: features.source, target: features.target)
  }

  /// Matches the keypoints of a pair; one scan is turned round where that gives more than twice as many matches.
  ///
  /// The two sides of a surface have little in common, so a scan whose viewpoint was guessed on the wrong side hardly
  /// matches at all.
  package init(_ pair: PreparedPair) {
    self.init(asGiven: pair)
    let keypoints = min(features.source.count, features.target.count)
    guard Self.sparse * matches.count < keypoints, let turned = pair.turned else { return }
    let other = MatchedPair(asGiven: turned)
    if other.matches.count > 2 * matches.count { self = other }
  }
}
