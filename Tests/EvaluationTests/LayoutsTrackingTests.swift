import Evaluation
import Foundation
import Geometry
import Testing
import Tracking

@Suite("KITTI tracking folders") struct LayoutsTrackingTests {
  static func label(_ frame: Int, _ track: Int, _ category: String = "Car", z: Double = 10) -> String {
    "\(frame) \(track) \(category) 0 0 -10 -1 -1 -1 -1 1.5 1.6 4 1 2 \(z) 0.5\n"
  }

  static let calibration =
    "R_rect 0.99995 0.01 0 -0.01 0.99995 0 0 0 1\nTr_velo_cam 0 -1 0 0.1 0 0 -1 -0.2 1 0 0 -0.3\n"

  @Test("objects by sequence and number, frames by number; scans that are missing are nil; other classes are left out")
  func read() throws {
    let folder = LayoutFolder()
    folder.write(
      "training/label_02/0003.txt",
      Self.label(2, 7) + Self.label(0, 7) + Self.label(1, 12, "Van") + Self.label(1, 2, "Truck") + Self.label(1, 7)
        + "1 -1 DontCare -1 -1 -10 1 2 3 4 -1000 -1000 -1000 -10 -1 -1 -1\n")
    folder.write("training/label_02/0001.txt", Self.label(5, 1, "Cyclist"))
    for sequence in ["0001", "0003"] { folder.write("training/calib/\(sequence).txt", Self.calibration) }
    for frame in ["000000", "000002"] { folder.write("training/velodyne/0003/\(frame).bin") }
    let benchmark = try folder.benchmark()
    #expect(benchmark.layout == .tracking && benchmark.tracklets.map(\.id) == ["0001/1", "0003/7", "0003/12"])
    let car = benchmark.tracklets[1]
    #expect(car.category == "Car" && car.sequence == "0003" && car.track == 7)
    #expect(car.frames.map(\.number) == [0, 1, 2])
    #expect(car.frames.map { $0.cloud == nil } == [false, true, false])
    #expect(car.frames[2].cloud?.path.hasSuffix("velodyne/0003/000002.bin") == true)
    #expect(car.frames[0].box.size == Point3(4, 1.6, 1.5))
    #expect(benchmark.notes.contains { $0.contains("1 of Truck") })
    #expect(benchmark.notes.contains { $0.contains("no scan of 1 labelled frames") })
    let raw = try folder.benchmark { $0.isRectified = false }.tracklets[1].frames[0].box
    // c_v = Tr⁻¹ (1, 2 - 0.75, 10): forward z, left -x, up -y, from the scanner's place.
    #expect((raw.center - Point3(10.3, -0.9, -1.45)).length < 1e-9, "\(raw.center)")
    let x = car.frames[0].box.center
    #expect((x - raw.center).length > 0.005 && (x - raw.center).length < 0.05, "the rectification turns by 0.01")
    #expect(try folder.benchmark("training").count == 3)
    #expect(try folder.benchmark { $0.sequences = ["0001"] }.count == 1)
  }

  @Test("label files alone are enough to know what there is")
  func labelsOnly() throws {
    let folder = LayoutFolder()
    folder.write("label_02/0000.txt", Self.label(0, 1) + Self.label(1, 1))
    folder.write("label_02/0001.txt", "")
    let benchmark = try folder.benchmark()
    #expect(benchmark.count == 1 && benchmark.tracklets[0].frames.allSatisfy { $0.cloud == nil })
    #expect((benchmark.tracklets[0].frames[0].box.center - Point3(10, -1, -1.25)).length < 1e-12)
    #expect(
      benchmark.notes.contains { $0.contains("no calib") } && benchmark.notes.contains { $0.contains("no scans") })
  }

  @Test("the tested sequences are chosen where both are there, with their counts")
  func counts() throws {
    let folder = LayoutFolder()
    for sequence in ["0000", "0019", "0020"] {
      folder.write("label_02/\(sequence).txt", Self.label(0, 1) + Self.label(1, 1) + Self.label(0, 2, "Van"))
      folder.write("calib/\(sequence).txt", Self.calibration)
    }
    let benchmark = try folder.benchmark()
    #expect(benchmark.tracklets.map(\.id) == ["0019/1", "0019/2", "0020/1", "0020/2"])
    #expect(benchmark.notes.contains("Car: 4 frames of 2 objects (6424 frames are published)"))
    #expect(benchmark.notes.contains("Van: 2 frames of 2 objects (1248 frames are published)"))
    #expect(benchmark.notes.contains("Pedestrian: 0 frames of 0 objects (6088 frames are published)"))
    #expect(benchmark.notes.contains("Cyclist: 0 frames of 0 objects (308 frames are published)"))
    #expect(try folder.benchmark { $0.sequences = ["0000", "0019", "0020"] }.count == 6)
  }

  @Test(
    "row 84 and other damage: file, line and cause",
    arguments: [
      ("0 1 Car 0 0 -10 -1 -1 -1 -1 1.5 1.6 4 1 2 10\n", "0003.txt: line 1, column 17: 16 columns"),
      (label(0, 1) + label(0, 1), "object 1 is labelled twice in frame 0"),
      (label(0, 1) + label(1, 1, "Van"), "object 1 is a Car and, in frame 1, a Van"),
    ])
  func damage(text: String, cause: String) {
    let folder = LayoutFolder()
    folder.write("label_02/0003.txt", text)
    folder.write("calib/0003.txt", Self.calibration)
    let error = folder.error()
    #expect(error?.fileKind == .damaged && error?.description.contains(cause) == true, "\(error?.description ?? "")")
  }

  @Test("scans without calibration are an error: their boxes would stand elsewhere")
  func uncalibrated() {
    let folder = LayoutFolder()
    folder.write("label_02/0003.txt", Self.label(0, 1))
    folder.write("velodyne/0003/000000.bin")
    #expect(folder.error()?.fileKind == .missing)
  }
}
