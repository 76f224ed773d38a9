import Foundation
import Testing

/// `plumb track` over a block that moves over bare ground.
@Suite struct TrackTests {
  /// The middle of the block in a frame.
  private static func middle(_ frame: Int) -> SIMD3<Float> { SIMD3(9 + 0.3 * Float(frame), 3, -0.9) }

  /// A scan as KITTI stores it; the block is left out where hidden.
  private static func scan(_ frame: Int, hidden: Bool = false) -> [UInt8] {
    let shift = Float(frame * 37 % 100) / 100
    var points: [SIMD3<Float>] = []
    for i in 0...60 { for k in -30...30 { points.append([Float(i) * 0.5, Float(k) * 0.5, -1.7]) } }
    for i in 0..<(hidden ? 0 : 40) {
      for k in 0..<12 {
        let (a, b) = ((Float(i) + shift) / 40 - 0.5, (Float(k) + shift) / 12 - 0.5)
        let faces: [SIMD3<Float>] = [[a, -0.5, b], [a, 0.5, b], [-0.5, a, b], [0.5, a, b], [a, b, 0.5]]
        points += faces.map { middle(frame) + $0 * [4, 1.8, 1.6] }
      }
    }
    let values: [Float] = points.flatMap { [$0.x, $0.y, $0.z, 0.5] }
    return values.withUnsafeBytes { Array($0) }
  }

  private static let box = "9,3,-0.9,4,1.8,1.6,0"
  private static let label = "0 7 Car 0 0 -10 -1 -1 -1 -1 1.6 1.8 4 -3 1.7 9 -1.5707963267948966"

  /// A folder of scans.
  private func write(_ folder: TemporaryFolder, frames: [Int] = Array(0..<8)) throws -> String {
    try FileManager.default.createDirectory(atPath: folder("scans"), withIntermediateDirectories: true)
    for frame in frames { try folder.write("scans/00000\(frame).bin", Self.scan(frame)) }
    return folder("scans")
  }

  private func track(_ arguments: [String]) throws -> Outcome { try Command(arguments: ["track"] + arguments).run() }

  /// The JSON lines of a file.
  private func rows(_ folder: TemporaryFolder, _ name: String) throws -> [[String: Any]] {
    try String(decoding: folder.bytes(name), as: UTF8.self).split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  /// How far a row's box is from the block.
  private func error(_ row: [String: Any]) -> Float {
    guard let center = row["center"] as? [Double], let frame = row["frame"] as? Int, center.count == 3 else {
      return .infinity
    }
    let off = SIMD3<Float>(center.map { Float($0) }) - Self.middle(frame)
    return (off * off).sum().squareRoot()
  }

  @Test(
    "a box is followed and written as JSON lines and as label rows, from which the track can go on",
    arguments: zip(["icp", "t", "s"], [0.15, 0.3, 0.3] as [Float]))
  func follows(model: String, limit: Float) throws {
    try TemporaryFolder.with { folder in
      let scans = try write(folder)
      let outcome = try track([scans, "--box", Self.box, "-o", folder("a.jsonl"), "--json", "--model", model])
      #expect(outcome.exit == 0, "\(outcome)")
      #expect(outcome.output.contains("\"schema\":\"plumb.track/1\""), "\(outcome)")
      let found = try rows(folder, "a.jsonl")
      #expect(found.compactMap { $0["frame"] as? Int } == Array(0..<8))
      for row in found { #expect(row["seen"] as? Bool == true && error(row) < limit, "\(row)") }

      #expect(try track([scans, "--box", Self.box, "--type", "Car", "-o", folder("a.txt")]).exit == 0)
      let labels = String(decoding: folder.bytes("a.txt"), as: UTF8.self).split(separator: "\n")
      #expect(labels.count == 8 && labels.allSatisfy { $0.split(separator: " ").count == 18 })
      let again = try track([scans, "--labels", folder("a.txt"), "-o", folder("b.txt")])
      #expect(again.exit == 0 && again.errors.contains("no calibration"), "\(again)")
      #expect(String(decoding: folder.bytes("b.txt"), as: UTF8.self).split(separator: "\n").count == 8)
    }
  }

  @Test("the layout of KITTI: all objects of the labels, or those that are named; threads change no byte")
  func layout() throws {
    try TemporaryFolder.with { folder in
      let scans = try write(folder)
      for name in ["velodyne", "label_02", "calib"] {
        try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: true)
      }
      try FileManager.default.moveItem(atPath: scans, toPath: folder("velodyne/0000"))
      try folder.write("calib/0000.txt", text: "Tr_velo_cam 0 -1 0 0 0 0 -1 0 1 0 0 0\nR_rect 1 0 0 0 1 0 0 0 1\n")
      let late = "3 9 Van 0 0 -10 -1 -1 -1 -1 1.6 1.8 4 -3 1.7 9.9 -1.5707963267948966"
      try folder.write("label_02/0000.txt", text: Self.label + "\n" + late + "\n")
      for threads in ["1", "2"] {
        let outcome = try track([folder.path, "-o", folder("\(threads).txt"), "--threads", threads])
        #expect(outcome.exit == 0, "\(outcome)")
      }
      let text = String(decoding: folder.bytes("1.txt"), as: UTF8.self)
      #expect(text.split(separator: "\n").count == 8 + 5 && folder.bytes("2.txt") == folder.bytes("1.txt"))
      #expect(text.hasPrefix("0 7 Car ") && text.contains("\n3 9 Van "))
      #expect(try track([folder.path, "--objects", "9", "-o", folder("c.txt")]).exit == 0)
      #expect(String(decoding: folder.bytes("c.txt"), as: UTF8.self).split(separator: "\n").count == 5)
      expectRefused(
        try track([folder.path, "--objects", "4", "-o", folder("d.txt")]), code: [65], containing: ["no object 4"])
      expectRefused(
        try track([folder.path, "--sequence", "0002", "-o", folder("d.txt")]), code: [66], containing: ["0000"])
    }
  }

  @Test("missing, empty, hidden and damaged scans: a row that says the object is not seen; damage ends with status 3")
  func gaps() throws {
    try TemporaryFolder.with { folder in
      let scans = try write(folder, frames: [0, 1, 2, 4, 5, 6, 7])
      try folder.write("scans/000005.bin", [])
      var outcome = try track([scans, "--box", Self.box, "-o", folder("a.jsonl")])
      #expect(outcome.exit == 0 && outcome.errors.contains("frame 5"), "\(outcome)")
      var found = try rows(folder, "a.jsonl")
      #expect(found.compactMap { $0["frame"] as? Int } == Array(0..<8))
      #expect(found.filter { $0["seen"] as? Bool == false }.compactMap { $0["frame"] as? Int } == [3, 5])
      #expect(error(try #require(found.last)) < 0.2)
      try folder.write("scans/000006.bin", Self.scan(6).dropLast(5))
      outcome = try track([scans, "--box", Self.box, "-o", folder("b.jsonl")])
      expectOrderly(outcome)
      #expect(outcome.exit == 3 && outcome.errors.contains("000006.bin"), "\(outcome)")
      found = try rows(folder, "b.jsonl")
      #expect(found.suffix(2).map { $0["seen"] as? Bool } == [false, true])
    }
  }

  @Test("points that are not numbers change nothing")
  func notFinite() throws {
    try TemporaryFolder.with { folder in
      let scans = try write(folder)
      #expect(try track([scans, "--box", Self.box, "-o", folder("a.jsonl")]).exit == 0)
      let bad: [Float] = [.nan, 3, -0.9, 0, 10, .infinity, -0.9, 0]
      for frame in 0..<8 {
        try folder.write("scans/00000\(frame).bin", Self.scan(frame) + bad.withUnsafeBytes { Array($0) })
      }
      #expect(try track([scans, "--box", Self.box, "-o", folder("b.jsonl")]).exit == 0)
      #expect(folder.bytes("a.jsonl") == folder.bytes("b.jsonl"))
    }
  }

  @Test("a first box without points beside a good one is named, and the good one is written; alone it is refused")
  func emptyBox() throws {
    try TemporaryFolder.with { folder in
      let scans = try write(folder)
      let away = "25,-9,3,1,1,1,0"
      let outcome = try track([scans, "--box", away, "--box", Self.box, "-o", folder("a.jsonl")])
      #expect(outcome.exit == 3 && outcome.errors.contains("holds no point"), "\(outcome)")
      #expect(try rows(folder, "a.jsonl").allSatisfy { $0["track"] as? Int == 1 })
      let alone = try track([scans, "--box", away, "-o", folder("b.jsonl")])
      expectRefused(alone, code: [65], containing: ["object 0", "holds no point"])
      #expect(folder.bytes("b.jsonl").isEmpty)
    }
  }

  @Test("wrong usage and broken files beside the scans are one line each, and nothing is written")
  func refusals() throws {
    try TemporaryFolder.with { folder in
      let scans = try write(folder, frames: [0])
      let output = ["-o", folder("a.txt")]
      let box = ["--box", Self.box]
      let wrong: [([String], Int32, String)] = [
        ([scans] + output, 64, "--box"), ([scans, "--box", "1,2,3"] + output, 64, "7 numbers"),
        ([scans, "--box", "1,2,3,0,1,1,0"] + output, 64, "must be positive"),
        ([scans, "--box", "1,2,3,nan,1,1,0"] + output, 64, "7 numbers"),
        ([scans, "-o", folder("a.csv")] + box, 64, ".jsonl"),
        ([scans, "--patience", "0"] + box + output, 64, "patience"),
        ([scans, "--sequence", "0000"] + box + output, 64, "velodyne"),
        ([folder("none")] + box + output, 66, "none"), ([folder.path] + box + output, 66, "no scan"),
      ]
      for (arguments, code, words) in wrong {
        expectRefused(try track(arguments), code: [code], containing: [words])
      }
      for (name, text, words) in [
        ("l.txt", "0 1 Car 0 0 0 0 0 0 0 1 1", "12 columns"),
        ("l.txt", "0 1 Car 0 0 x 0 0 0 0 1 1 1 0 0 0 0", "line 1"),
        ("l.txt", "0 -1 DontCare -1 -1 -10 0 0 1 1 -1000 -1000 -1000 -10 -1 -1 -1", "DontCare"), ("l.txt", "", "empty"),
      ] {
        let file = try folder.write(name, text: text)
        expectRefused(try track([scans, "--labels", file] + output), code: [65], containing: [words])
      }
      let labels = try folder.write("l.txt", text: Self.label)
      let calibration = try folder.write("c.txt", text: "Tr_velodyne: 0 -1 0 0 0 0 -1 0 1 0 0 0\n")
      expectRefused(
        try track([scans, "--labels", labels, "--calib", calibration] + output), code: [65],
        containing: ["Tr_velo_cam", "Tr_velodyne"])
      #expect(folder.bytes("a.txt").isEmpty)
      try folder.write("a.txt", text: "mine")
      expectRefused(try track([scans] + box + output), code: [73], containing: ["--force"])
    }
  }
}
