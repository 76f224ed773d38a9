/// How a benchmark lies on the disk.
public enum Layout: String, Sendable, CaseIterable {
  /// 3DMatch and 3DLoMatch: scenes of fragments with gt.log (and gt.info, gt_overlap.log).
  case match3D = "3dmatch"
  /// KITTI odometry: sequences of scans with poses; pairs by the 10 m protocol or as listed.
  case odometry = "kitti-odometry"
  /// KITTI tracking: sequences of scans with labelled boxes.
  case tracking = "kitti-tracking"
  /// ETH: scenes of laser scans with gt.log.
  case eth = "eth"
  /// ModelNet40 as HDF5: pairs are cut from whole models.
  case modelNet = "modelnet"
  /// A list of pairs with their true poses.
  case pairs = "pairs"
  /// Scans of one format in order, without ground truth.
  case sequence = "sequence"
  /// One file of poses over time: TUM, KITTI or EuRoC.
  case trajectory = "trajectory"
}
