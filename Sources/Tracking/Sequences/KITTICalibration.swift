import Geometry
import PointClouds

/// The calibration of a KITTI recording: where the scanner sits relative to the cameras.
///
/// Both spellings are read: `Tr_velo_cam`, `R_rect` of the tracking benchmark, with or without colons, and
/// `Tr_velo_to_cam`, `R0_rect` of its copies; `Tr` of the odometry benchmark.
public struct KITTICalibration: Sendable, Equatable {
  /// From the scanner's frame (x forward, y left, z up) to the unrectified camera frame (x right, y down, z forward).
  public var cameraFromScanner: RigidTransform
  /// From the unrectified to the rectified camera frame; the identity where the file has none.
  public var rectification: Rotation3
  /// How the left colour camera sees points of the rectified camera frame, P2; nil where it is not known.
  public var camera: CameraProjection?

  /// A calibration.
  public init(
    cameraFromScanner: RigidTransform, rectification: Rotation3 = .identity, camera: CameraProjection? = nil
  ) {
    self.cameraFromScanner = cameraFromScanner
    self.rectification = rectification
    self.camera = camera
  }

  /// A scanner in the camera's place: its x axis forward, y left, z up.
  public static let upright = KITTICalibration(
    cameraFromScanner: RigidTransform(
      rotation: Rotation3(nearest: Matrix3(rows: Point3(0, -1, 0), Point3(0, 0, -1), Point3(1, 0, 0)))))

  /// Reads calib.txt; of its projections only P2 is.
  /// - Throws: ``CloudFileError`` that names the line, or the missing entry with the names that were found.
  public init(_ path: String) throws(CloudFileError) {
    let records = try TextRecords(path, limit: 1 << 20, expected: "a calibration")
    var names: [String] = []
    var cameraFromScanner: RigidTransform?
    var rectification = Rotation3.identity
    var camera: CameraProjection?
    for line in records.lines {
      let name = line.words[0].hasSuffix(":") ? line.words[0].dropLast() : line.words[0]
      names.append(String(name))
      let isPose = KITTICalibration.poses.contains(String(name))
      guard isPose || name == "P2" || KITTICalibration.rotations.contains(String(name)) else { continue }
      let numbers = try records.finiteNumbers(line, from: 1)
      let n = isPose || name == "P2" ? 12 : 9
      guard numbers.count == n else { throw records.error(line, "\(name) has \(numbers.count) numbers, \(n) expected") }
      if name == "P2" {
        camera = CameraProjection(rowMajor: numbers)
        continue
      }
      var rows = numbers
      if !isPose { for end in [3, 7, 11] { rows.insert(0, at: end) } }
      do throws(NotARigidMotion) {
        let motion = try RigidTransform(rowMajor: rows)
        if isPose { cameraFromScanner = motion } else { rectification = motion.rotation }
      } catch {
        throw records.error(line, "\(name) is \(error)")
      }
    }
    guard let cameraFromScanner else {
      throw CloudFileError(
        .damaged, path,
        "no entry Tr_velo_cam, Tr_velo_to_cam or Tr (found \(names.prefix(8).joined(separator: ", ")))")
    }
    self.init(cameraFromScanner: cameraFromScanner, rectification: rectification, camera: camera)
  }

  private static let poses: Set = ["Tr_velo_cam", "Tr_velo_to_cam", "Tr"]
  private static let rotations: Set = ["R_rect", "R0_rect"]
}
