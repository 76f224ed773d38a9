import Geometry
import PointClouds
import Tracking

/// One sequence of KITTI odometry: its poses in the scanner's frame, and its scans.
struct OdometrySequence {
  private let base: String
  private let sequence: String
  /// From the scanner to the camera.
  let calibration: RigidTransform
  /// World (the first camera) from camera, one per frame.
  private let cameraPoses: [RigidTransform]
  /// World (the first scan) from scanner, one per frame: `inv(Tr) P Tr`.
  private let poses: [RigidTransform]
  /// The frames with a scan; nil without any scan.
  private let scans: [Int]?
  /// Whether there is a calib.txt.
  let isCalibrated: Bool

  init(base: String, sequence: String) throws(CloudFileError) {
    (self.base, self.sequence) = (base, sequence)
    let file = "\(base)/sequences/\(sequence)/calib.txt"
    isCalibrated = FolderListing.isFile(file)
    calibration = isCalibrated ? try KITTICalibration(file).cameraFromScanner : Self.usual
    cameraPoses = try TrajectoryFile.poses("\(base)/poses/\(sequence).txt")
    let calibration = calibration
    poses = cameraPoses.map { calibration.inverse * $0 * calibration }
    let files = FolderListing.ifThere("\(base)/sequences/\(sequence)/velodyne")?.files ?? []
    let numbers = files.filter { $0.hasSuffix(".bin") }.compactMap { Int($0.dropLast(4)) }.sorted()
    scans = numbers.isEmpty ? nil : numbers
  }

  /// The scanner's place in the published code, which knows no calib.txt.
  static let usual: RigidTransform = {
    let rows = Matrix3(
      rows: Point3(7.533745e-03, -9.999714e-01, -6.166020e-04), Point3(1.480249e-02, 7.280733e-04, -9.998902e-01),
      Point3(9.998621e-01, 7.523790e-03, 1.480755e-02))
    return RigidTransform(
      rotation: Rotation3(nearest: rows), translation: Point3(-4.069766e-03, -7.631618e-02, -2.717806e-01))
  }()

  /// The scan of a frame.
  func cloud(_ frame: Int) -> CloudReference {
    let digits = String(frame)
    let name = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    return CloudReference(path: "\(base)/sequences/\(sequence)/velodyne/\(name).bin")
  }

  /// The pairs (later, earlier) that are chosen by distance.
  var pairsByDistance: [(Int, Int)] {
    OdometryPairs.frames(cameraPoses.map(\.translation), scans: scans).map { ($0.1, $0.0) }
  }

  /// The pairs of a list, lines `i j`.
  func pairs(in path: String) throws(CloudFileError) -> [(Int, Int)] {
    let records = try TextRecords(path, expected: "a list of pairs")
    var (pairs, seen): ([(Int, Int)], [PairNumbers: Int]) = ([], [:])
    for line in records.lines {
      guard line.words.count == 2 else {
        throw records.error(line, "\(line.words.count) values, two frames are expected")
      }
      let (i, j) = (try records.integer(line, 0), try records.integer(line, 1))
      for (column, frame) in [i, j].enumerated() where !poses.indices.contains(frame) {
        throw records.error(line, column, "frame \(frame) has no pose (\(poses.count) poses)")
      }
      guard i != j else { throw records.error(line, "\(i) \(j) are no two frames") }
      if let first = seen.updateValue(line.number, forKey: PairNumbers(first: i, second: j)) {
        throw records.error(line, "pair \(i) \(j) is on line \(first) already")
      }
      pairs.append((i, j))
    }
    return pairs
  }

  /// From scan j to scan i: `inv(V_i) V_j`.
  func truth(_ i: Int, _ j: Int) -> RigidTransform { poses[i].inverse * poses[j] }

  /// The same, refined by what `icp/DRIVE_J_I.npy` holds.
  func refinedTruth(
    _ i: Int, _ j: Int, _ order: OdometryTruth
  ) throws(CloudFileError) -> (truth: RigidTransform, isRefined: Bool) {
    let name = "icp/\(Int(sequence) ?? 0)_\(j)_\(i).npy"
    for path in ["\(base)/\(name)", "\(base)/../\(name)"] where FolderListing.isFile(path) {
      let stored = try NPYPose.read(path)
      if order == .published { return (stored, true) }
      // The files are made with the usual place of the scanner: stored = M · reg.
      let moved = Self.usual.inverse * cameraPoses[i].inverse * cameraPoses[j] * Self.usual
      return (moved.inverse * stored * moved, true)
    }
    return (truth(i, j), false)
  }
}
