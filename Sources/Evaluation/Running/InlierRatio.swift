import Geometry
import Registration

/// The share of putative matches that the true pose confirms (Deng et al., CVPR 2018): matches whose points lie within a
/// distance of each other once the source is moved. A pair counts for feature-matching recall where it exceeds 5 %.
struct InlierRatio {
  /// Inliers are closer than this, metres.
  var distance = 0.1

  /// The share in [0, 1]; zero without matches.
  func callAsFunction(_ matches: [PutativeMatch], truth: RigidTransform) -> Double {
    let limit = distance * distance
    let inliers = matches.count { (truth($0.source) - $0.target).squaredLength < limit }
    return matches.isEmpty ? 0 : Double(inliers) / Double(matches.count)
  }
}
