import Geometry
import Parallelism
import Solvers

/// Poses from the correspondences of patches: each patch proposes, all correspondences decide
/// (LGR; GeoTransformer, CVPR 2022).
///
/// Every patch with three correspondences or more gives one weighted alignment. A pose is worth the number of
/// correspondences of all patches that it brings within the radius of each other, unweighted. The best is aligned again, by
/// weight, to the correspondences within the radius, some rounds long.
///
/// Complexity: O(patches x correspondences).
public struct LocalToGlobalRegistration: Sendable {
  /// Where a correspondence still agrees with a pose, metres: two working voxels.
  public var radius: Double
  /// How often the best pose is aligned again.
  public var refits = 5

  /// A registration with its radius, metres, positive.
  public init(radius: Double) { self.radius = radius }

  /// A pose that a patch proposes.
  public struct Hypothesis: Sendable, Equatable {
    /// The pose from source to target.
    public var transform: RigidTransform
    /// The patch, by its place in the list.
    public var patch: Int
    /// How many correspondences of all patches agree.
    public var inlierCount: Int
  }

  /// What came out.
  public struct Result: Sendable, Equatable {
    /// The poses of the patches by descending count, then by patch; empty where no patch fixes a pose.
    public var hypotheses: [Hypothesis]
    /// The best pose after its refits; from all correspondences together where no patch fixes one. Nil when these leave it
    /// open as well.
    public var transform: RigidTransform?
    /// How many correspondences agree with it.
    public var inlierCount: Int
  }

  /// The poses of the patches, and the best of them refitted.
  /// - Parameters:
  ///   - patches: the correspondences of the coarse matches, as ``FineMatcher`` gives them.
  ///   - source: keypoints, metres.
  ///   - target: keypoints, metres.
  public func callAsFunction(
    _ patches: [PatchMatches], source: [SIMD3<Float>], target: [SIMD3<Float>]
  ) -> Result {
    let all = distinct(patches, source, target)
    let hypotheses = Parallel.map(patches.count, grain: 4) { k -> Hypothesis? in
      let patch = patches[k]
      guard patch.correspondences.count >= 3 else { return nil }
      var alignment = RigidAlignment()
      for (c, w) in zip(patch.correspondences, patch.weights) {
        alignment.add(Point3(source[Int(c.source)]), Point3(target[Int(c.target)]), weight: Double(w))
      }
      guard let pose = alignment.transform else { return nil }
      return Hypothesis(transform: pose, patch: k, inlierCount: inliers(of: pose, all).count)
    }.compactMap { $0 }.sorted {
      $0.inlierCount != $1.inlierCount ? $0.inlierCount > $1.inlierCount : $0.patch < $1.patch
    }
    var result = Result(hypotheses: hypotheses, transform: nil, inlierCount: 0)
    guard var pose = hypotheses.first?.transform ?? align(all, Array(all.indices)) else { return result }
    for _ in 0..<max(0, refits) {
      guard let better = align(all, inliers(of: pose, all)) else { break }
      pose = better
    }
    (result.transform, result.inlierCount) = (pose, inliers(of: pose, all).count)
    return result
  }

  private typealias Pair = (source: SIMD3<Float>, target: SIMD3<Float>, weight: Float)

  /// Every correspondence once: with its largest weight, where patches share it.
  private func distinct(_ patches: [PatchMatches], _ source: [SIMD3<Float>], _ target: [SIMD3<Float>]) -> [Pair] {
    var places: [Correspondence: Int] = [:]
    var pairs: [Pair] = []
    for patch in patches {
      for (c, w) in zip(patch.correspondences, patch.weights) {
        if let place = places[c] {
          pairs[place].weight = max(pairs[place].weight, w)
        } else {
          places[c] = pairs.count
          pairs.append((source[Int(c.source)], target[Int(c.target)], w))
        }
      }
    }
    return pairs
  }

  private func inliers(of pose: RigidTransform, _ pairs: [Pair]) -> [Int] {
    let (fast, bound) = (FastTransform(pose), Float(radius * radius))
    return pairs.indices.filter { (fast(pairs[$0].source) - pairs[$0].target).squaredLength < bound }
  }

  private func align(_ pairs: [Pair], _ members: [Int]) -> RigidTransform? {
    guard members.count >= 3 else { return nil }
    var alignment = RigidAlignment()
    for i in members {
      alignment.add(Point3(pairs[i].source), Point3(pairs[i].target), weight: Double(pairs[i].weight))
    }
    return alignment.transform
  }
}
