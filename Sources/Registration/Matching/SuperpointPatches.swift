import Parallelism
import PointClouds

/// The patches of a cloud: which keypoints stand around each of its superpoints. Superpoints are keypoints themselves.
public struct SuperpointPatches: Sendable {
  /// How keypoints are given to superpoints.
  public enum Grouping: String, Sendable, CaseIterable {
    /// Every keypoint belongs to its nearest superpoint alone: the point-to-node grouping of GeoTransformer.
    case partition
    /// Every superpoint takes the keypoints nearest to it, also those of its neighbours.
    case nearest
  }

  /// For every superpoint its keypoints, nearest first; indices into the keypoints.
  public let patches: [[Int32]]

  /// The patches of keypoints (metres) around superpoints, given as indices into them, at most `limit` keypoints each.
  ///
  /// Of superpoints at the same distance the first takes the keypoint of a partition. Keypoints that are not finite
  /// belong to none.
  public init(_ keypoints: [SIMD3<Float>], superpoints: [Int32], grouping: Grouping, limit: Int) {
    precondition(superpoints.allSatisfy { keypoints.indices.contains(Int($0)) }, "superpoints are keypoints")
    let limit = max(0, limit)
    patches =
      switch grouping {
      case .partition: Self.partition(keypoints, superpoints, limit)
      case .nearest: Self.nearest(keypoints, superpoints, limit)
      }
  }

  private static func partition(_ keypoints: [SIMD3<Float>], _ superpoints: [Int32], _ limit: Int) -> [[Int32]] {
    let tree = KDTree(superpoints.map { keypoints[Int($0)] })
    let nearest = Parallel.map(keypoints.count, grain: 128) { tree.nearest(to: keypoints[$0]) ?? .none }
    var members = [[Neighbor]](repeating: [], count: superpoints.count)
    for (i, node) in nearest.enumerated() where node.index >= 0 {
      members[Int(node.index)].append(
        Neighbor(index: Int32(truncatingIfNeeded: i), squaredDistance: node.squaredDistance))
    }
    return members.map { patch in patch.sorted { $0.precedes($1) }.prefix(limit).map(\.index) }
  }

  private static func nearest(_ keypoints: [SIMD3<Float>], _ superpoints: [Int32], _ limit: Int) -> [[Int32]] {
    let tree = KDTree(keypoints)
    return Parallel.map(superpoints.count, grain: 32) { k in
      limit > 0 ? tree.neighbors(of: keypoints[Int(superpoints[k])], count: limit).map(\.index) : []
    }
  }
}
