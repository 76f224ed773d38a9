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
    precondition(
      source.dimension == target.dimension, "descriptors of \(source.dimension) and \(target.dimension) values")
    let nearest = ProductMatching.nearest(
      source.descriptors, rows: source.count, target.descriptors, rows: target.count, dimension: source.dimension)
    return matches(nearest.rows, nearest.columns, source: source, target: target)
  }

  /// The matches that follow from the nearest two of every source in the target and the reverse.
  func matches(_ rows: NearestTwo, _ columns: NearestTwo, source: Features, target: Features) -> [Match] {
    let d = source.dimension
    @Sendable func squaredDistance(_ i: Int, _ j: Int32) -> Float {
      guard j >= 0 else { return .infinity }
      return source.descriptors.withUnsafeBufferPointer { a in
        target.descriptors.withUnsafeBufferPointer { b in
          Self.squaredDistance(a.baseAddress! + i * d, b.baseAddress! + Int(j) * d, d)
        }
      }
    }
    // Products decide who is nearest; distances are computed afresh, without cancellation.
    let forward = Parallel.map(source.count, grain: 64) { i in
      (squaredDistance(i, rows.first[i]), squaredDistance(i, rows.second[i]))
    }
    let backward = Parallel.map(target.count, grain: 64) { j -> (Float, Float) in
      let (a, b) = (columns.first[j], columns.second[j])
      let t = Int32(truncatingIfNeeded: j)
      return (a < 0 ? .infinity : squaredDistance(Int(a), t), b < 0 ? .infinity : squaredDistance(Int(b), t))
    }
    func ratio(_ d: (Float, Float)) -> Float { d.1 > 0 && d.1 < .infinity ? min(1, d.0 / d.1) : 1 }
    var (mutual, single): ([Match], [Match]) = ([], [])
    for i in 0..<source.count where rows.first[i] >= 0 {
      let j = Int(rows.first[i])
      let pair = Correspondence(source: Int32(truncatingIfNeeded: i), target: rows.first[i])
      if columns.first[j] == pair.source {
        mutual.append(
          Match(correspondence: pair, squaredDistance: forward[i].0, ratio: max(ratio(forward[i]), ratio(backward[j]))))
      } else if selection == .eitherDirection {
        single.append(Match(correspondence: pair, squaredDistance: forward[i].0, ratio: ratio(forward[i])))
      }
    }
    if selection == .eitherDirection {
      for j in 0..<target.count where columns.first[j] >= 0 && rows.first[Int(columns.first[j])] != Int32(j) {
        let pair = Correspondence(source: columns.first[j], target: Int32(truncatingIfNeeded: j))
        single.append(Match(correspondence: pair, squaredDistance: backward[j].0, ratio: ratio(backward[j])))
      }
    }
    func ordered(_ a: Match, _ b: Match) -> Bool {
      (a.ratio, a.correspondence.source, a.correspondence.target)
        < (b.ratio, b.correspondence.source, b.correspondence.target)
    }
    return Array((mutual.sorted(by: ordered) + single.sorted(by: ordered)).prefix(limit))
  }

  static func squaredDistance(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ d: Int) -> Float {
    var sum = SIMD4<Float>.zero
    var k = 0
    while k + 4 <= d {
      let x = load4(a + k) - load4(b + k)
      sum += x * x
      k += 4
    }
    var total = sum.sum()
    while k < d {
      total += (a[k] - b[k]) * (a[k] - b[k])
      k += 1
    }
    return total
  }
}
