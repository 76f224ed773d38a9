import Geometry
import Parallelism

/// Pairs of keypoints whose descriptors are nearest to each other.
public struct DescriptorMatcher: Sendable {
  /// Which pairs are kept.
  public enum Selection: String, Sendable, CaseIterable {
    /// Pairs that are each other's nearest.
    case mutual
    /// The nearest of every keypoint of either cloud: mutual pairs first, then the others.
    case eitherDirection
  }

  /// Which pairs are kept.
  public var selection: Selection
  /// The most matches; the first in their order stay.
  public var limit: Int

  /// A matcher with its selection and the most matches wanted.
  public init(selection: Selection = .mutual, limit: Int = 5000) {
    self.selection = selection
    self.limit = max(0, limit)
  }

  /// The matches, mutual ones first, each kind by ascending ratio, then by source and target index.
  ///
  /// Swapping source and target swaps the correspondences and nothing else (up to the order of equal ratios).
  public func callAsFunction(source: Features, target: Features) -> [Match] {
    matches(DescriptorNeighbors(source: source, target: target))
  }

  /// The matches that follow from the nearest two of every keypoint in the other cloud.
  func matches(_ neighbors: DescriptorNeighbors) -> [Match] {
    let (forward, backward) = (neighbors.source, neighbors.target)
    var (mutual, single): ([Match], [Match]) = ([], [])
    for (i, own) in forward.enumerated() where own.first >= 0 {
      let back = backward[Int(own.first)]
      let pair = Correspondence(source: Int32(truncatingIfNeeded: i), target: own.first)
      if back.first == pair.source {
        mutual.append(
          Match(correspondence: pair, squaredDistance: own.distances.first, ratio: max(own.ratio, back.ratio)))
      } else if selection == .eitherDirection {
        single.append(Match(correspondence: pair, squaredDistance: own.distances.first, ratio: own.ratio))
      }
    }
    if selection == .eitherDirection {
      for (j, own) in backward.enumerated() where own.first >= 0 && forward[Int(own.first)].first != Int32(j) {
        let pair = Correspondence(source: own.first, target: Int32(truncatingIfNeeded: j))
        single.append(Match(correspondence: pair, squaredDistance: own.distances.first, ratio: own.ratio))
      }
    }
    func ordered(_ a: Match, _ b: Match) -> Bool {
      (a.ratio, a.correspondence.source, a.correspondence.target)
        < (b.ratio, b.correspondence.source, b.correspondence.target)
    }
    return Array((mutual.sorted(by: ordered) + single.sorted(by: ordered)).prefix(limit))
  }
}
