import Foundation
import Geometry

/// A pair of real scans with its ground truth and the tolerance that a registration from scratch must hold.
struct RealPair: Sendable, CustomStringConvertible {
  enum Tolerance: Sendable {
    /// Rotation below the first number of degrees and translation below the second, metres.
    case pose(degrees: Double, metres: Double)
    /// Root mean square displacement of the source points below this many metres (3DMatch criterion: 0.2).
    case displacement(metres: Double)
  }

  let name: String
  let source: String
  let target: String
  let truth: String
  let tolerance: Tolerance
  /// Scans of one place; pairs of different places have no pose.
  let place: String
  /// Known to be ambiguous: reported, not required.
  var reportOnly = false

  var description: String { name }

  /// The root of the checkout.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The folder of real scans beside the checkout, or nil where there is none: nothing in Plumb needs it.
  static let folder: URL? = {
    let folder = root.deletingLastPathComponent().appending(path: "shared/data/real")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  static let all: [RealPair] = {
    let lidar = Tolerance.pose(degrees: 0.5, metres: 0.1)
    let indoor = Tolerance.displacement(metres: 0.2)
    let object = Tolerance.pose(degrees: 1, metres: 0.001)
    var pairs = [
      RealPair(
        name: "lidar_small_gicp", source: "lidar_small_gicp/source.ply", target: "lidar_small_gicp/target.ply",
        truth: "lidar_small_gicp/gt.txt", tolerance: lidar, place: "small_gicp"),
      RealPair(
        name: "lidar_balm_hku 30→20", source: "lidar_balm_hku_20_30/full30.pcd",
        target: "lidar_balm_hku_20_30/full20.pcd",
        truth: "lidar_balm_hku_20_30/gt_30_to_20.txt", tolerance: lidar, place: "hku"),
    ]
    for (a, b) in [(1, 0), (2, 0), (3, 0), (2, 1), (3, 2), (4, 3)] {
      let folder = "lidar_kitti07_submaps"
      pairs.append(
        RealPair(
          name: "lidar_kitti07 \(a)→\(b)", source: "\(folder)/00000\(a).ply", target: "\(folder)/00000\(b).ply",
          truth: "\(folder)/gt_\(a)_to_\(b).txt", tolerance: lidar, place: "kitti07", reportOnly: (a, b) == (3, 0)))
    }
    pairs += [
      RealPair(
        name: "tls_facade 3→2", source: "tls_facade_2_3/s3.pcd", target: "tls_facade_2_3/s2.pcd",
        truth: "tls_facade_2_3/gt.txt", tolerance: lidar, place: "facade"),
      RealPair(
        name: "outdoor_lpm 1→0", source: "outdoor_lpm_cloud_0_1/cloud_00001.ply",
        target: "outdoor_lpm_cloud_0_1/cloud_00000.ply", truth: "outdoor_lpm_cloud_0_1/gt.txt", tolerance: lidar,
        place: "lpm"),
      RealPair(
        name: "indoor_pcl_room 2→1", source: "indoor_pcl_room/room_scan2.pcd", target: "indoor_pcl_room/room_scan1.pcd",
        truth: "indoor_pcl_room/gt.txt", tolerance: lidar, place: "pcl_room"),
      RealPair(
        name: "kitti_tracking_0000 4→0", source: "kitti_tracking_0000/velodyne/000004.bin",
        target: "kitti_tracking_0000/velodyne/000000.bin", truth: "kitti_tracking_0000/gt_4_to_0_refined.txt",
        tolerance: lidar, place: "kitti0000"),
      RealPair(
        name: "indoor_pcl_kinect 2→1", source: "indoor_pcl_kinect_1_2/capture0002.pcd",
        target: "indoor_pcl_kinect_1_2/capture0001.pcd", truth: "indoor_pcl_kinect_1_2/gt.txt", tolerance: indoor,
        place: "kinect"),
      RealPair(
        name: "rgbd_redkitchen 1→0", source: "rgbd_redkitchen_0_1/cloud_bin_1.ply",
        target: "rgbd_redkitchen_0_1/cloud_bin_0.ply", truth: "rgbd_redkitchen_0_1/gt.txt", tolerance: indoor,
        place: "redkitchen"),
      RealPair(
        name: "rgbd_redkitchen 6→0", source: "rgbd_redkitchen_0_6_ds/src.ply", target: "rgbd_redkitchen_0_6_ds/ref.ply",
        truth: "rgbd_redkitchen_0_6_ds/gt.txt", tolerance: indoor, place: "redkitchen"),
    ]
    for (a, b) in [("045", "000"), ("090", "000"), ("090", "045")] {
      pairs.append(
        RealPair(
          name: "object_stanford_bunny \(a)→\(b)", source: "object_stanford_bunny/bun\(a).ply",
          target: "object_stanford_bunny/bun\(b).ply", truth: "object_stanford_bunny/gt_\(a)_to_\(b).txt",
          tolerance: object, place: "bunny"))
    }
    return pairs
  }()

  /// The 4x4 matrix of a ground-truth file as a rigid motion; published rotations are orthonormal to 1e-4 only.
  static func readTransform(_ url: URL) throws -> RigidTransform {
    let numbers = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
      .flatMap { $0.split(whereSeparator: \.isWhitespace) }.compactMap { Double($0) }
    precondition(numbers.count == 16, "\(url.path): \(numbers.count) numbers, 16 expected")
    let m = Matrix3(
      rows: Point3(numbers[0], numbers[1], numbers[2]), Point3(numbers[4], numbers[5], numbers[6]),
      Point3(numbers[8], numbers[9], numbers[10]))
    return RigidTransform(
      rotation: Rotation3(nearest: m), translation: Point3(numbers[3], numbers[7], numbers[11]))
  }
}
