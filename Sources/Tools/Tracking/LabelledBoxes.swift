import Geometry
import Tracking

extension FirstBoxes {
  /// The labelled boxes of objects by number and frame, in the frame of the scanner, to hold tracks against: those of the
  /// file that first boxes come from. Rows with a score are somebody's results and tell nothing.
  /// - Throws: when the file cannot be read.
  func labelled(_ recording: TrackingRecording) throws -> [Int: [Int: Box3]] {
    guard boxes.isEmpty, let file = labels ?? recording.labels else { return [:] }
    let calibration = recording.calibration ?? .upright
    var found: [Int: [Int: Box3]] = [:]
    for label in try KITTILabel.read(file) where label.score == nil {
      found[label.track, default: [:]][label.frame] = calibration.box(of: label, isRectified: isRectified)
    }
    return found
  }
}
