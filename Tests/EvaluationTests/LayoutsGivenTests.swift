import Evaluation
import Foundation
import Geometry
import Testing

/// Benchmarks that are not shipped: the official logs of 3DMatch where PLUMB_3DMATCH names their folder, a generated
/// benchmark where PLUMB_BENCH names its root, and the real sequence beside the checkout. What is absent is said and skipped.
@Suite("given benchmarks") struct LayoutsGivenTests {
  private static func given(_ name: String) -> String? {
    let value = ProcessInfo.processInfo.environment[name]
    if value == nil { print("SKIPPED: \(name) is not set; its benchmark was not read") }
    return value
  }

  static let official = given("PLUMB_3DMATCH")
  static let generated = given("PLUMB_BENCH")
  static let sequence: String? = {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    let path = folder.appending(path: "shared/data/real/kitti_tracking_0000_sequence").path
    if FileManager.default.fileExists(atPath: path) { return path }
    print("SKIPPED: the real sequence is absent (../shared/data/real beside the checkout)")
    return nil
  }()

  @Test(
    "the official logs have 1623 and 1781 pairs, 1279 and 1726 of them not consecutive",
    .enabled(if: official != nil, "PLUMB_3DMATCH is not set"))
  func counts() throws {
    let benchmark = try BenchmarkReader()(try #require(Self.official))
    for (list, all, apart) in [("3DMatch", 1623, 1279), ("3DLoMatch", 1781, 1726)] {
      let pairs = benchmark.pairs.filter { $0.list == list }
      #expect(pairs.count == all && pairs.count { !$0.isConsecutive } == apart && Set(pairs.map(\.scene)).count == 8)
      #expect(pairs.allSatisfy { $0.numbers.first < $0.numbers.second && $0.information != nil })
    }
  }

  @Test(
    "a generated benchmark has an item for every block, line and labelled object",
    .enabled(if: generated != nil, "PLUMB_BENCH is not set"))
  func generatedItems() throws {
    let root = try #require(Self.generated)
    func lines(_ path: String) throws -> [Substring] {
      try String(contentsOfFile: root + "/" + path, encoding: .utf8).split(separator: "\n")
    }
    func names(_ path: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: root + "/" + path)
    }
    let indoor = try BenchmarkReader()(root + "/indoor")
    for list in ["3DMatch", "3DLoMatch"] {
      var blocks = 0
      for scene in try names("indoor/benchmarks/\(list)") {
        blocks += try lines("indoor/benchmarks/\(list)/\(scene)/gt.log").count / 5
      }
      #expect(indoor.pairs.count { $0.list == list } == blocks)
    }
    #expect(
      indoor.pairs.allSatisfy {
        $0.information != nil && $0.overlap != nil && FileManager.default.fileExists(atPath: $0.source.path)
      })
    let lidar = try BenchmarkReader()(root + "/lidar")
    var rows = 0
    for name in try names("lidar/pairs") { rows += try lines("lidar/pairs/\(name)").count }
    #expect(lidar.count == rows && lidar.pairs.allSatisfy { FileManager.default.fileExists(atPath: $0.source.path) })
    let objects = try BenchmarkReader()(root + "/objects")
    #expect(objects.count == (try lines("objects/pairs.txt").count))
    #expect(
      objects.pairs.allSatisfy {
        $0.diameter != nil && $0.overlap != nil && FileManager.default.fileExists(atPath: $0.target.path)
      })
    let tracking = try BenchmarkReader()(root + "/tracking")
    var labels = 0
    for name in try names("tracking/label_02") { labels += try lines("tracking/label_02/\(name)").count }
    #expect(tracking.tracklets.reduce(0) { $0 + $1.frames.count } == labels)
    #expect(tracking.tracklets.allSatisfy { $0.frames.allSatisfy { $0.cloud != nil } })
    print(
      "generated: \(indoor.count) indoor, \(lidar.count) lidar, \(objects.count) object pairs, \(tracking.count) tracklets"
    )
    if let out = ProcessInfo.processInfo.environment["PLUMB_BENCH_TRUTH"] {
      // The truth as a result, for the scorer of the benchmark: every figure must be perfect.
      for benchmark in [indoor, lidar, objects] {
        let truth = Dictionary(uniqueKeysWithValues: benchmark.pairs.map { ($0.id, $0.truth ?? .identity) })
        try EstimateWriter(folder: "\(out)/\(benchmark.layout.rawValue)", replacing: true).write(
          poses: truth, for: benchmark)
      }
      let boxes = tracking.tracklets.map {
        ($0.id, Dictionary(uniqueKeysWithValues: $0.frames.map { ($0.number, $0.box) }))
      }
      try EstimateWriter(folder: "\(out)/tracking", replacing: true).write(
        boxes: Dictionary(uniqueKeysWithValues: boxes), for: tracking)
    }
  }

  @Test("the real sequence has 60 frames and 181 boxes", .enabled(if: sequence != nil, "the real sequence is absent"))
  func realSequence() throws {
    let benchmark = try BenchmarkReader()(try #require(Self.sequence))
    let frames = benchmark.tracklets.flatMap(\.frames)
    print("real sequence: \(Set(frames.map(\.number)).count) frames, \(frames.count) boxes, \(benchmark.count) objects")
    #expect(Set(frames.map(\.number)).count == 60 && frames.count == 181)
    #expect(frames.allSatisfy { $0.cloud != nil })
  }
}
