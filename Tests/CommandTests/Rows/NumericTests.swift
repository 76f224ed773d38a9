import Foundation
import Testing

/// Rows 56, 58, 59, 60, 66, 67, 68: the pose does not depend on holes, outliers, offsets, sizes or copies.
@Suite struct NumericTests {
  private let pair = Pair.full

  /// The result of an accepted run.
  private func accepted(
    _ run: (outcome: Outcome, report: RegisterReport?), at location: SourceLocation = #_sourceLocation
  ) throws -> RegisterReport {
    expectOrderly(run.outcome, at: location)
    #expect(run.outcome.exit == 0, "\(run.outcome)", sourceLocation: location)
    return try #require(run.report, "\(run.outcome)", sourceLocation: location)
  }

  @Test("row 56: one point in seven is NaN")
  func holes() throws {
    var holes = pair.source
    for k in stride(from: 0, to: 20_000, by: 7) { holes[k][k / 7 % 3] = .nan }
    let missing = holes.count { $0.x.isNaN || $0.y.isNaN || $0.z.isNaN }
    #expect(missing == 2858)
    let clean = zip(pair.source, holes).filter { !($1.x + $1.y + $1.z).isNaN }.map { $0.0 }
    let run = try register(holes, pair.target)
    let (a, b) = (try accepted(run), try accepted(try register(clean, pair.target)))
    #expect(a.T.largestDifference(b.T) < 1e-6)
    #expect(run.outcome.text.contains("2858 non-finite") || run.outcome.text.contains("\"dropped_non_finite\":2858"))
    try TemporaryFolder.with { folder in
      let looked = try Command(arguments: ["inspect", try folder.write("holes.ply", PLY(holes).bytes)]).run()
      #expect(looked.exit == 0 && looked.text.contains("2858 non-finite"), "\(looked)")
    }
  }

  @Test("row 58: one far point", arguments: [Double.infinity, 1e9, 1e30, -1e30])
  func outlier(value: Double) throws {
    let clean = try accepted(try register(pair.source, pair.target))
    for k in [0, 10_000] {
      var source = pair.source
      source.insert(SIMD3(value, 1, value), at: k)
      let run = try register(source, pair.target)
      let report = try accepted(run)
      #expect(report.displacement(from: clean.T, over: pair.source) < 1e-3, "\(run.outcome)")
      let words = value.isInfinite ? ["non-finite", "non_finite\":1"] : ["outlier", "far source point", "far point"]
      #expect(words.contains { run.outcome.text.contains($0) }, "the point must be named; \(run.outcome)")
    }
  }

  /// Corners of the box around the source: where a pose is compared.
  private var corners: [SIMD3<Double>] {
    [0, 777, 5000, 12_345, 19_999].map { pair.source[$0] }
  }

  @Test(
    "row 59: survey coordinates in double precision",
    arguments: [
      (SIMD3(500_000.0, 5_000_000, 100), SIMD3(500_000.0, 5_000_000, 100)),
      (SIMD3(500_000.0, 5_000_000, 100), SIMD3(500_040.0, 5_000_017, 90)),
    ])
  func survey(source: SIMD3<Double>, target: SIMD3<Double>) throws {
    let local = try accepted(try register(pair.source, pair.target, scalar: "double"))
    let run = try register(pair.source.map { $0 + source }, pair.target.map { $0 + target }, scalar: "double")
    let far = try accepted(run)
    for p in corners {
      let d = far.T.apply(p + source) - target - local.T.apply(p)
      #expect((d * d).sum().squareRoot() < 1e-6, "\(d) \(run.outcome)")
    }
    #expect((far.object["offset"] as? [Double])?.contains { $0 != 0 } == true, "\(run.outcome)")
  }

  @Test("row 59: survey coordinates as text")
  func surveyText() throws {
    try TemporaryFolder.with { folder in
      let offset = SIMD3(500_000.0, 5_000_000, 100)
      let source = try folder.write("a.xyz", text: rows(pair.source.map { $0 + offset }).joined())
      let target = try folder.write("b.xyz", text: rows(pair.target.map { $0 + offset }).joined())
      let outcome = try Command(arguments: ["register", source, target, "--json"]).run()
      let far = try accepted((outcome, RegisterReport(outcome.output)))
      let local = try accepted(try register(pair.source, pair.target, scalar: "double"))
      for p in corners {
        let d = far.T.apply(p + offset) - offset - local.T.apply(p)
        #expect((d * d).sum().squareRoot() < 1e-6, "\(d) \(outcome)")
      }
    }
  }

  @Test("row 60: survey coordinates in single precision")
  func quantised() throws {
    // A site of 180 m, which half a metre does not destroy.
    let offset = SIMD3(500_000.0, 5_000_000, 100)
    let run = try register(pair.source.map { 30 * $0 + offset }, pair.target.map { 30 * $0 + offset })
    let report = try accepted(run)
    #expect(run.outcome.text.contains("coordinates quantised to 0.5 m"), "\(run.outcome)")
    #expect(report.verdict != "failed")
  }

  @Test("row 66: a cloud of nanometre size", arguments: [0x1p-33, 1e-9])
  func tiny(scale: Double) throws {
    let report = try accepted(try register(pair.source.map { scale * $0 }, pair.target.map { scale * $0 }))
    var scaled = report.T
    for i in 0..<3 { scaled[i][3] /= scale }
    let clean = try accepted(try register(pair.source, pair.target))
    let sum = corners.map { scaled.apply($0) - clean.T.apply($0) }.map { ($0 * $0).sum().squareRoot() }
    #expect(sum.allSatisfy { $0 < 1e-2 }, "scale-free within a tenth of a voxel: \(sum)")
  }

  @Test("row 67: every point four times", arguments: [true, false])
  func duplicates(interleaved: Bool) throws {
    let source =
      interleaved
      ? pair.source.flatMap { Array(repeating: $0, count: 4) } : Array(repeatElement(pair.source, count: 4).joined())
    let (a, b) = (try accepted(try register(source, pair.target)), try accepted(try register(pair.source, pair.target)))
    // Copies change no voxel mean but its rounding; the order of the points may move the automatic voxel a little.
    #expect(a.displacement(from: b.T, over: corners) < (interleaved ? 1e-5 : 1e-3))
  }

  @Test("row 68: the same file as source and target")
  func same() throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("one.ply", pair.targetFile)
      let outcome = try Command(arguments: ["register", file, file, "--json"]).run()
      let report = try accepted((outcome, RegisterReport(outcome.output)))
      #expect(report.T.largestDifference(.identity) < 1e-9, "\(outcome)")
    }
  }
}
