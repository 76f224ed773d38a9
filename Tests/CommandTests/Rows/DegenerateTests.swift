import Testing

/// Rows 50–55 and 57: clouds with too few points or too little shape.
@Suite struct DegenerateTests {
  /// A cloud on either side of a good one is refused with the words.
  private func refuse(
    _ points: [SIMD3<Double>], _ words: [String], at location: SourceLocation = #_sourceLocation
  ) throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("shape.ply", PLY(points).bytes)
      try expectUnreadable(file, folder, containing: words, inspected: false, at: location)
      let good = folder("good-target.ply")
      let outcome = try Command(arguments: ["register", good, file]).run()
      expectRefused(outcome, code: [65], containing: words, naming: "shape.ply", at: location)
      // What is in such a file can still be looked at.
      let looked = try Command(arguments: ["inspect", file]).run()
      expectOrderly(looked, at: location)
      #expect([0, 65].contains(looked.exit), "\(looked)", sourceLocation: location)
    }
  }

  @Test("row 50: 1 and 2 points", arguments: [1, 2])
  func tooFew(count: Int) throws { try refuse(Array(Pair.small.source.prefix(count)), ["at least 3"]) }

  @Test("row 51: 3 points")
  func three() throws {
    let points = Array(Pair.small.source.prefix(3))
    for (a, b) in [(points, points), (points, Pair.small.target), (Pair.small.source, points)] {
      let (outcome, report) = try register(a, b)
      expectOrderly(outcome)
      #expect([1, 65].contains(outcome.exit), "\(outcome)")
      if outcome.exit == 65 { expectRefused(outcome, code: [65]) } else { #expect(report?.verdict == "failed") }
    }
  }

  @Test("row 52: 5000 points at one place", arguments: [SIMD3(1.0, 2, 3), SIMD3(0, 0, 0), SIMD3(500_000, 5e6, 100)])
  func identical(place: SIMD3<Double>) throws {
    try refuse(Array(repeating: place, count: 5000), ["all points coincide"])
  }

  @Test("row 53: points on a line", arguments: [3, 2000])
  func collinear(count: Int) throws { try refuse(Shapes.line(count: count), ["points lie on a line"]) }

  /// The directions that a report calls free: kind and axis.
  private func free(_ report: RegisterReport?) -> [(kind: String, axis: [Double])] {
    let directions = report?.object["directions"] as? [[String: Any]] ?? []
    return directions.filter { $0["observed"] as? Bool == false }.map {
      ($0["kind"] as? String ?? "", $0["axis"] as? [Double] ?? [])
    }
  }

  /// Row 54 lists the three by name: two translations in the plane z = 0 and the turn about its normal.
  private func expectPlane(_ report: RegisterReport?, _ outcome: Outcome) {
    let free = free(report)
    #expect(free.count == 3, "\(outcome)")
    let slides = free.filter { $0.kind == "translation" }
    #expect(slides.count == 2 && slides.allSatisfy { abs($0.axis[2]) < 0.01 }, "\(outcome)")
    let turns = free.filter { $0.kind == "rotation" }
    #expect(turns.count == 1 && turns.allSatisfy { abs($0.axis[2]) > 0.99 }, "\(outcome)")
    #expect(
      report?.reasons.contains { $0.contains("3 directions free: ") && $0.contains("along") && $0.contains("about") }
        == true, "\(outcome)")
  }

  @Test("row 54: plane against plane")
  func planes() throws {
    for (options, exit) in [([], 0), (["--accept", "trusted"], 1)] as [([String], Int32)] {
      let (outcome, report) = try register(Shapes.plane(seed: 1), Shapes.plane(seed: 2), options: options)
      expectOrderly(outcome)
      #expect(outcome.exit == exit, "\(outcome)")
      #expect(report?.verdict == "doubtful", "\(outcome)")
      expectPlane(report, outcome)
    }
  }

  @Test("row 54: plane against plane from an initial pose")
  func planesFromPose() throws {
    let options = ["--init", "identity"]
    let (outcome, report) = try register(Shapes.plane(seed: 1), Shapes.plane(seed: 2), options: options)
    expectOrderly(outcome)
    #expect(outcome.exit == 0, "\(outcome)")
    #expect(report?.verdict == "doubtful", "\(outcome)")
    expectPlane(report, outcome)
  }

  @Test("row 55: sphere and cylinder", arguments: ["sphere", "cylinder"])
  func symmetric(name: String) throws {
    let make = name == "sphere" ? Shapes.sphere : Shapes.cylinder
    for (options, exit) in [([], 0), (["--accept", "trusted"], 1)] as [([String], Int32)] {
      let (outcome, report) = try register(make(3), make(4), options: options)
      expectOrderly(outcome)
      #expect(outcome.exit == exit, "\(outcome)")
      #expect(report?.verdict == "doubtful", "\(outcome)")
      let alternatives = report?.object["alternatives"] as? [[String: Any]] ?? []
      #expect(!alternatives.isEmpty, "the symmetry must be listed; \(outcome)")
      // Each maps the shape onto itself and is another pose than the result.
      for other in alternatives {
        let pose = try #require(RegisterReport.matrix(other["T"]), "\(outcome)")
        for p in make(3).prefix(200) {
          let q = pose.apply(p)
          let radius = (name == "sphere" ? q.x * q.x + q.y * q.y + q.z * q.z : q.x * q.x + q.y * q.y).squareRoot()
          #expect(abs(radius - 1) < 0.1, "\(q)")
        }
        let largest = report?.T.largestDifference(pose) ?? 0
        #expect(largest > 0.1, "an alternative is another pose; \(outcome)")
      }
    }
  }

  @Test("rows 54 and 55: symmetric shapes are never trusted")
  func neverTrusted() throws {
    for (a, b) in [
      (Shapes.plane(seed: 1), Shapes.plane(seed: 2)), (Shapes.sphere(seed: 3), Shapes.sphere(seed: 4)),
      (Shapes.cylinder(seed: 5), Shapes.cylinder(seed: 6)),
    ] {
      let (outcome, report) = try register(a, b)
      expectOrderly(outcome)
      #expect([0, 1].contains(outcome.exit), "\(outcome)")
      #expect(report != nil && report?.verdict != "trusted", "\(outcome)")
      #expect(outcome.exit == (report?.verdict == "failed" ? 1 : 0), "\(outcome)")
    }
  }

  @Test("row 57: every point is NaN", arguments: PLY.Encoding.allCases)
  func allNaN(encoding: PLY.Encoding) throws {
    try TemporaryFolder.with { folder in
      let points = Array(repeating: SIMD3(Double.nan, 1, 2), count: 1000)
      let file = try folder.write("nan.ply", PLY(points, encoding).bytes)
      try expectUnreadable(file, folder, containing: ["finite"])
    }
  }
}
