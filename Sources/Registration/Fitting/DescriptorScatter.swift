import Geometry
import LinearAlgebra

/// How descriptors differ between places and between two views of a place, gathered over pairs of scans: what
/// ``DescriptorMapFit`` needs.
///
/// Between places: the covariance of the keypoints of a pair about their mean. Within a place: half the mean of `d dᵀ` over
/// the differences d of true matches (``RegisteredPair/trueMatches``).
package struct DescriptorScatter: Sendable {
  /// At most so many true matches of a pair count, and as many keypoints of either scan.
  private static let limit = 600

  private var places: ScatterMatrix
  private var differences: ScatterMatrix
  private var sum: [Double]
  /// How many pairs were added.
  package private(set) var pairs = 0

  /// Nothing gathered, for descriptors of the given length.
  package init(dimension: Int) {
    (places, differences) = (ScatterMatrix(dimension: dimension), ScatterMatrix(dimension: dimension))
    sum = [Double](repeating: 0, count: dimension)
  }

  /// The length of a descriptor.
  package var dimension: Int { sum.count }
  /// How many true matches were added.
  package var matches: Int { differences.count }
  /// The mean of the descriptors.
  var mean: [Double] { sum.map { places.count > 0 ? $0 / Double(places.count) : 0 } }
  /// The covariance of the descriptors of a pair, row-major [dimension, dimension].
  var betweenPlaces: [Double] { places.moment() }
  /// Half the mean outer product of the differences of true matches, row-major [dimension, dimension].
  var withinPlaces: [Double] { differences.moment().map { $0 / 2 } }

  /// Adds a pair: evenly chosen true matches and keypoints, at most 600 each.
  /// - Parameter bothWays: whether the pair counts the other way round too. Matches are those of the source's keypoints, so
  ///   the other way gives others. After the swapped pairs of "Towards a theoretical understanding of the reversal curse via
  ///   training dynamics", NeurIPS 2024, arXiv 2405.04669.
  package mutating func add(_ pair: RegisteredPair, bothWays: Bool = false) {
    let keypoints = [pair.features.source, pair.features.target].flatMap { features in
      (0..<features.count).evenlyChosen(Self.limit).flatMap { Self.row($0, of: features) }
    }
    let ways = bothWays ? [pair, pair.swapped] : [pair]
    add(keypoints: keypoints, differences: ways.flatMap(Self.differences))
  }

  /// Differences of the descriptors of true matches.
  private static func differences(_ pair: RegisteredPair) -> [Double] {
    pair.trueMatches.evenlyChosen(limit).flatMap { match in
      zip(row(Int(match.source), of: pair.features.source), row(Int(match.target), of: pair.features.target))
        .map { $0 - $1 }
    }
  }

  /// Adds descriptors and differences of matching ones, both row-major [any count, dimension].
  package mutating func add(keypoints: [Double], differences: [Double]) {
    var own = ScatterMatrix(dimension: dimension)
    own.add(keypoints)
    let mean = own.mean
    for k in sum.indices { sum[k] += own.sum[k] }
    places.add(keypoints.indices.map { keypoints[$0] - mean[$0 % dimension] })
    self.differences.add(differences)
    pairs += 1
  }

  /// Adds what another one has gathered.
  package mutating func add(_ other: DescriptorScatter) {
    places.add(other.places)
    differences.add(other.differences)
    for k in sum.indices { sum[k] += other.sum[k] }
    pairs += other.pairs
  }

  private static func row(_ i: Int, of features: Features) -> [Double] {
    features.descriptors[i * features.dimension..<(i + 1) * features.dimension].map(Double.init)
  }
}
