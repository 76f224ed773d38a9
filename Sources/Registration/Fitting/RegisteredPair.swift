import Geometry
import PointClouds

/// Two scans with their true pose, described as ``Registrar`` does it: what descriptors are fitted to and measured on.
package struct RegisteredPair: Sendable {
  /// The keypoints of both scans with fixed descriptors.
  package let features: (source: Features, target: Features)
  /// The true pose between the working frames.
  let truth: RigidTransform
  /// Edge of the working voxel, metres.
  package let voxel: Double

  /// Prepares and describes both clouds at the voxel that the registrar would choose.
  /// - Parameter truth: maps source points to target points.
  /// - Throws: ``RegistrationError`` for clouds that cannot fix a pose.
  package init(source: PointCloud, target: PointCloud, truth: RigidTransform) throws(RegistrationError) {
    let scans = (try PreparedScan(source, name: "source"), try PreparedScan(target, name: "target"))
    let pair = try PreparedPair(source: scans.0, target: scans.1, settings: Registrar.Settings())
    features = pair.features(.fixed)
    self.truth = pair.local(truth)
    voxel = pair.voxel
  }

  /// The pair the other way round, with the inverse pose.
  package var swapped: RegisteredPair {
    RegisteredPair(features: (features.target, features.source), truth: truth.inverse, voxel: voxel)
  }

  private init(features: (source: Features, target: Features), truth: RigidTransform, voxel: Double) {
    (self.features, self.truth, self.voxel) = (features, truth, voxel)
  }

  /// Keypoints of the source with the nearest one of the target under the true pose, within 0.75 voxels and with normals
  /// that differ by less than 60 degrees; by ascending source.
  package var trueMatches: [Correspondence] {
    let radius = Float(0.75 * voxel)
    let (source, target) = (features.source, features.target)
    let grid = FixedRadiusGrid(target.keypoints, cell: radius)
    let turn = RigidTransform(rotation: truth.rotation)
    return source.keypoints.indices.compactMap { i in
      var nearest: (distance: Float, index: Int32)?
      grid.forEachNeighbor(of: SIMD3<Float>(truth(Point3(source.keypoints[i]))), radius: radius) { k, distance in
        let candidate = (distance: distance, index: grid.indices[k])
        if let best = nearest, (best.distance, best.index) <= (candidate.distance, candidate.index) { return }
        nearest = candidate
      }
      guard let j = nearest?.index else { return nil }
      let agreement = turn(Point3(source.normals[i])).dot(Point3(target.normals[Int(j)]))
      return agreement > 0.5 ? Correspondence(source: Int32(truncatingIfNeeded: i), target: j) : nil
    }
  }

  /// The share of mutual nearest descriptors whose keypoints lie within two voxels under the true pose, and how many they
  /// are; zero of none.
  /// - Parameter map: applied to the descriptors; nil compares them as they are.
  package func inliers(_ map: DescriptorMap?) -> (share: Double, matches: Int) {
    let (source, target) = map.map { ($0(features.source), $0(features.target)) } ?? features
    let matches = DescriptorMatcher()(source: source, target: target)
    let limit = 4 * voxel * voxel
    let right = matches.count { match in
      let (s, t) = (Int(match.correspondence.source), Int(match.correspondence.target))
      return (truth(Point3(source.keypoints[s])) - Point3(target.keypoints[t])).squaredLength < limit
    }
    return (matches.isEmpty ? 0 : Double(right) / Double(matches.count), matches.count)
  }
}
