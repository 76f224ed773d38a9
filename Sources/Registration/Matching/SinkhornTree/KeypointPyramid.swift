import Geometry
import PointClouds

/// The levels of the tree over one cloud, all of them keypoints: superpoints first, all keypoints last.
///
/// Level l keeps the keypoint nearest to the mean of every cell of a grid whose cells halve from level to level; no
/// descriptor is computed anew (HST, section 3.1; there the levels are a network's).
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
    levels = [Float(4), 2, 1.5].map { voxels in
      let cell = voxels * voxel
      let chosen =
        voxels == 1.5
        ? features.keypoints.indices.map { Int32(truncatingIfNeeded: $0) }
        : KeypointSelection(cell: cell, limit: .max)(features.keypoints).indices
      return Level(indices: chosen, spacing: cell, tree: KDTree(chosen.map { features.keypoints[Int($0)] }))
    }
  }

  /// The keypoints of a level that are nearest to a keypoint: its children (Eq. 2).
  package func children(of keypoint: Int32, at level: Int) -> [Int32] {
    let level = levels[level]
    return level.tree.neighbors(of: features.keypoints[Int(keypoint)], count: width).map {
      level.indices[Int($0.index)]
    }
  }
}
