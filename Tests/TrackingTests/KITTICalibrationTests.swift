import Foundation
import Geometry
import PointClouds
import Testing
import Tracking

@Suite struct KITTICalibrationTests {
  private func read(_ text: String) throws -> KITTICalibration {
    let file = FileManager.default.temporaryDirectory.appending(path: "calib-\(UUID().uuidString).txt")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try KITTICalibration(file.path)
  }

  @Test(
    "all spellings of the two entries",
    arguments: [("Tr_velo_cam", "R_rect"), ("Tr_velo_to_cam:", "R0_rect:"), ("Tr:", "R_rect:")])
  func spellings(pose: String, rotation: String) throws {
    let c = try read("P0: 1 2 3\n\(pose) 0 -1 0 1 0 0 -1 2 1 0 0 3\n\(rotation) 1 0 0 0 1 0 0 0 1\n")
    #expect(c.cameraFromScanner(Point3(1, 0, 0)) == Point3(1, 2, 4))
    #expect(c.rectification == .identity)
  }

  @Test(
    "what is wrong is named with its line",
    arguments: [
      ("Tr: 1 0 0 0 0 1 0 0 0 0 1\n", "line 1: Tr has 11 numbers"), ("a: 1\nTr: 2 0 0 0 0 2 0 0 0 0 2 0\n", "line 2"),
      ("Tr_velo: 1\n", "no entry Tr_velo_cam"), ("Tr: 1 0 0 0 0 x 0 0 0 0 1 0\n", "line 1, column 7"),
    ])
  func damage(text: String, message: String) {
    #expect { try read(text) } throws: { "\($0)".contains(message) }
  }
}
