import Evaluation
import Foundation
import Geometry
import PointClouds
import Testing

@Suite("existing results") struct LayoutsEstimatesTests {
  private func matchBenchmark(_ folder: LayoutFolder) throws -> Benchmark {
    let log = RigidTransform.sample(1).block(0, 11) + RigidTransform.sample(2).block(3, 7)
    for list in ["3DMatch", "3DLoMatch"] { folder.write("gt/benchmarks/\(list)/kitchen/gt.log", log) }
    folder.write("gt/benchmarks/3DMatch/hotel/gt.log", RigidTransform.sample(3).block(2, 9))
    return try folder.benchmark("gt")
  }

  private func read(_ folder: LayoutFolder, _ name: String, _ benchmark: Benchmark) throws -> EstimatedPoses {
    try EstimateReader().poses(folder.path + "/" + name, for: benchmark)
  }

  @Test(
    "logs by list and scene; missing scenes and pairs are missing, unknown pairs are extras, the last of two counts")
  func logs() throws {
    let folder = LayoutFolder()
    let benchmark = try matchBenchmark(folder)
    folder.write(
      "est/3DMatch/kitchen/est.log",
      RigidTransform.sample(5).block(0, 11) + RigidTransform.sample(6).block(0, 11)
        + RigidTransform.sample(6).block(1, 9))
    folder.write("est/3DLoMatch/kitchen.log", RigidTransform.sample(7).block(3, 7))
    let found = try read(folder, "est", benchmark)
    #expect(found.poses.keys.sorted() == ["3DLoMatch/kitchen/3-7", "3DMatch/kitchen/0-11"])
    #expect(found.poses["3DMatch/kitchen/0-11"]?.isNear(.sample(6)) == true)
    #expect(found.extras == [EstimatedPoses.Extra(list: "3DMatch", scene: "kitchen", first: 1, second: 9)])
    #expect(found.notes.contains("no result for 3DMatch/hotel: counted as missing"))
  }

  @Test("without the list's name for a single list, and as one file for a single scene")
  func short() throws {
    let folder = LayoutFolder()
    _ = try matchBenchmark(folder)
    let low = try folder.benchmark("gt") { $0.dataset = "3dlomatch" }
    folder.write("est/kitchen.log", RigidTransform.sample(5).block(0, 11))
    folder.write("other/kitchen/est.log", RigidTransform.sample(5).block(0, 11))
    for name in ["est", "other", "est/kitchen.log"] { #expect(try read(folder, name, low).poses.count == 1) }
    let both = try folder.benchmark("gt")
    #expect(throws: BenchmarkError.self) { try read(folder, "est", both) }
    #expect(throws: BenchmarkError.self) { try read(folder, "est/kitchen.log", both) }
    #expect(throws: BenchmarkError.self) { try read(folder, "nothing", low) }
  }

  @Test("numbers that are no rigid motion fail or are replaced by the nearest one; damage in form is an error")
  func lenient() throws {
    let folder = LayoutFolder()
    let benchmark = try matchBenchmark(folder)
    let text = """
      0 11 60
      nan 0 0 0
      0 1 0 0
      0 0 1 0
      0 0 0 1
      3 7 60
      2 0 0 1
      0 2 0 -inf
      0 0 2 3
      0 0 0 1

      """
    folder.write("est/3DMatch/kitchen/est.log", text)
    folder.write("est/3DLoMatch/kitchen/est.log", text.replacingOccurrences(of: "-inf", with: "2"))
    folder.write("est/3DMatch/hotel/est.log", "")
    let found = try read(folder, "est", benchmark)
    #expect(found.poses.keys.sorted() == ["3DLoMatch/kitchen/3-7"])
    let projected = try #require(found.poses["3DLoMatch/kitchen/3-7"])
    #expect(projected.isNear(RigidTransform(translation: Point3(1, 2, 3))))
    #expect(found.unusable.keys.sorted() == ["3DLoMatch/kitchen/0-11", "3DMatch/kitchen/0-11", "3DMatch/kitchen/3-7"])
    #expect(found.notes.contains("1 poses are not rigid; the nearest rotation stands for theirs"))
    for (row, isUnusable) in [
      ("0 0 0 0\n0 0 0 0\n0 0 0 0\n0 0 0 1", true), ("1 0 0 0\n0 1 0 0\n0 0 1 0\n1 2 3 1", true),
      ("1e300 0 0 0\n0 1e300 0 0\n0 0 1e300 0\n0 0 0 1", true), ("1 0 0 0\n0 1 0 0\n0 0 -1 0\n0 0 0 1", false),
    ] {
      folder.write("est/3DMatch/kitchen/est.log", "0 11 60\n\(row)\n")
      let found = try read(folder, "est", benchmark)
      #expect((found.unusable["3DMatch/kitchen/0-11"] != nil) == isUnusable, "\(row)")
      #expect((found.poses["3DMatch/kitchen/0-11"] == nil) == isUnusable, "\(row)")
    }
    folder.write("est/3DMatch/kitchen/est.log", "0 11 60\n1 0 0 0\n")
    #expect(throws: BenchmarkError.self) { try read(folder, "est", benchmark) }
  }

  private func odometryBenchmark(_ folder: LayoutFolder, listed: Bool) throws -> Benchmark {
    folder.write("gt/sequences/00/calib.txt", "Tr: \(RigidTransform.sample(1).line)\n")
    folder.write(
      "gt/poses/00.txt", (0..<15).map { RigidTransform(translation: Point3(0, 0, Double($0))).line + "\n" }.joined())
    if listed { folder.write("gt/pairs/00.txt", "0 5\n6 11\n") }
    return try folder.benchmark("gt")
  }

  @Test("KITTI: rows i j map scan j to scan i; j i is its inverse; poses per frame of the camera or the scanner")
  func odometry() throws {
    let folder = LayoutFolder()
    let benchmark = try odometryBenchmark(folder, listed: true)
    folder.write(
      "est/00.txt",
      "0 5 \(RigidTransform.sample(2).line)\n11 6 \(RigidTransform.sample(3).line)\n1 2 \(RigidTransform.identity.line)\n"
    )
    let found = try read(folder, "est", benchmark)
    #expect(found.poses["00/0-5"]?.isNear(.sample(2)) == true)
    #expect(found.poses["00/6-11"]?.isNear(RigidTransform.sample(3).inverse) == true)
    #expect(found.extras == [EstimatedPoses.Extra(list: "KITTI", scene: "00", first: 1, second: 2)])
    folder.write("frames/00.txt", folder.read("gt/poses/00.txt"))
    let frames = try read(folder, "frames", benchmark)
    for pair in benchmark.pairs { #expect(pair.truth.map { frames.poses[pair.id]?.isNear($0) == true } == true) }
    var scanner = EstimateReader()
    scanner.arePosesOfScanner = true
    let moved = try scanner.poses(folder.path + "/frames", for: benchmark).poses["00/0-5"]
    #expect(moved?.isNear(RigidTransform(translation: Point3(0, 0, 5))) == true)
    folder.write(
      "frames/00.txt",
      (0..<7).map { $0 == 5 ? "nan 0 0 0 0 1 0 0 0 0 1 0\n" : RigidTransform.identity.line + "\n" }.joined())
    let short = try read(folder, "frames", benchmark)
    #expect(
      short.poses.isEmpty && short.unusable.keys.sorted() == ["00/0-5"], "frame 11 is missing, frame 5 is no pose")
    for text in ["0 5 1 2 3\n", "0 5 \(RigidTransform.identity.line)\n6 11\n", "0 x \(RigidTransform.identity.line)\n"]
    {
      folder.write("est/00.txt", text)
      #expect(throws: BenchmarkError.self) { try read(folder, "est", benchmark) }
    }
  }

  @Test("pairs: by names or ids, from a file or a folder; models by ids")
  func lists() throws {
    let folder = LayoutFolder()
    folder.write("gt/pairs.txt", "a b one\na b two\nc d\n")
    let benchmark = try folder.benchmark("gt")
    func numbers(_ k: Int) -> String {
      RigidTransform.sample(k).rows.flatMap { $0 }.map { "\($0)" }.joined(separator: " ")
    }
    folder.write("est/pairs.txt", "a b \(numbers(1)) two\nc d \(numbers(2))\nx y \(numbers(3))\n")
    for name in ["est", "est/pairs.txt"] {
      let found = try read(folder, name, benchmark)
      #expect(found.poses.keys.sorted() == ["c~d", "two"] && found.poses["two"]?.isNear(.sample(1)) == true)
      #expect(found.extras.map(\.first) == [3])
    }
    folder.write("est/pairs.txt", "a b one\n")
    #expect(throws: BenchmarkError.self) { try read(folder, "est", benchmark) }
    let models = try folder.model()
    folder.write("m.txt", "ModelNet/2 \(numbers(4))\nModelNet/9 \(numbers(5))\n")
    let found = try read(folder, "m.txt", models)
    #expect(found.poses.keys.sorted() == ["ModelNet/2"] && found.extras.count == 1)
  }

  @Test("what the writer writes reads back to the same bits, in every layout")
  func roundTrip() throws {
    let folder = LayoutFolder()
    folder.write("eth/wood_summer/gt.log", RigidTransform.sample(1).block(0, 5))
    folder.write("list/pairs.txt", "a b one\nc d\n")
    folder.write("seq/1.ply")
    folder.write("seq/2.ply")
    let odometry = LayoutFolder()
    let benchmarks = [
      try matchBenchmark(folder), try folder.benchmark("eth"), try folder.benchmark("list"),
      try folder.benchmark("seq"),
      try odometryBenchmark(odometry, listed: true), try folder.model(),
    ]
    for (k, benchmark) in benchmarks.enumerated() {
      let truth = benchmark.pairs.enumerated().map { ($1.id, RigidTransform.sample($0)) }
      let poses = Dictionary(uniqueKeysWithValues: truth.dropLast(truth.count > 1 ? 1 : 0))
      let out = "\(folder.path)/out/\(k)"
      let files = try EstimateWriter(folder: out, replacing: false).write(poses: poses, for: benchmark)
      #expect(files.allSatisfy { FileManager.default.fileExists(atPath: $0) })
      let found = try EstimateReader().poses(out, for: benchmark)
      #expect(found.poses.keys.sorted() == poses.keys.sorted() && found.extras.isEmpty, "\(benchmark.layout)")
      for (id, pose) in poses { #expect(found.poses[id]?.isNear(pose, 1e-12) == true, "\(id)") }
      #expect(throws: CloudFileError.self) {
        try EstimateWriter(folder: out, replacing: false).write(poses: poses, for: benchmark)
      }
      #expect(try EstimateWriter(folder: out, replacing: true).write(poses: poses, for: benchmark) == files)
    }
    #expect(throws: CloudFileError.self) {
      try EstimateWriter(folder: "\(folder.path)/seq/1.ply/x", replacing: true).write(poses: [:], for: benchmarks[3])
    }
  }

  @Test("boxes are labels of the benchmark's sequences; other tracks are left out; they read back")
  func boxes() throws {
    let folder = LayoutFolder()
    folder.write("gt/label_02/0003.txt", LayoutsTrackingTests.label(0, 7) + LayoutsTrackingTests.label(1, 7))
    folder.write("gt/calib/0003.txt", LayoutsTrackingTests.calibration)
    let benchmark = try folder.benchmark("gt")
    let item = try #require(benchmark.tracklets.first)
    let boxes = [item.id: Dictionary(uniqueKeysWithValues: item.frames.map { ($0.number, $0.box) })]
    try EstimateWriter(folder: folder.path + "/est", replacing: false).write(boxes: boxes, for: benchmark)
    let text = folder.read("est/0003.txt")
    folder.write("est/0003.txt", text + LayoutsTrackingTests.label(0, 9))
    let found = try EstimateReader().boxes(folder.path + "/est", for: benchmark)
    #expect(found.keys.sorted() == [item.id])
    for frame in item.frames {
      let box = try #require(found[item.id]?[frame.number])
      #expect((box.center - frame.box.center).length < 1e-9 && box.size == frame.box.size)
      #expect(abs(box.yawRadians - frame.box.yawRadians) < 1e-9)
    }
    folder.write("est/0003.txt", "")
    #expect(try EstimateReader().boxes(folder.path + "/est", for: benchmark).isEmpty)
    #expect(throws: BenchmarkError.self) { try EstimateReader().boxes(folder.path + "/gt", for: benchmark) }
    #expect(throws: BenchmarkError.self) { try EstimateReader().poses(folder.path + "/est", for: benchmark) }
  }
}

extension LayoutFolder {
  /// A ModelNet benchmark of four pairs.
  func model() throws -> Benchmark {
    write("models/a.h5", Array(try Data(contentsOf: URL(filePath: LayoutsModelNetTests.fixture))))
    return try benchmark("models")
  }
}
