import Geometry
import PointClouds

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How alike the surfaces look that a pose lays on each other: the descriptors of all keypoints of the overlap speak, not
/// only those of the matches.
///
/// A keypoint i with a partner j within 2 voxels and 60 degrees counts by how its descriptor distance stands to what is
/// usual: with d²ᵢⱼ the squared distance, kᵢ and kⱼ those to the second nearest keypoint of the other cloud, and s = 0.3
/// times the median of k,
///
///     z = ((kᵢ + kⱼ)/2 - d²ᵢⱼ) / s,    G = Σ 1 / (1 + exp(-2z))
///
/// Wrong poses lay walls on walls, but hardly on the same spot of them.
struct DescriptorAgreement: Sendable {
  private let source, target: Side
  private let scale: Float
  private let reach: Float

  /// One of the two clouds.
  private struct Side: Sendable {
    let features: Features
    /// The squared distance to the second nearest descriptor of the other cloud, per keypoint.
    let usual: [Float]
    /// For every point of the surface the nearest keypoint.
    let keypoints: [Int32]
    let cloud: CheckedCloud

    init(_ features: Features, _ neighbors: [DescriptorNeighbors.Nearest], _ cloud: CheckedCloud) {
      self.features = features
      self.cloud = cloud
      usual = neighbors.map { $0.distances.second.isFinite ? $0.distances.second : 0 }
      keypoints = KDTree(features.keypoints).nearest(to: cloud.surface.positions).map(\.index)
    }
  }

  /// Prepares two described clouds of a common voxel, metres.
  init(
    _ features: (source: Features, target: Features), neighbors: DescriptorNeighbors, source: CheckedCloud,
    target: CheckedCloud, voxel: Double
  ) {
    self.source = Side(features.source, neighbors.source, source)
    self.target = Side(features.target, neighbors.target, target)
    let all = (self.source.usual + self.target.usual).sorted()
    scale = all.isEmpty ? 1 : max(0.3 * all[all.count / 2], .leastNormalMagnitude)
    reach = Float(2 * voxel)
  }

  /// The mean G of both directions under a pose, scaled to 2700 keypoints.
  func callAsFunction(_ pose: RigidTransform) -> Double {
    (sum(source, on: target, pose) + sum(target, on: source, pose.inverse)) / 2
  }

  private func sum(_ moved: Side, on fixed: Side, _ pose: RigidTransform) -> Double {
    let fast = FastTransform(pose)
    var sum: Float = 0
    moved.features.keypoints.withUnsafeBufferPointer { keypoints in
      fixed.cloud.grid.lookUp(keypoints, moved: fast) { i, x, point in
        guard point >= 0 else { return }
        let j = Int(fixed.keypoints[point])
        guard j >= 0, (fixed.features.keypoints[j] - x).squaredLength < reach * reach,
          fast.turn(moved.features.normals[i]).dot(fixed.features.normals[j]) > 0.5
        else { return }
        let d = moved.features.squaredDistance(i, to: j, of: fixed.features)
        let z = (0.5 * (moved.usual[i] + fixed.usual[j]) - d) / scale
        sum += 1 / (1 + expf(-2 * z))
      }
    }
    return Double(sum) * 2700 / Double(max(moved.features.count, 1))
  }
}
