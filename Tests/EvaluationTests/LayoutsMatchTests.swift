import Evaluation
import Foundation
import Geometry
import PointClouds
import Testing

@Suite("3DMatch and ETH folders") struct LayoutsMatchTests {
  /// Two scenes with their logs below a folder; the second pair of the first scene is consecutive.
  static func fill(_ folder: LayoutFolder, _ prefix: String, suffix: String = "") {
    let log = RigidTransform.sample(1).block(0, 11) + RigidTransform.sample(2).block(3, 4)
    folder.write("\(prefix)kitchen\(suffix)/gt.log", log)
    folder.write("\(prefix)hotel\(suffix)/gt.log", RigidTransform.sample(3).block(2, 9))
  }

  static func information(_ i: Int, _ j: Int, _ n: Double) -> String {
    "\(i)\t\(j)\t60\n"
      + (0..<6).map { r in (0..<6).map { r == $0 ? "\(n)" : "0" }.joined(separator: " ") + "\n" }.joined()
  }

  @Test("benchmarks/LIST/SCENE: ids, roles, truth, information and overlap; lists stay apart")
  func benchmarks() throws {
    let folder = LayoutFolder()
    Self.fill(folder, "benchmarks/3DMatch/")
    Self.fill(folder, "benchmarks/3DLoMatch/")
    folder.write("benchmarks/3DMatch/kitchen/gt.info", Self.information(0, 11, 5000) + Self.information(3, 4, 7))
    folder.write("benchmarks/3DMatch/kitchen/gt_overlap.log", "0,11,0.125\n3,4,0.75\n1,2,0.5\n")
    for k in [0, 2, 3, 4, 9, 11] { folder.write("kitchen/cloud_bin_\(k).ply") }
    let benchmark = try folder.benchmark()
    #expect(benchmark.layout == .match3D && benchmark.count == 6)
    #expect(benchmark.reason == "'benchmarks/LIST/SCENE/gt.log' beside 'cloud_bin_*'")
    #expect(
      benchmark.pairs.map(\.id) == [
        "3DMatch/hotel/2-9", "3DMatch/kitchen/0-11", "3DMatch/kitchen/3-4", "3DLoMatch/hotel/2-9",
        "3DLoMatch/kitchen/0-11", "3DLoMatch/kitchen/3-4",
      ])
    let pair = benchmark.pairs[1]
    #expect(pair.source.path == folder.path + "/kitchen/cloud_bin_11.ply")
    #expect(pair.target.path == folder.path + "/kitchen/cloud_bin_0.ply")
    #expect(pair.truth?.isNear(.sample(1)) == true)
    #expect(pair.information?[2, 2] == 5000 && pair.overlap == 0.125 && !pair.isConsecutive)
    #expect(benchmark.pairs[2].isConsecutive)
    #expect(benchmark.pairs[4].information == nil)
    #expect(benchmark.notes.contains { $0.contains("no fragments of hotel") })
    for (dataset, list) in [("3dmatch", "3DMatch"), ("3dlomatch", "3DLoMatch")] {
      let only = try folder.benchmark { $0.dataset = dataset }
      #expect(only.count == 3 && only.pairs.allSatisfy { $0.list == list })
    }
  }

  @Test("the benchmarks folder, one list, and a folder named with a slash lead to the fragments of the root")
  func parts() throws {
    let folder = LayoutFolder()
    Self.fill(folder, "benchmarks/3DLoMatch/")
    folder.write("fragments/kitchen/cloud_bin_0.ply")
    folder.write("hotel/cloud_bin_2.ply")
    for name in ["", "benchmarks", "benchmarks/3DLoMatch", "benchmarks/3DLoMatch/"] {
      let pairs = try folder.benchmark(name).pairs
      #expect(pairs.count == 3 && pairs.allSatisfy { $0.list == "3DLoMatch" })
      #expect(pairs[0].target.path.hasSuffix("/hotel/cloud_bin_2.ply"))
      #expect(FileManager.default.fileExists(atPath: pairs[0].target.path))
      #expect(pairs[1].target.path.hasSuffix("/fragments/kitchen/cloud_bin_0.ply"))
      #expect(FileManager.default.fileExists(atPath: pairs[1].target.path))
    }
  }

  @Test("SCENE-evaluation and gt_result are other homes of the logs", arguments: ["", "gt_result/"])
  func evaluation(prefix: String) throws {
    let folder = LayoutFolder()
    Self.fill(folder, prefix, suffix: "-evaluation")
    let benchmark = try folder.benchmark()
    #expect(benchmark.pairs.map(\.scene) == ["hotel", "kitchen", "kitchen"])
    #expect(benchmark.pairs.allSatisfy { $0.list == "3DMatch" })
    #expect(try folder.benchmark { $0.dataset = "3dlomatch" }.pairs[0].id == "3DLoMatch/hotel/2-9")
  }

  @Test(
    "published quirks: leading blanks, trailing tabs, exponents, rotations to 5e-4; empty logs are scenes without pairs"
  )
  func quirks() throws {
    let folder = LayoutFolder()
    let text = """
      0\t 1\t 60\t
        9.9980000e-01\t  0.0000000e+00\t -0.0\t 1.5e+00\t
      \t0 .9998 0 -2\t
      0 0 1.0002 3\r
      0.0 0.0 0.0 1.0

      """
    folder.write("scene/gt.log", text)
    folder.write("other/gt.log", "")
    let benchmark = try folder.benchmark()
    #expect(benchmark.count == 1)
    #expect(benchmark.pairs[0].truth?.translation == Point3(1.5, -2, 3))
    #expect(benchmark.pairs[0].truth?.rotation.angleRadians == 0)
    #expect(benchmark.notes.contains("3DMatch other: no pairs in gt.log"))
  }

  @Test(
    "row 80: damage in a log is named with its line",
    arguments: [
      (
        "rows", "0 3 60\n1 0 0 0\n0 1 0 0\n0 0 1 0\n",
        "line 4: the file ends after 3 of 4 rows of the matrix of pair 0 3"
      ),
      (
        "row", "0 3 60\n1 0 0 0\n0 1 0 0\n0 0 1 0\n4 7 60\n1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n",
        "line 5: 3 values, 4 are expected in row 4 of 4"
      ),
      ("head", "0 3\n1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n", "line 1: 2 values"),
      ("word", "0 3 60\n1 0 0 0\n0 1 x 0\n0 0 1 0\n0 0 0 1\n", "line 3, column 3: \"x\""),
      ("same", "5 5 60\n1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n", "line 1: 5 5"),
      ("mirror", "0 3 60\n1 0 0 0\n0 1 0 0\n0 0 -1 0\n0 0 0 1\n", "line 1: the matrix of pair 0 3: not rigid"),
      ("nan", "0 3 60\n1 0 0 nan\n0 1 0 0\n0 0 1 0\n0 0 0 1\n", "not finite"),
      ("huge", "0 99999999999999999999 60\n", "line 1, column 2"),
    ])
  func damage(name: String, text: String, cause: String) {
    let folder = LayoutFolder()
    folder.write("scene/gt.log", text)
    let error = folder.error()
    #expect(error?.fileKind == .damaged)
    #expect(error?.description.contains(cause) == true, "\(error?.description ?? "no error")")
  }

  @Test("a pair that is there twice is an error, and so is an information matrix without correspondences")
  func doubles() {
    let folder = LayoutFolder()
    folder.write("scene/gt.log", RigidTransform.sample(1).block(0, 3) + RigidTransform.sample(2).block(0, 3))
    #expect(folder.error()?.description.contains("line 6: pair 0 3 is on line 1 already") == true)
    folder.write("scene/gt.log", RigidTransform.sample(1).block(0, 3))
    folder.write("scene/gt.info", Self.information(0, 3, 0))
    #expect(folder.error()?.description.contains("counts no correspondence") == true)
  }

  @Test("pickled fragments are refused with what to convert")
  func pickles() {
    let folder = LayoutFolder()
    Self.fill(folder, "benchmarks/3DMatch/")
    folder.write("data/test/kitchen/cloud_bin_0.pth")
    let error = folder.error()
    #expect(error?.fileKind == .unusable)
    #expect(error?.description.contains("cloud_bin_K.ply") == true)
  }

  @Test("ETH: the first scan is the source and the truth the inverse of the log")
  func eth() throws {
    let folder = LayoutFolder()
    folder.write("wood_autmn/gt.log", RigidTransform.sample(4).block(0, 5, n: 32))
    folder.write("mine/gt.log", RigidTransform.sample(5).block(1, 2))
    folder.write("mine/Hokuyo_1.ply")
    let benchmark = try folder.benchmark()
    #expect(benchmark.layout == .eth && benchmark.pairs.map(\.id) == ["ETH/mine/1-2", "ETH/wood_autmn/0-5"])
    let pair = benchmark.pairs[1]
    #expect(pair.source.path.hasSuffix("wood_autmn/Hokuyo_0.ply") && pair.target.path.hasSuffix("Hokuyo_5.ply"))
    #expect(pair.truth?.isNear(RigidTransform.sample(4).inverse) == true)
  }
}
