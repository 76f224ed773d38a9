import Foundation
import Testing

/// The contract of `register --json`.
@Suite struct JSONTests {
  static let keys: Set<String> = [
    "schema", "verdict", "reasons", "T", "T_inverse", "T_local", "offset", "scale", "overlap", "rmse", "inliers",
    "weakest_direction", "alternatives", "voxel", "seed", "version", "input", "run",
  ]

  @Test("keys, values and their relations", arguments: [SIMD3(0.0, 0, 0), SIMD3(500_000.0, 5_000_000, 100)])
  func contract(offset: SIMD3<Double>) throws {
    let pair = Pair.full
    let run = try register(pair.source.map { $0 + offset }, pair.target.map { $0 + offset }, scalar: "double")
    expectOrderly(run.outcome)
    let report = try #require(run.report, "\(run.outcome)")
    #expect(Self.keys.subtracting(report.object.keys).isEmpty, "missing: \(Self.keys.subtracting(report.object.keys))")
    #expect(report.object["schema"] as? String == "plumb.register/1")
    #expect(["trusted", "doubtful", "failed"].contains(report.verdict))
    #expect(report.reasons.isEmpty == (report.verdict == "trusted"), "\(run.outcome)")
    #expect(report.withoutRun != nil, "`run` must be the last key; \(run.outcome)")
    #expect(!run.outcome.output.contains("nan") && !run.outcome.output.contains("inf,"), "\(run.outcome)")
    let lines = run.outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.last == "", "the object ends with a line end")

    let inverse = try #require(RegisterReport.matrix(report.object["T_inverse"]))
    let local = try #require(RegisterReport.matrix(report.object["T_local"]))
    let o = try #require(report.object["offset"] as? [Double])
    #expect(o.count == 3 && (offset == .zero) == o.allSatisfy { $0 == 0 }, "\(o)")
    // Far from the origin one unit in the last place is 1e-9 m.
    let tolerance = offset == .zero ? 1e-12 : 1e-8
    #expect(report.T.times(inverse).largestDifference(.identity) < tolerance)
    let shift = SIMD3(o[0], o[1], o[2])
    #expect(local.shifted(source: shift, target: shift).largestDifference(report.T) < tolerance)
    #expect(report.T[3] == [0, 0, 0, 1] && local[3] == [0, 0, 0, 1])
    #expect(report.T.prefix(3).map { $0.prefix(3) } == local.prefix(3).map { $0.prefix(3) }, "one rotation")
  }

  @Test("inputs, overlap and run are described")
  func parts() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let outcome = try Command(arguments: ["register"] + files + ["--json"]).run()
      let report = try #require(RegisterReport(outcome.output), "\(outcome)")
      #expect(report.inputs.count == 2)
      for (input, file) in zip(report.inputs, files) {
        #expect(input["path"] as? String == file)
        #expect(input["points"] as? Int == 4000)
        #expect(input["dropped_non_finite"] as? Int == 0)
        #expect((input["sha256"] as? String)?.count == 64)
        #expect((input["format"] as? String)?.lowercased().contains("ply") == true)
      }
      #expect(Set(report.inputs.compactMap { $0["sha256"] as? String }).count == 2)
      let overlap = report.object["overlap"] as? [String: Double] ?? [:]
      #expect(Set(overlap.keys) == ["source", "target"] && overlap.values.allSatisfy { (0...1).contains($0) })
      let run = report.object["run"] as? [String: Any] ?? [:]
      #expect(run["threads"] is NSNumber && run["times"] is [String: Any], "\(outcome)")
      #expect((run["peak_rss_bytes"] as? NSNumber)?.intValue ?? 0 > 1_000_000, "\(outcome)")
      #expect(report.object["seed"] as? Int == 1)
      #expect(report.object["scale"] as? Double == 1)
    }
  }

  @Test("a failed result has a reason and exit 1")
  func failed() throws {
    let (outcome, report) = try register(Pair.full.source, Shapes.noise(seed: 4))
    expectOrderly(outcome)
    #expect(outcome.exit == 1 && report?.verdict == "failed" && report?.reasons.isEmpty == false, "\(outcome)")
  }

  @Test("what is written with -o out.json is the result")
  func file() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let outcome = try Command(arguments: ["register"] + files + ["--json", "-o", folder("out.json")]).run()
      let printed = try #require(RegisterReport(outcome.output), "\(outcome)")
      let written = try #require(RegisterReport(String(decoding: folder.bytes("out.json"), as: UTF8.self)))
      #expect(printed.T == written.T && printed.verdict == written.verdict)
    }
  }

  @Test("inspect --json is one object per call")
  func inspect() throws {
    try TemporaryFolder.with { folder in
      let outcome = try Command(arguments: ["inspect", try writePair(folder)[0], "--json"]).run()
      expectOrderly(outcome)
      #expect(outcome.exit == 0, "\(outcome)")
      let object = try? JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      #expect(object is [String: Any] || object is [Any], "\(outcome)")
    }
  }
}
