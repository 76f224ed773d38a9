import Foundation
import Testing

/// Rows 64 and 65: clouds of different size, `--scale`, `--dof 7` and `--units`.
@Suite struct ScaleTests {
  private let pair = Pair.full

  /// The matrix that maps a source multiplied by `factor` to the target.
  private func truth(_ factor: Double) -> Matrix4 {
    pair.targetFromSource.enumerated().map { i, row in
      row.enumerated().map { i < 3 && $0 < 3 ? $1 / factor : $1 }
    }
  }

  /// A part of the target with other noise, moved.
  private var copy: [SIMD3<Double>] {
    var random = SplitMix(77)
    let back = pair.targetFromSource.rigidInverse
    return pair.target.filter { $0.x < 4 }.map { p in
      back.apply(p + 0.002 * SIMD3(random.normal(), random.normal(), random.normal()))
    }
  }

  /// Registers points multiplied by a factor and expects pose and scale; the report.
  @discardableResult
  private func expectScale(
    _ factor: Double, of points: [SIMD3<Double>], options: [String], tolerance: Double = 1e-3,
    at location: SourceLocation = #_sourceLocation
  ) throws -> RegisterReport {
    let source = points.map { factor * $0 }
    let (outcome, report) = try register(source, pair.target, scalar: "double", options: options)
    expectOrderly(outcome, at: location)
    #expect(outcome.exit == 0, "\(outcome)", sourceLocation: location)
    let found = try #require(report, "\(outcome)", sourceLocation: location)
    let scale = found.object["scale"] as? Double ?? 0
    #expect(abs(scale * factor - 1) < tolerance, "scale \(scale); \(outcome)", sourceLocation: location)
    // The matrix holds the scale: it maps stored source points to stored target points.
    let off = found.displacement(from: truth(factor), over: source)
    #expect(off < 0.02, "\(off) m off; \(outcome)", sourceLocation: location)
    return found
  }

  @Test("row 64: ten times as large, --scale estimate", arguments: [10.0, 0.1])
  func tenfold(factor: Double) throws { try expectScale(factor, of: copy, options: ["--scale", "estimate"]) }

  @Test("row 64: scans from two places, which sample different points")
  func twoScans() throws {
    try expectScale(10, of: pair.source, options: ["--scale", "estimate"], tolerance: 3e-3)
  }

  @Test("row 64: any factor of the range", arguments: [1.0, 1.37, 0.0047, 730])
  func factors(factor: Double) throws { try expectScale(factor, of: copy, options: ["--dof", "7"]) }

  @Test("row 64: a larger source fails without the option")
  func off() throws {
    // Not turned: extents along the axes change with a rotation.
    let copy = pair.target.map { 10 * Pair.rounded($0) }
    let (outcome, report) = try register(copy, pair.target, options: ["--scale", "off"])
    expectOrderly(outcome)
    #expect(outcome.exit == 1 && report?.verdict == "failed", "\(outcome)")
    #expect(report?.reasons.contains { $0.contains("sizes differ 10×") } == true, "\(outcome)")
    #expect(report?.object["scale"] as? Double == 1, "\(outcome)")
  }

  @Test("clouds are written as the matrix says, and matrices compose")
  func outputs() throws {
    try TemporaryFolder.with { folder in
      let files = [
        try folder.write("a.ply", PLY(pair.source.map { 10 * $0 }).bytes), try folder.write("b.ply", pair.targetFile),
      ]
      let outcome = try Command(
        arguments: ["register"] + files + [
          "--scale", "estimate", "--json", "-o", folder("T.txt"), "--save-aligned", folder("moved.xyz.ply"),
          "--picture", folder("p.png"), "--report", folder("r.html"),
        ]
      ).run()
      expectOrderly(outcome)
      #expect(outcome.exit == 0, "\(outcome)")
      let report = try #require(RegisterReport(outcome.output), "\(outcome)")
      let inverse = try #require(RegisterReport.matrix(report.object["T_inverse"]))
      #expect(report.T.times(inverse).largestDifference(.identity) < 1e-9)
      let text = String(decoding: folder.bytes("T.txt"), as: UTF8.self)
      #expect(text.contains("# scale: 0.1") || text.contains("# scale: 0.099"), "\(text)")
      let inspected = try Command(arguments: ["inspect", folder("moved.xyz.ply"), "--json"]).run()
      let target = try Command(arguments: ["inspect", files[1], "--json"]).run()
      func size(_ outcome: Outcome) throws -> Double {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let file = (object["files"] as? [[String: Any]])?.first ?? object
        let size = try #require(file["robust_size"] as? [Double], "\(outcome)")
        return size.map { $0 * $0 }.reduce(0, +).squareRoot()
      }
      #expect(abs(try size(inspected) / size(target) - 1) < 0.3, "\(inspected)")
      #expect(!folder.bytes("p.png").isEmpty && !folder.bytes("r.html").isEmpty)
    }
  }

  @Test("a scale outside of the given range is not found, and a range that holds it finds it")
  func range() throws {
    let source = pair.source.map { 10 * $0 }
    let (outcome, report) = try register(source, pair.target, options: ["--scale", "estimate:0.5,2"])
    expectOrderly(outcome)
    #expect(outcome.exit == 1 && report?.verdict == "failed", "\(outcome)")
    try expectScale(10, of: copy, options: ["--scale", "estimate:0.05,0.2"])
  }

  @Test("a bare corner looks alike at every size: never trusted")
  func corner() throws {
    func corner(_ size: Double, seed: UInt64) -> [SIMD3<Double>] {
      Shapes.make(6000, seed: seed) { random -> SIMD3<Double> in
        var p = SIMD3(random.uniform(0...size), random.uniform(0...size), random.uniform(0...size))
        p[Int(random.next() % 3)] = 0
        return p
      }
    }
    // Other points: a copy would be known by them.
    let (outcome, report) = try register(
      corner(3, seed: 9), corner(6, seed: 10), options: ["--scale", "estimate"])
    expectOrderly(outcome)
    #expect(report != nil && report?.verdict != "trusted", "\(outcome)")
  }

  @Test("row 65: --units auto converts the source and says so", arguments: [true, false])
  func millimetres(source: Bool) throws {
    let (a, b) = (pair.source.map { source ? 1000 * $0 : $0 }, pair.target.map { source ? $0 : 1000 * $0 })
    let (outcome, report) = try register(a, b, options: ["--units", "auto"])
    expectOrderly(outcome)
    #expect(outcome.exit == 0, "\(outcome)")
    #expect(report?.object["scale"] as? Double == (source ? 1e-3 : 1e3), "\(outcome)")
    let words = source ? "Source read as mm (factor 0.001)" : "Source read as m (factor 1000)"
    #expect(outcome.errors.contains(words), "\(outcome)")
    let truth: Matrix4 = pair.targetFromSource.enumerated().map { i, row in
      row.enumerated().map { i == 3 ? $1 : source ? ($0 < 3 ? $1 / 1000 : $1) : $1 * 1000 }
    }
    let off = report?.displacement(from: truth, over: a) ?? .infinity
    #expect(off < (source ? 0.02 : 20), "\(off); \(outcome)")
  }

  @Test("row 65: without --units nothing is rescaled")
  func proposal() throws {
    let (outcome, report) = try register(pair.source.map { 1000 * $0 }, pair.target)
    #expect(report?.object["scale"] as? Double == 1 && outcome.errors.contains("Nothing is rescaled"), "\(outcome)")
    #expect(outcome.errors.contains("×1000"), "\(outcome)")
  }

  @Test("units that are near each other are told apart", arguments: [0.0254, 0.3048, 0.01])
  func units(metres: Double) throws {
    let (outcome, report) = try register(pair.source.map { $0 / metres }, pair.target, options: ["--units", "auto"])
    #expect(outcome.exit == 0, "\(outcome)")
    let scale = report?.object["scale"] as? Double ?? 0
    #expect(abs(scale / metres - 1) < 1e-12, "\(outcome)")
  }

  @Test("equal units are left alone")
  func sameUnits() throws {
    let (outcome, report) = try register(pair.source, pair.target, options: ["--units", "auto"])
    #expect(outcome.exit == 0, "\(outcome)")
    #expect(report?.object["scale"] as? Double == 1 && !outcome.errors.contains("warning"), "\(outcome)")
  }

  @Test(
    "what makes no sense is refused",
    arguments: [
      ["--scale", "estimate:2,1"], ["--scale", "estimate:0,1"], ["--scale", "estimate:1"], ["--scale", "10"],
      ["--scale", "estimate:nan,1"], ["--units", "mm"], ["--dof", "5"], ["--dof", "7", "--scale", "off"],
      ["--units", "auto", "--scale", "estimate"], ["--scale", "estimate", "-o", "/tmp/x.tum"],
    ])
  func refused(options: [String]) throws {
    let outcome = try Command(arguments: ["register", "a.ply", "b.ply"] + options).run()
    expectRefused(outcome, code: [64])
  }
}
