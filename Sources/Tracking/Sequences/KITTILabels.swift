import Geometry
import PointClouds

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One row of a label file of KITTI tracking: an object in a frame, in the rectified camera frame.
public struct KITTILabel: Sendable, Equatable {
  /// The frame's number.
  public var frame: Int
  /// The object's number in the sequence.
  public var track: Int
  /// The object's class: Car, Van, Pedestrian, Cyclist, …
  public var category: String
  /// How far the object leaves the image, from 0 to 1 (some files hold levels 0 to 2).
  public var truncation: Double
  /// 0 visible, 1 partly, 2 largely occluded, 3 unknown.
  public var occlusion: Int
  /// The angle of observation, radians.
  public var alphaRadians: Double
  /// Left, top, right, bottom in the image, pixels; -1 where there is only a box in space.
  public var imageBox: [Double]
  /// Height, width, length, metres.
  public var heightWidthLength: Point3
  /// The middle of the bottom face (x right, y down, z forward), metres.
  public var bottomCenter: Point3
  /// The turn about the camera's y axis, radians.
  public var rotationYRadians: Double
  /// The score of a result; nil in ground truth.
  public var score: Double?

  /// A row from its values.
  public init(
    frame: Int, track: Int, category: String, truncation: Double = 0, occlusion: Int = 0, alphaRadians: Double = 0,
    imageBox: [Double] = [-1, -1, -1, -1], heightWidthLength: Point3, bottomCenter: Point3, rotationYRadians: Double,
    score: Double? = nil
  ) {
    self.frame = frame
    self.track = track
    self.category = category
    self.truncation = truncation
    self.occlusion = occlusion
    self.alphaRadians = alphaRadians
    self.imageBox = imageBox
    self.heightWidthLength = heightWidthLength
    self.bottomCenter = bottomCenter
    self.rotationYRadians = rotationYRadians
    self.score = score
  }

  /// Reads a file of labels (17 columns) or results (18 columns, the last a score). Rows of the class DontCare are left out.
  /// - Throws: ``CloudFileError`` that names file, line and column.
  public static func read(_ path: String) throws(CloudFileError) -> [KITTILabel] {
    try rows(TextRecords(path, expected: "a label file")).map(\.label)
  }

  /// The rows of a label file with their lines.
  /// - Parameter allowingImageOnly: whether rows may have a box in the image alone, their sizes being -1 or 0.
  static func rows(
    _ records: TextRecords, allowingImageOnly: Bool = false
  ) throws(CloudFileError) -> [(line: TextRecords.Line, label: KITTILabel)] {
    var labels: [(line: TextRecords.Line, label: KITTILabel)] = []
    for line in records.lines {
      guard line.words.count == 17 || line.words.count == 18 else {
        throw records.error(
          line, line.words.count,
          "\(line.words.count) columns, 17 (frame track type truncated occluded alpha left top right bottom h w l x y z "
            + "ry) or 18 with a score expected")
      }
      if line.words[2] == "DontCare" { continue }
      let frame = try records.integer(line, 0)
      let track = try records.integer(line, 1)
      guard frame >= 0 else { throw records.error(line, 0, "frame \(frame) is negative") }
      let numbers = try records.finiteNumbers(line, from: 3)
      let isFlat = allowingImageOnly && numbers[7...9].allSatisfy { $0 == -1 || $0 == 0 }
      guard isFlat || numbers[7...9].allSatisfy({ $0 > 0 }) else {
        throw records.error(line, 10, "height, width and length must be positive")
      }
      let label = KITTILabel(
        frame: frame, track: track, category: String(line.words[2]), truncation: numbers[0],
        occlusion: Int(numbers[1].rounded()), alphaRadians: numbers[2], imageBox: Array(numbers[3..<7]),
        heightWidthLength: Point3(numbers[7], numbers[8], numbers[9]),
        bottomCenter: Point3(numbers[10], numbers[11], numbers[12]), rotationYRadians: numbers[13],
        score: numbers.count > 14 ? numbers[14] : nil)
      labels.append((line, label))
    }
    return labels
  }

  /// The angle at which the camera sees the box: the turn less the direction towards it, `ry - atan2(x, z)`, in [-π, π).
  package var observationRadians: Double { Heading.wrapped(rotationYRadians - atan2(bottomCenter.x, bottomCenter.z)) }

  /// The row as it stands in a file, without a line break.
  public var text: String {
    let values =
      [alphaRadians] + imageBox
      + [
        heightWidthLength.x, heightWidthLength.y, heightWidthLength.z, bottomCenter.x, bottomCenter.y, bottomCenter.z,
        rotationYRadians,
      ] + (score.map { [$0] } ?? [])
    return "\(frame) \(track) \(category) \(truncation) \(occlusion) " + values.map { "\($0)" }.joined(separator: " ")
  }
}

extension KITTICalibration {
  /// From the scanner's frame to the rectified camera frame, in which labels are written.
  /// - Parameter isRectified: false leaves the rectification out, as some published code does.
  public func labelFromScanner(isRectified: Bool = true) -> RigidTransform {
    isRectified ? RigidTransform(rotation: rectification) * cameraFromScanner : cameraFromScanner
  }

  /// The box of a label in the scanner's frame: `c = (R0·Tr)⁻¹ (x, y - h/2, z)`, `yaw = -ry - π/2`, size (l, w, h).
  public func box(of label: KITTILabel, isRectified: Bool = true) -> Box3 {
    let (h, w, l) = (label.heightWidthLength.x, label.heightWidthLength.y, label.heightWidthLength.z)
    let center = label.bottomCenter - Point3(0, h / 2, 0)
    return Box3(
      center: labelFromScanner(isRectified: isRectified).inverse(center), size: Point3(l, w, h),
      yawRadians: -label.rotationYRadians - .pi / 2)
  }

  /// The label of a box in the scanner's frame, inverse of ``box(of:isRectified:)``; the turn lies in [-π, π).
  ///
  /// With the projection P2 it has the box in the image of the given size, too; without it, and where the image does not
  /// show the box, the four numbers are -1.
  public func label(
    of box: Box3, frame: Int, track: Int, category: String, isRectified: Bool = true, image: ImageSize = .kitti,
    score: Double? = nil
  ) -> KITTILabel {
    let center = labelFromScanner(isRectified: isRectified)(box.center)
    var label = KITTILabel(
      frame: frame, track: track, category: category,
      heightWidthLength: Point3(box.size.z, box.size.y, box.size.x),
      bottomCenter: center + Point3(0, box.size.z / 2, 0),
      rotationYRadians: Heading.wrapped(-box.yawRadians - .pi / 2), score: score)
    label.alphaRadians = label.observationRadians
    label.imageBox = imageBox(of: label, isRectified: isRectified, in: image) ?? label.imageBox
    return label
  }
}
