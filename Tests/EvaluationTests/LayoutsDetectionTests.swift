import Evaluation
import Foundation
import Geometry
import PointClouds
import Testing

@Suite("recognising layouts") struct LayoutsDetectionTests {
  private static func isUnrecognised(_ error: BenchmarkError?) -> Bool {
    if case .unrecognised? = error?.kind { true } else { false }
  }

  @Test("an ambiguous folder names its candidates and the option that chooses")
  func ambiguous() throws {
    let folder = LayoutFolder()
    folder.write("scene/gt.log", RigidTransform.sample(1).block(0, 2))
    folder.write("pairs.txt", "a b\n")
    let error = folder.error()
    if case .ambiguous? = error?.kind {} else { Issue.record("\(String(describing: error))") }
    let text = error?.description ?? ""
    #expect(text.contains("3dmatch ('SCENE/gt.log'") && text.contains("pairs (the list") && text.contains("--dataset"))
    #expect(try folder.benchmark { $0.dataset = "pairs" }.layout == .pairs)
    #expect(try folder.benchmark { $0.dataset = "3dmatch" }.layout == .match3D)
  }

  @Test("what is not recognised says what is looked for; a folder of benchmarks names them")
  func unrecognised() {
    let folder = LayoutFolder()
    folder.write("note.txt")
    #expect(Self.isUnrecognised(folder.error()))
    for dataset in BenchmarkReader.datasets {
      let error = folder.error { $0.dataset = dataset }
      #expect(Self.isUnrecognised(error) && error?.description.contains("expected") == true, "\(dataset)")
    }
    folder.write("objects/pairs.txt", "a b\n")
    folder.write("clouds/a.ply")
    #expect(folder.error()?.description.contains("; objects inside it look like benchmarks") == true)
    folder.write("raw/pose_scanner_leica.csv")
    #expect(folder.error("raw")?.description.contains("pose_scanner_leica.csv beside raw scans") == true)
    folder.write("cloud.ply", "ply\nformat ascii 1.0\n")
    #expect(Self.isUnrecognised(folder.error("cloud.ply")))
    #expect(Self.isUnrecognised(folder.error("cloud.ply") { $0.dataset = "eth" }))
  }

  @Test("a wrong name is usage; a missing path, an empty file and an empty benchmark are errors of their kind")
  func errors() {
    let folder = LayoutFolder()
    if case .usage? = folder.error("", { $0.dataset = "4dmatch" })?.kind {
    } else {
      Issue.record("4dmatch is no layout")
    }
    #expect(folder.error("none")?.fileKind == .missing)
    folder.write("empty.txt", "")
    #expect(folder.error("empty.txt")?.fileKind == .empty)
    folder.write("b/scene/gt.log", "")
    #expect(folder.error("b")?.description.contains("without any item") == true)
    folder.write("esc\u{1B}[31m.txt", "")
    #expect(folder.error("esc\u{1B}[31m.txt")?.description.contains("\u{1B}") == false)
  }

  @Test("broken bytes of any kind end in an error or a benchmark, never in a crash")
  func fuzz() {
    var random = MersenneTwister(seed: 11)
    let pieces = [
      "0", "1", "-1", "nan", "inf", "1e999", "99999999999999999999", "\n", "\n", "\t", " ", ",", ";", "#", "Car",
      "a.ply", "Tr:", "\u{0}", "é", "\r\n", "\u{2028}", "source", "target", "0.5",
    ]
    let names = [
      "3dmatch/s/gt.log", "3dmatch/s/gt.info", "3dmatch/s/gt_overlap.log", "odo/poses/00.txt", "odo/pairs/00.txt",
      "odo/sequences/00/calib.txt", "track/label_02/0000.txt", "track/calib/0000.txt", "list/pairs.txt",
      "list/overlap.csv",
      "poses.txt",
    ]
    for round in 0..<88 {
      let folder = LayoutFolder()
      folder.write("3dmatch/s/gt.log", RigidTransform.sample(1).block(0, 2))
      folder.write("odo/sequences/00/calib.txt", "Tr: 1 0 0 0 0 1 0 0 0 0 1 0\n")
      folder.write("odo/poses/00.txt", RigidTransform.sample(1).line)
      folder.write("track/label_02/0000.txt", LayoutsTrackingTests.label(0, 1))
      folder.write("list/pairs.txt", "a b\n")
      var text = ""
      for _ in 0..<random.integer(upTo: 60) {
        text += pieces[random.integer(upTo: UInt32(pieces.count - 1))] + (random.integer(upTo: 2) > 0 ? " " : "")
      }
      folder.write(names[round % names.count], text)
      for path in ["3dmatch", "odo", "track", "list", "poses.txt"] {
        if let error = folder.error(path) {
          #expect(!error.description.contains("\n") && !error.description.isEmpty)
        }
      }
    }
  }
}
