import Foundation
import Testing

/// `--use-color`: what the shape leaves free, the texture fixes.
@Suite struct ColorTests {
  /// Patches of brightness on a wall: smooth, without a period, the same for every scan.
  private static func brightness(_ x: Double, _ y: Double) -> Double {
    var random = SplitMix(99)
    var sum = 0.0
    for _ in 0..<40 {
      let (u, v, r) = (random.uniform(-3...3), random.uniform(-3...3), random.uniform(0.12...0.4))
      let height = random.uniform(-1...1)
      sum += height * exp(-((x - u) * (x - u) + (y - v) * (y - v)) / (2 * r * r))
    }
    return sum
  }

  /// A scan of a part of the wall z = -3 with its brightness: both sensors stand at the origins of their clouds, before it.
  private static func wall(_ seed: UInt64, x: ClosedRange<Double>) -> [(point: SIMD3<Double>, value: Double)] {
    var random = SplitMix(seed)
    return (0..<8000).map { _ in
      let (u, v) = (random.uniform(x), random.uniform(-1.5...1.5))
      return (SIMD3(u, v, -3 + 0.002 * random.normal()), brightness(u, v) + 0.02 * random.normal())
    }
  }

  private static let truth = Pair.motion(axis: SIMD3(0.2, -0.3, 1), degrees: 38, translation: SIMD3(1.25, -0.75, 0.5))

  /// An ASCII PLY with colours or intensities.
  private static func file(
    _ scan: [(point: SIMD3<Double>, value: Double)], motion: Matrix4, property: String
  ) -> String {
    let properties =
      property == "intensity"
      ? ["property float intensity"] : ["red", "green", "blue"].map { "property uchar \($0)" }
    let lines = scan.map { point, value -> String in
      let p = motion.apply(point)
      let byte = Int(min(max(128 + 60 * value, 0), 255))
      let look = property == "intensity" ? "\(0.001 * (value + 3))" : "\(byte) \(byte) \(byte)"
      return "\(p.x) \(p.y) \(p.z)" + (property == "none" ? "" : " " + look)
    }
    let head =
      ["ply", "format ascii 1.0", "element vertex \(scan.count)"] + ["x", "y", "z"].map { "property double \($0)" }
      + (property == "none" ? [] : properties) + ["end_header"]
    return (head + lines).joined(separator: "\n") + "\n"
  }

  private func run(
    _ folder: TemporaryFolder, _ source: String, _ target: String, _ options: [String]
  ) throws -> (outcome: Outcome, report: RegisterReport?) {
    let files = [
      try folder.write(
        "a.ply",
        text: Self.file(Self.wall(1, x: -2...1.2), motion: Self.truth.rigidInverse, property: source)),
      try folder.write("b.ply", text: Self.file(Self.wall(2, x: -1.2...2), motion: .identity, property: target)),
    ]
    let outcome = try Command(arguments: ["register"] + files + ["--json"] + options).run()
    expectOrderly(outcome)
    return (outcome, RegisterReport(outcome.output))
  }

  private var corners: [SIMD3<Double>] {
    [SIMD3(-1, -1, -3), SIMD3(1, -1, -3), SIMD3(0, 1, -3)].map { Self.truth.rigidInverse.apply($0) }
  }

  private func freeCount(_ report: RegisterReport?) -> Int {
    (report?.object["directions"] as? [[String: Any]] ?? []).count { $0["observed"] as? Bool == false }
  }

  @Test("a flat textured wall is put right with its texture", arguments: ["color", "intensity"])
  func textured(property: String) throws {
    try TemporaryFolder.with { folder in
      let (outcome, report) = try run(folder, property, property, ["--use-color", "auto"])
      #expect(outcome.exit == 0, "\(outcome)")
      let off = report?.displacement(from: Self.truth, over: corners) ?? .infinity
      #expect(off < 0.02, "\(off) m; \(outcome)")
      #expect(freeCount(report) == 0, "\(outcome)")
      #expect(report?.object["color"] as? String == property, "\(outcome)")
    }
  }

  @Test("without the flag the same wall leaves its three directions free")
  func bare() throws {
    try TemporaryFolder.with { folder in
      let (outcome, report) = try run(folder, "color", "color", [])
      #expect(report != nil && report?.verdict != "trusted" && freeCount(report) == 3, "\(outcome)")
      #expect(report?.object["color"] is NSNull, "\(outcome)")
    }
  }

  @Test("a rough initial pose is slid to its place")
  func local() throws {
    try TemporaryFolder.with { folder in
      var start = Self.truth
      start[0][3] += 0.12
      start[1][3] -= 0.08
      let text = start.map { $0.map { "\($0)" }.joined(separator: " ") }.joined(separator: "\n")
      let file = try folder.write("start.txt", text: text + "\n")
      let (outcome, report) = try run(folder, "color", "color", ["--use-color", "on", "--init", file])
      let off = report?.displacement(from: Self.truth, over: corners) ?? .infinity
      #expect(off < 0.02, "\(off) m; \(outcome)")
    }
  }

  @Test("a cloud without colour: one line with auto, status 65 with on")
  func missing() throws {
    try TemporaryFolder.with { folder in
      let auto = try run(folder, "color", "none", ["--use-color", "auto"])
      #expect(auto.report != nil, "\(auto.outcome)")
      let lines = auto.outcome.errorLines.filter { $0.contains("colour is not used") }
      #expect(lines.count == 1 && lines.allSatisfy { $0.contains("b.ply") }, "\(auto.outcome)")
      let on = try run(folder, "color", "none", ["--use-color", "on"])
      expectRefused(on.outcome, code: [65], containing: ["neither colour nor intensity"])
    }
  }
}
