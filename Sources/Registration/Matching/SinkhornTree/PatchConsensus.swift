import Geometry
import PointClouds
import Solvers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A pose that the surroundings of one coarse match agree on.
package struct PatchHypothesis: Sendable {
  /// The superpoints, as keypoint indices.
  package let coarse: Correspondence
  /// The pose of the patch.
  package let pose: RigidTransform
  /// The keypoints that agree on it.
  package let members: [Correspondence]
  /// How strong the agreement is, and how well its pose takes the one superpoint to the other.
  package let consensus: Float
  /// The overlap that the tree found under the pose; see ``SinkhornTree``.
  package var overlap: Float = 0
}

/// Judges a coarse match by its surroundings: do the keypoints around both ends agree on one motion?
///
/// Keypoints within the radius of the superpoints I and J that are mutually nearest inside the two patches form a
/// ``ConsensusGraph``; the clique grown from the match with the most support gives the pose T. The score is
///
///     √(max row of S) exp(-|T I - J|² / (2 (3v)²))
///
/// with the second-order support S. It is zero for fewer than three members.
struct PatchConsensus: Sendable {
  let source, target: KeypointPyramid
  private let shortlists: (source: Shortlists, target: Shortlists)
  /// Edge of the working voxel, metres.
  let voxel: Float
  /// The radius of a patch, voxels.
  var radius: Float = 18
  /// Members of a clique at most.
  var limit = 40

  /// A judge of the coarse matches of two clouds of a working voxel, metres.
  init(_ pyramids: PyramidPair, voxel: Float) {
    (source, target, self.voxel) = (pyramids.source, pyramids.target, voxel)
    shortlists = (.ofSource(pyramids.distances), .ofTarget(pyramids.distances))
  }

  /// The pose of the patches around a coarse match; nil when fewer than three keypoints agree.
  func callAsFunction(_ coarse: Correspondence) -> PatchHypothesis? {
    let (a, b) = (source.features, target.features)
    let pairs = mutual(patch(of: coarse.source, in: source), patch(of: coarse.target, in: target))
    guard pairs.count >= 3 else { return nil }
    let graph = ConsensusGraph(
      source: pairs.map { a.keypoints[Int($0.source)] }, target: pairs.map { b.keypoints[Int($0.target)] },
      sourceNormals: pairs.map { a.normals[Int($0.source)] }, targetNormals: pairs.map { b.normals[Int($0.target)] },
      tolerance: .init(length: 1.2 * voxel, minimumLength: voxel, cosine: 0.25))
    // The clique starts with its seed, the one with the most support.
    guard let clique = graph.greedyCliques(seeds: 1, limit: limit).first else { return nil }
    let members = clique.map { pairs[$0] }
    let alignment = RigidAlignment(
      members.lazy.map { (Point3(a.keypoints[Int($0.source)]), Point3(b.keypoints[Int($0.target)])) })
    guard let pose = alignment.transform else { return nil }
    let miss = FastTransform(pose)(a.keypoints[Int(coarse.source)]) - b.keypoints[Int(coarse.target)]
    let sigma = 3 * voxel
    let score = Float(graph.supportSum(clique[0])).squareRoot() * expf(-miss.squaredLength / (2 * sigma * sigma))
    return PatchHypothesis(coarse: coarse, pose: pose, members: members, consensus: score)
  }

  private func patch(of keypoint: Int32, in pyramid: KeypointPyramid) -> [Int32] {
    guard let finest = pyramid.levels.last else { return [] }
    let center = pyramid.features.keypoints[Int(keypoint)]
    return finest.tree.neighbors(of: center, within: radius * voxel).map { finest.indices[Int($0.index)] }.sorted()
  }

  /// The pairs that are each other's nearest inside two patches and in each other's shortlists, by source index.
  private func mutual(_ a: [Int32], _ b: [Int32]) -> [Correspondence] {
    let (inA, inB) = (Membership(a, of: source.features.count), Membership(b, of: target.features.count))
    return a.compactMap { i in
      guard let j = shortlists.source.withList(of: i, { $0.first { inB[$0] } }),
        shortlists.target.withList(of: j, { $0.first { inA[$0] } }) == i
      else { return nil }
      return Correspondence(source: i, target: j)
    }
  }
}

/// Which keypoints belong to a patch.
private struct Membership {
  private var marks: [Bool]

  init(_ patch: [Int32], of count: Int) {
    marks = [Bool](repeating: false, count: count)
    for i in patch { marks[Int(i)] = true }
  }

  @inline(__always)
  subscript(_ i: Int32) -> Bool { marks[Int(i)] }
}
