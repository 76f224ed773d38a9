import Geometry

/// The pairs of KITTI odometry that papers test on, chosen by distance (X. Bai et al., D3Feat, CVPR 2020).
package enum OdometryPairs {
  /// The frames (t, u) of one sequence: t is the first frame that is free; u the one before the first of t...t+99 that lies
  /// more than 10 m from t. Where none does, t moves on by one; else the next t is u + 1. A pair is left out where its second
  /// scan is missing; all ends where t is. Where the very next frame is too far away the pair is made of these two.
  /// - Parameters:
  ///   - positions: where the camera stood at each frame, metres.
  ///   - scans: the frames that have a scan, ascending; every frame of the poses when nil.
  package static func frames(_ positions: [Point3], scans: [Int]? = nil, distance: Double = 10) -> [(Int, Int)] {
    let numbers = scans ?? Array(positions.indices)
    let isThere = Set(numbers.filter { positions.indices.contains($0) })
    var pairs: [(Int, Int)] = []
    var t = numbers.first ?? 0
    while isThere.contains(t) {
      let window = t..<min(t + 100, positions.count)
      guard let far = window.first(where: { (positions[$0] - positions[t]).length > distance }) else {
        t += 1
        continue
      }
      let u = max(far - 1, t + 1)
      guard isThere.contains(u) else {
        t += 1
        continue
      }
      pairs.append((t, u))
      t = u + 1
    }
    return pairs
  }

  /// The pair that the papers leave out, as sequence and frames.
  static func isLeftOut(_ sequence: String, _ t: Int, _ u: Int) -> Bool { sequence == "08" && t == 15 && u == 58 }
}

/// The two orders in which the refined ground truth of KITTI odometry can be composed.
///
/// Published code moves the first scan by M, the motion of the poses, and refines that by ICP to `reg`. It stores
/// `M · reg`, although reg acts after M, so that `reg · M` would be consistent. Both are the same where there is no file
/// `icp/DRIVE_I_J.npy`: then the truth is M.
public enum OdometryTruth: String, Sendable, CaseIterable {
  /// `M · reg`, as stored: figures compare with published ones.
  case published
  /// `reg · M`.
  case exact
}
