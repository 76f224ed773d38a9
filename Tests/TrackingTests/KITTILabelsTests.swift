import Foundation
import Geometry
import PointClouds
import Testing
import Tracking

@Suite struct KITTILabelsTests {
  static let calibration = KITTICalibration(
    cameraFromScanner: RigidTransform(
      rotation: Rotation3(nearest: Matrix3(rows: Point3(0, -1, 0), Point3(0.01, 0, -1), Point3(1, 0, 0.01))),
      translation: Point3(0.1, -0.2, -0.3)), rectification: Rotation3(rotationVector: Point3(0.01, 0.02, -0.01)))

  private func read(_ text: String) throws -> [KITTILabel] {
    let file = FileManager.default.temporaryDirectory.appending(path: "label-\(UUID().uuidString).txt")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try KITTILabel.read(file.path)
  }

  @Test("a label's box leads back to the label, rectified or not", arguments: [true, false])
  func roundTrip(isRectified: Bool) {
    let label = KITTILabel(
      frame: 3, track: 7, category: "Van", heightWidthLength: Point3(2, 1.8, 4.5), bottomCenter: Point3(-3, 1.6, 20),
      rotationYRadians: -1.2)
    let box = Self.calibration.box(of: label, isRectified: isRectified)
    #expect(box.size == Point3(4.5, 1.8, 2))
    #expect(box.center.x > 15, "the car stands in front of the scanner")
    let back = Self.calibration.label(of: box, frame: 3, track: 7, category: "Van", isRectified: isRectified)
    #expect((back.bottomCenter - label.bottomCenter).length < 1e-12)
    #expect(abs(back.rotationYRadians - label.rotationYRadians) < 1e-12)
    #expect(back.heightWidthLength == label.heightWidthLength)
  }

  @Test("row 84: rows without a box in the image are read, scores too; DontCare is left out; text reads back")
  func rows() throws {
    let labels = try read(
      """
      0 0 Car 0 0 -10 -1 -1 -1 -1 1.5 1.6 4 1 2 10 0.5
      0 -1 DontCare -1 -1 -10 1 2 3 4 -1000 -1000 -1000 -10 -1 -1 -1
      1 0 Car 0 0 -10 -1 -1 -1 -1 1.5 1.6 4 1 2 11 0.5 0.875

      """)
    #expect(labels.map(\.frame) == [0, 1])
    #expect(labels.map(\.score) == [nil, 0.875])
    #expect(try read(labels.map(\.text).joined(separator: "\n")) == labels)
  }

  @Test(
    "row 84: 16 columns, a word for a number and a size of zero are named with line and column",
    arguments: [
      ("0 0 Car 0 0 -10 -1 -1 -1 -1 1.5 1.6 4 1 2 10", "line 1, column 17"),
      ("\n0 0 Car 0 0 -10 -1 -1 -1 -1 1.5 1.6 4 1 2 ten 0", "line 2, column 16"),
      ("0 0 Car 0 0 -10 -1 -1 -1 -1 0 1.6 4 1 2 10 0", "line 1, column 11"),
      ("0.5 0 Car 0 0 -10 -1 -1 -1 -1 1 1.6 4 1 2 10 0", "line 1, column 1"),
    ])
  func damage(text: String, message: String) {
    #expect { try read(text) } throws: { "\($0)".contains(message) }
  }
}
