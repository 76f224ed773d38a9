import Geometry
import PointClouds

/// The levels of the tree over one cloud, all of them keypoints: superpoints first, all keypoints last.
///
/// The upper levels keep the keypoint nearest to the mean of every cell of a grid; no descriptor is computed anew (HST,
/// section 3.1; there the levels are a network's).
package struct KeypointPyramid: Sendable {
  /// One level: keypoint indices, ascending.
  package struct Level: Sendable {
    package let indices: [Int32]
    /// The edge of a cell, metres: about the distance of neighbours.
    let spacing: Float
    let tree: KDTree
  }

  let features: Features
  /// From superpoints to all keypoints.
  package let levels: [Level]
  /// How many children a node has at most, k of Eq. 2.
  let width: Int

  /// The pyramid with cells of 4 and 2 voxels, and all keypoints, which stand in cells of 1.5 voxels or more.
  package init(_ features: Features, voxel: Float, width: Int = 16) {
    self.features = features
    self.width = width
    let points = features.keypoints
    func level(_ indices: [Int32], _ spacing: Float) -> Level {
      Level(indices: indices, spacing: spacing, tree: KDTree(indices.map { points[Int($0)] }))
    }
    let thinned = [4 * voxel, 2 * voxel].map { level(KeypointSelection(cell: $0, limit: .max)(points).indices, $0) }
    levels = thinned + [level(points.indices.map { Int32(truncatingIfNeeded: $0) }, 1.5 * voxel)]
  }

  /// The keypoints of a level that are nearest to a keypoint: its children (Eq. 2).
  package func children(of keypoint: Int32, at level: Int) -> [Int32] {
    let level = levels[level]
    return level.tree.neighbors(of: features.keypoints[Int(keypoint)], count: width).map {
      level.indices[Int($0.index)]
    }
  }
}
