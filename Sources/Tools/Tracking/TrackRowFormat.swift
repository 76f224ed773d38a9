import Geometry
import Rendering
import Tracking

/// How the boxes of a track are written, one row for each object and frame.
enum TrackRowFormat {
  /// Rows of results of KITTI tracking, in the rectified camera frame of a calibration, with the box in an image of a size
  /// where the calibration has a P2. The score is the fitness, 0 where the object is not seen.
  case kitti(KITTICalibration, isRectified: Bool, ImageSize)
  /// JSON objects in the frame of the scanner, with velocity and covariance.
  case jsonLines

  /// The extensions with what they stand for, for messages.
  static let extensions = ".txt (KITTI label rows) or .jsonl (JSON lines)"

  /// A row with its line break.
  func text(_ row: SequenceTracker.Row) -> String {
    switch self {
    case .kitti(let calibration, let isRectified, let image):
      calibration.label(
        of: row.found.box, frame: row.frame, track: row.track, category: row.category, isRectified: isRectified,
        image: image, score: row.found.isSeen ? row.found.fitness : 0
      ).text + "\n"
    case .jsonLines: Self.json(row).text + "\n"
    }
  }

  private static func json(_ row: SequenceTracker.Row) -> JSONValue {
    let (box, found) = (row.found.box, row.found)
    func vector(_ p: Point3) -> JSONValue { .array([.number(p.x), .number(p.y), .number(p.z)]) }
    let covariance = found.covariance.map { c in
      JSONValue.array((0..<4).map { i in .array((0..<4).map { j in .number(c[i, j]) }) })
    }
    return .members([
      "frame": .integer(row.frame), "track": .integer(row.track), "type": .string(row.category),
      "center": vector(box.center), "size": vector(box.size), "yaw_radians": .number(box.yawRadians),
      "seen": .bool(found.isSeen), "fitness": .number(found.fitness), "points": .integer(found.pointsUsed),
      "velocity_per_frame": vector(found.velocity), "yaw_rate_per_frame": .number(found.yawRate),
      "covariance": covariance ?? .null,
    ])
  }
}
