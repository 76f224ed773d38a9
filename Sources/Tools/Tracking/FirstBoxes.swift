import ArgumentParser
import Geometry
import PointClouds
import Rendering
import Tracking

/// The objects that a command is to follow, from boxes on the command line or from a file of labels.
struct FirstBoxes {
  /// Boxes in the frame of the scanner, for the first scan.
  let boxes: [Box3]
  /// The class of these boxes.
  let category: String
  /// A file of labels of which each object's first row counts; nil for the one beside the scans.
  let labels: String?
  /// The numbers of the objects wanted; all when nil.
  let chosen: [Int]?
  /// Whether labels are read in the rectified camera frame.
  let isRectified: Bool

  /// The objects, by their numbers.
  /// - Throws: when there is none, or one that is wanted is not there.
  func objects(_ recording: TrackingRecording) throws -> [TrackedObject] {
    let scans = recording.sequence.scans
    if !boxes.isEmpty {
      return boxes.enumerated().map { k, box in
        TrackedObject(track: k, category: category, firstFrame: scans.first?.frame ?? 0, firstBox: box)
      }
    }
    guard let file = labels ?? recording.labels else {
      throw CommandFailure(
        .usage, "no object to follow: give its first box with --box x,y,z,l,w,h,yaw, or a label file with --labels")
    }
    if recording.calibration == nil {
      Console.remark(
        "warning",
        "no calibration (--calib): the rows of \(file.terminalSafe) are taken in the axes of a camera that sits in the "
          + "scanner's place")
    }
    var objects = TrackedObject.first(
      of: try KITTILabel.read(file), recording.calibration ?? .upright, isRectified: isRectified)
    if let chosen {
      let all = Set(objects.map(\.track))
      if let absent = chosen.first(where: { !all.contains($0) }) {
        let known = all.sorted().prefix(12).map(String.init).joined(separator: ", ")
        throw CommandFailure(
          .damagedInput, "\(file): no object \(absent) (found \(known)\(all.count > 12 ? ", …" : ""))")
      }
      objects.removeAll { !chosen.contains($0.track) }
    }
    guard !objects.isEmpty else { throw CommandFailure(.damagedInput, "\(file): no object but DontCare in it") }
    return objects
  }

  /// A box `x,y,z,length,width,height,yaw`: the middle and the size in metres, the yaw in degrees.
  static func box(_ text: String) throws -> Box3 {
    let v = try Quantity.numbers(text, names: "x,y,z,length,width,height,yaw")
    guard v[3] > 0, v[4] > 0, v[5] > 0 else {
      throw ValidationError("'\(text)': length, width and height must be positive")
    }
    return Box3(center: Point3(v[0], v[1], v[2]), size: Point3(v[3], v[4], v[5]), yawRadians: v[6] * .pi / 180)
  }
}
