import Geometry
import Parallelism

/// Surface normals by principal component analysis of a fixed number of nearest points: for clouds whose density varies
/// with the range, such as scans of a spinning LiDAR. See ``NormalEstimation`` for a fixed radius.
public struct NeighborNormals: Sendable {
  /// How many nearest points are taken, the point itself included.
  public var count: Int

  /// An estimation from `count` nearest points, at least three.
  public init(count: Int) {
    precondition(count >= 3, "normals of \(count) neighbours: three span a plane")
    self.count = count
  }

  /// The surface at every point of the array that the tree was made from.
  public func callAsFunction(_ positions: [SIMD3<Float>], tree: KDTree) -> NormalEstimation.Surface {
    precondition(tree.count == positions.count, "a tree of \(tree.count) points for \(positions.count)")
    let n = positions.count
    var normals = [SIMD3<Float>](repeating: .zero, count: n)
    var eigenvalues = [SIMD3<Float>](repeating: .zero, count: n)
    var counts = [Int32](repeating: 0, count: n)
    normals.withUnsafeMutableBufferPointer { normals in
      eigenvalues.withUnsafeMutableBufferPointer { eigenvalues in
        counts.withUnsafeMutableBufferPointer { counts in
          let (normals, eigenvalues) = (
            UncheckedPointer(normals.baseAddress), UncheckedPointer(eigenvalues.baseAddress)
          )
          let counts = UncheckedPointer(counts.baseAddress)
          Parallel.forEachChunk(n, grain: 128) { range in
            withUnsafeTemporaryAllocation(of: Neighbor.self, capacity: count) { list in
              for i in range {
                tree.neighbors(of: positions[i], count: count, into: list.baseAddress!)
                let moments = NeighborhoodMoments(list, around: positions[i], in: positions)
                counts.base![i] = Int32(moments.count)
                guard moments.count >= 3, let axes = moments.axes else { continue }
                eigenvalues.base![i] = axes.eigenvalues
                normals.base![i] = axes.normal
              }
            }
          }
        }
      }
    }
    return NormalEstimation.Surface(normals: normals, eigenvalues: eigenvalues, counts: counts)
  }
}

extension NeighborhoodMoments {
  /// The moments of listed points about `q`; the list ends at ``Neighbor/none``.
  @inline(__always)
  init(_ list: UnsafeMutableBufferPointer<Neighbor>, around q: SIMD3<Float>, in positions: [SIMD3<Float>]) {
    for neighbor in list where neighbor.index >= 0 {
      let d = positions[Int(neighbor.index)] - q
      count += 1
      sum += d
      xx += d.x * d.x
      xy += d.x * d.y
      xz += d.x * d.z
      yy += d.y * d.y
      yz += d.y * d.z
      zz += d.z * d.z
    }
  }
}
