import Geometry
import PointClouds

/// Finds the target point nearest to a source point again and again while the source settles.
///
/// A search that also found the second nearest point, at distance d₂ after d₁, holds for as long as the query has moved by
/// less than (d₂ - d₁) / 2; until then the known partner is taken without a search. While the cloud still moves far, the
/// last partner only bounds the next search. Neither changes which point is found.
package struct PartnerSearch {
  /// What is known of one source point; nothing at first.
  package struct Memory: Sendable {
    /// The query of the last search with two results, and d₂ - d₁ in the fourth lane, less what rounding may take.
    fileprivate var query = SIMD4<Float>(0, 0, 0, -.infinity)
    fileprivate var first: Int32 = -1
    fileprivate var second: Int32 = -1

    /// Nothing is known.
    package init() {}
  }

  private let tree: KDTree
  private let positions: UnsafePointer<SIMD3<Float>>
  private let bound, reach: Float
  private let looksAhead: Bool

  /// - Parameters:
  ///   - positions: the points of the tree.
  ///   - radius: partners are no farther, metres.
  ///   - looksAhead: search for two points, because the next queries will be close to these.
  package init(_ tree: KDTree, positions: UnsafePointer<SIMD3<Float>>, radius: Float, looksAhead: Bool) {
    self.tree = tree
    self.positions = positions
    bound = min(radius * radius, .greatestFiniteMagnitude)
    // A little farther than needed: what lies just outside stays known for a while, too.
    reach = radius * 1.1
    self.looksAhead = looksAhead
  }

  /// The index of the nearest target point within the radius, or -1.
  @inline(__always)
  package func partner(of x: SIMD3<Float>, _ memory: inout Memory) -> Int {
    let moved = x - SIMD3(memory.query.x, memory.query.y, memory.query.z)
    let slack = memory.query.w
    if slack > 0 && 4 * moved.squaredLength < slack * slack {
      return memory.first >= 0 && squaredDistance(x, memory.first) <= bound ? Int(memory.first) : -1
    }
    if looksAhead { return searchTwo(x, &memory) }
    let found = tree.nearest(to: x, withinSquared: bound, candidate: candidate(x, memory.first))
    memory.first = found.index
    memory.query.w = -.infinity
    return Int(found.index)
  }

  @inline(never)
  private func searchTwo(_ x: SIMD3<Float>, _ memory: inout Memory) -> Int {
    let (first, second) = tree.nearestTwo(
      to: x, withinSquared: min(reach * reach, .greatestFiniteMagnitude),
      candidates: (candidate(x, memory.first), candidate(x, memory.second)))
    (memory.first, memory.second) = (first.index, second.index)
    let near = first.index >= 0 ? first.squaredDistance.squareRoot() : bound.squareRoot()
    let next = second.index >= 0 ? second.squaredDistance.squareRoot() : reach
    let rounding = 1e-6 * (next + max(abs(x.x), abs(x.y), abs(x.z)))
    memory.query = SIMD4(x, next - near - rounding)
    return first.index >= 0 && first.squaredDistance <= bound ? Int(first.index) : -1
  }

  @inline(__always)
  private func candidate(_ x: SIMD3<Float>, _ index: Int32) -> Neighbor {
    index < 0 ? .none : Neighbor(index: index, squaredDistance: squaredDistance(x, index))
  }

  /// Summed as the tree does.
  @inline(__always)
  private func squaredDistance(_ x: SIMD3<Float>, _ index: Int32) -> Float {
    let d = positions[Int(index)] - x
    return d.x * d.x + d.y * d.y + d.z * d.z
  }
}
