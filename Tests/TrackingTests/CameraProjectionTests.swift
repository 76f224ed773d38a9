import Foundation
import Geometry
import Testing
import Tracking

@Suite struct CameraProjectionTests {
  private static let calibration = KITTICalibration(
    cameraFromScanner: KITTICalibration.upright.cameraFromScanner,
    camera: CameraProjection(rowMajor: [100, 0, 500, 0, 0, 100, 200, 0, 0, 0, 1, 0]))

  private func label(_ bottom: Point3, turn: Double = 0) -> KITTILabel {
    KITTILabel(
      frame: 0, track: 0, category: "Car", heightWidthLength: Point3(2, 2, 4), bottomCenter: bottom,
      rotationYRadians: turn)
  }

  private func expectNear(_ found: [Double]?, _ right: [Double], at location: SourceLocation = #_sourceLocation) {
    guard let found, found.count == 4 else {
      Issue.record("no box", sourceLocation: location)
      return
    }
    for (a, b) in zip(found, right) { #expect(abs(a - b) < 1e-9, "\(found)", sourceLocation: location) }
  }

  @Test("a box ten metres ahead, computed by hand: its front face is at 9 m and spans ±2 by ±1 m")
  func hand() {
    let box = Self.calibration.imageBox(of: label(Point3(0, 1, 10)))
    expectNear(box, [500 - 200.0 / 9, 200 - 100.0 / 9, 500 + 200.0 / 9, 200 + 100.0 / 9])
    // Turned by a quarter: the front face is at 8 m and spans ±1 m.
    let turned = Self.calibration.imageBox(of: label(Point3(0, 1, 10), turn: .pi / 2))
    expectNear(turned, [500 - 100.0 / 8, 200 - 100.0 / 8, 500 + 100.0 / 8, 200 + 100.0 / 8])
  }

  @Test("a box is cut at the edges of the image, and where it is beside the camera; behind there is none")
  func edges() {
    expectNear(Self.calibration.imageBox(of: label(Point3(0, 1, 0))), [0, 0, 1241, 374])
    expectNear(
      Self.calibration.imageBox(of: label(Point3(0, 1, 10)), in: ImageSize(width: 501, height: 201)),
      [500 - 200.0 / 9, 200 - 100.0 / 9, 500, 200])
    #expect(Self.calibration.imageBox(of: label(Point3(0, 1, -10))) == nil)
    #expect(Self.calibration.imageBox(of: label(Point3(100, 1, 10))) == nil)
    #expect(KITTICalibration.upright.imageBox(of: label(Point3(0, 1, 10))) == nil, "no camera")
  }

  @Test("without rectification a label stands in another frame, and is shown in the same place")
  func rectification() throws {
    var calibration = Self.calibration
    calibration.rectification = Rotation3(rotationVector: Point3(0.01, 0.02, -0.01))
    let box = Box3(center: Point3(15, 1, -1), size: Point3(4, 2, 2), yawRadians: 0.3)
    let a = calibration.label(of: box, frame: 0, track: 0, category: "Car")
    let b = calibration.label(of: box, frame: 0, track: 0, category: "Car", isRectified: false)
    #expect((a.bottomCenter - b.bottomCenter).length > 0.1)
    // The turn of the box itself about other axes than y is not known to labels.
    for (x, y) in zip(a.imageBox, b.imageBox) { #expect(abs(x - y) < 1, "\(a.imageBox) \(b.imageBox)") }
    #expect(abs(a.alphaRadians - (a.rotationYRadians - atan2(a.bottomCenter.x, a.bottomCenter.z))) < 1e-12)
  }

  @Test("P2 is read, and one that is broken is named with its line")
  func reading() throws {
    func read(_ text: String) throws -> KITTICalibration {
      let file = FileManager.default.temporaryDirectory.appending(path: "calib-\(UUID().uuidString).txt")
      try Data(text.utf8).write(to: file)
      defer { try? FileManager.default.removeItem(at: file) }
      return try KITTICalibration(file.path)
    }
    let pose = "Tr_velo_cam 0 -1 0 0 0 0 -1 0 1 0 0 0\n"
    #expect(try read("P2: 100 0 500 0 0 100 200 0 0 0 1 0\n" + pose).camera == Self.calibration.camera)
    #expect(try read(pose).camera == nil)
    #expect { try read(pose + "P2: 100 0 500\n") } throws: { "\($0)".contains("line 2: P2 has 3 numbers") }
  }
}
