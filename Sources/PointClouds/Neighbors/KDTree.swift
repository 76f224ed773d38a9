import Parallelism

/// A left-balanced kd-tree over 3-D points: the neighbour search of every hot path.
///
/// Every leaf but the last holds exactly 16 points, stored as a structure of arrays so that a leaf is scanned four
/// points at a time; inner nodes lie in preorder. Splits halve the longest side of the points' box, at the median, so
/// that the depth is the logarithm of the count whatever the points: duplicates cost nothing extra.
///
/// Building is O(n log n) and uses all threads; the tree does not depend on their number. It holds 16 bytes per point
/// and half a byte of nodes, and keeps no reference to the given array. Indices fit 32 bits: a precondition holds that
/// there are fewer than 2^31 points.
public final class KDTree: NeighborSearch, @unchecked Sendable {
  static let leafSize = 16

  struct Node {
    var split: Float
    var axis: Int32
  }

  /// The number of points given, including those that are never found because a coordinate is not finite.
  public let count: Int
  let leaves: Int
  // Coordinates in leaf order, padded with infinities, and the indices of the given points.
  let xs, ys, zs: UnsafeMutablePointer<Float>
  let ids: UnsafeMutablePointer<Int32>
  let nodes: UnsafeMutablePointer<Node>

  /// Builds the tree of the given points, in metres.
  public init(_ positions: [SIMD3<Float>]) {
    precondition(positions.count < Int(Int32.max), "a KDTree holds fewer than 2^31 points")
    count = positions.count
    let entries = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: max(1, positions.count))
    defer { entries.deallocate() }
    let finite = Self.gather(positions, into: entries)
    leaves = max(1, (finite + Self.leafSize - 1) / Self.leafSize)
    let padded = leaves * Self.leafSize
    xs = .allocate(capacity: padded)
    ys = .allocate(capacity: padded)
    zs = .allocate(capacity: padded)
    ids = .allocate(capacity: padded)
    nodes = .allocate(capacity: leaves)
    KDTreeBuilder(entries: entries, count: finite, nodes: nodes).build(leaves: leaves)
    let (source, x, y, z, id) = (
      UncheckedPointer(entries), UncheckedPointer(xs), UncheckedPointer(ys), UncheckedPointer(zs), UncheckedPointer(ids)
    )
    Parallel.forEachChunk(padded, grain: 1 << 14) { range in
      for i in range {
        let inside = i < finite
        let e = inside ? source.base![i] : SIMD4(repeating: .infinity)
        x.base![i] = e.x
        y.base![i] = e.y
        z.base![i] = e.z
        id.base![i] = inside ? Int32(bitPattern: e.w.bitPattern) : -1
      }
    }
  }

  deinit {
    xs.deallocate()
    ys.deallocate()
    zs.deallocate()
    ids.deallocate()
    nodes.deallocate()
  }

  /// Copies the finite points with their indices in the fourth lane; returns their number.
  private static func gather(_ positions: [SIMD3<Float>], into entries: UnsafeMutablePointer<SIMD4<Float>>) -> Int {
    let out = UncheckedPointer(entries)
    let finite = positions.withUnsafeBufferPointer { buffer in
      nonisolated(unsafe) let p = buffer
      return Parallel.reduce(p.count, 0) { range in
        var finite = 0
        for i in range {
          let v = p[i]
          // Zero times a number that is not finite is not zero.
          finite &+= (v * 0 == .zero) ? 1 : 0
          out.base![i] = SIMD4(v, Float(bitPattern: UInt32(truncatingIfNeeded: i)))
        }
        return finite
      } _: {
        $0 + $1
      }
    }
    guard finite < positions.count else { return finite }
    var kept = 0
    for i in positions.indices where positions[i] * 0 == .zero {
      entries[kept] = entries[i]
      kept += 1
    }
    return kept
  }
}
