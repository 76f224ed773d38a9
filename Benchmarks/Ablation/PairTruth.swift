import Evaluation
import Geometry
import Registration

/// What is right in one pair of a benchmark.
struct PairTruth {
  private let item: PairItem
  private let truth: RigidTransform
  private let probe: HypothesisProbe
  private let local: RigidTransform
  private let center: Point3

  /// The truth of a pair; nil where the benchmark has none.
  init?(_ item: PairItem, _ probe: HypothesisProbe) {
    guard let truth = item.truth else { return nil }
    (self.item, self.truth, self.probe) = (item, truth, probe)
    local = probe.local(truth)
    center = probe.features.source.keypoints.mean
  }

  /// Whether the true pose brings two keypoints within a number of voxels.
  func confirms(_ c: Correspondence, voxels: Double) -> Bool {
    let (p, q) = (probe.features.source.keypoints[Int(c.source)], probe.features.target.keypoints[Int(c.target)])
    return (local(Point3(p)) - Point3(q)).length < voxels * probe.voxel
  }

  /// Whether a pose between true coordinates is right: the RMSE of 3DMatch at most 0.2 m where the benchmark has the matrix for
  /// it, else a rotation within 5 degrees and the middle of the keypoints within 4 voxels.
  func isRight(_ pose: RigidTransform) -> Bool {
    if let information = item.information {
      return information.rootMeanSquareError(of: truth.inverse * pose, .published).map { $0 <= 0.2 } ?? false
    }
    let found = probe.local(pose)
    return (local.rotation.inverse * found.rotation).angleDegrees < 5
      && (local(center) - found(center)).length < 4 * probe.voxel
  }

  /// The same for a pose between the working frames.
  func isRight(local pose: RigidTransform) -> Bool { isRight(probe.global(pose)) }
}
