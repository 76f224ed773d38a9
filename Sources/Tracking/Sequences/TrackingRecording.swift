import PointClouds

/// A recording to follow objects in: its scans, and what lies beside them in the layout of KITTI tracking.
///
/// That layout is `velodyne/NNNN/NNNNNN.bin`, `calib/NNNN.txt` and `label_02/NNNN.txt` in a folder or in `training/`
/// inside of it. Any other folder is taken for the scans themselves.
public struct TrackingRecording: Sendable {
  /// The scans.
  public let sequence: ScanSequence
  /// The calibration; nil where there is no file of it.
  public let calibration: KITTICalibration?
  /// The file of labels; nil where there is none.
  public let labels: String?

  /// The names of the sequences in a folder of KITTI's layout; nil for other folders.
  public static func sequences(in folder: String) -> [String]? {
    guard let base = base(folder) else { return nil }
    return FolderListing.ifThere(base + "/velodyne")?.folders
  }

  /// A recording.
  /// - Parameters:
  ///   - folder: a folder of scans, or one of KITTI's layout.
  ///   - sequence: the name of the sequence in KITTI's layout; nil for a folder of scans.
  ///   - calibration: a file that takes the place of the one beside the scans.
  /// - Throws: ``CloudFileError`` when something that is there cannot be read.
  public init(_ folder: String, sequence: String?, calibration: String? = nil) throws(CloudFileError) {
    guard let sequence, let base = TrackingRecording.base(folder) else {
      self.sequence = try ScanSequence(folder)
      if let calibration { self.calibration = try KITTICalibration(calibration) } else { self.calibration = nil }
      labels = nil
      return
    }
    self.sequence = try ScanSequence("\(base)/velodyne/\(sequence)")
    let beside = "\(base)/calib/\(sequence).txt"
    let file = calibration ?? (FolderListing.isFile(beside) ? beside : nil)
    if let file { self.calibration = try KITTICalibration(file) } else { self.calibration = nil }
    let rows = "\(base)/label_02/\(sequence).txt"
    labels = FolderListing.isFile(rows) ? rows : nil
  }

  /// Where `velodyne` with folders in it lies.
  private static func base(_ folder: String) -> String? {
    [folder, folder + "/training"].first { !(FolderListing.ifThere($0 + "/velodyne")?.folders ?? []).isEmpty }
  }
}
