import Evaluation
import Foundation
import Geometry
import Testing

/// Rows 71, 72 and 85 for `--report`, what the page says, and what a browser makes of it.
@Suite struct ReportTests {
  private func report(_ files: [String], _ folder: TemporaryFolder, _ options: [String] = []) throws -> Outcome {
    try Command(arguments: ["register"] + files + ["--report", folder("r.html")] + options).run()
  }

  private func page(_ folder: TemporaryFolder) -> String { String(decoding: folder.bytes("r.html"), as: UTF8.self) }

  @Test("row 85: names in the page are escaped", arguments: AccessTests.names)
  func awkward(name: String) throws {
    try TemporaryFolder.with { folder in
      let files = [try folder.write(name, Pair.small.sourceFile), try folder.write("t.ply", Pair.small.targetFile)]
      let outcome = try report(files, folder)
      expectOrderly(outcome)
      #expect(outcome.exit == 0 && outcome.output.contains("r.html"), "\(outcome)")
      let html = page(folder)
      #expect(!html.contains("<script>alert") && !html.contains("\u{1B}") && !html.contains("two\nlines"))
      let shown: [String: String] = [
        "<script>alert(1)<script>.ply": "&lt;script&gt;alert(1)&lt;script&gt;.ply",
        "red\u{1B}[31m.ply": "red\\x1B[31m.ply",
        "two\nlines.ply": "two\\x0Alines.ply", "back\\slash \"q\".ply": "back\\slash &quot;q&quot;.ply",
      ]
      #expect(html.contains(shown[name] ?? name), "the name itself must be there")
    }
  }

  @Test("the page says verdict, pose, residuals, overlap, parameters and hashes; only its run differs between runs")
  func content() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      var pages: [String] = []
      for threads in ["1", "2"] {
        let outcome = try report(files, folder, ["--threads", threads, "--force", "--json"])
        #expect(outcome.exit == 0, "\(outcome)")
        let object = try #require(RegisterReport(outcome.output))
        let html = page(folder)
        #expect(html.contains("<strong>\(object.verdict.uppercased())</strong>"))
        for input in object.inputs {
          let hash = try #require(input["sha256"] as? String)
          #expect(html.contains(hash))
        }
        for value in object.T.joined() { #expect(html.contains(String(format: "%.9f", value)) || abs(value) < 1e-9) }
        for word in [
          "quaternion", "Rz(yaw)", "Overlap", "16 %", "95 %", "What the overlap fixes", "voxel", "seed", "0.1.0",
        ] {
          #expect(html.contains(word), "\(word)")
        }
        let parts = html.split(separator: "<section id=\"run\">")
        #expect(parts.count == 2)
        let end = try #require(parts.last?.range(of: "</section>"))
        pages.append(parts[0] + String(parts[1][end.upperBound...]))
      }
      #expect(pages[0] == pages[1])
    }
  }

  @Test("a pose that is not accepted has a page that says so, and no pose file")
  func refused() throws {
    try TemporaryFolder.with { folder in
      var random = SplitMix(5)
      func noise() -> [UInt8] {
        PLY((0..<2000).map { _ in SIMD3(random.uniform(0...3), random.uniform(0...3), random.uniform(0...3)) }).bytes
      }
      let files = [try folder.write("a.ply", noise()), try folder.write("b.ply", noise())]
      let outcome = try report(files, folder, ["-o", folder("T.txt")])
      #expect(outcome.exit == 1, "\(outcome)")
      let html = page(folder)
      #expect(html.contains("<strong>FAILED</strong>") && html.contains("not accepted") && html.contains("do not use"))
      #expect(folder.entries == ["a.ply", "b.ply", "r.html"])
    }
  }

  @Test("rows 71 and 72: the page is an output like the others")
  func output() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      func run(_ arguments: [String]) throws -> Outcome {
        try Command(arguments: ["register"] + files + arguments).run()
      }
      expectRefused(try run(["--report", folder("r.htm")]), code: [64], containing: [".html"])
      expectRefused(try run(["--report", folder("none/r.html")]), code: [73], naming: "r.html")
      try FileManager.default.createSymbolicLink(atPath: folder("l.html"), withDestinationPath: files[0])
      expectRefused(try run(["--report", folder("l.html"), "--force"]), code: [64])
      #expect(folder.bytes("source.ply") == Pair.small.sourceFile)
      try folder.write("r.html", text: "mine")
      expectRefused(try run(["--report", folder("r.html")]), code: [64, 73], containing: ["--force"])
      #expect(folder.bytes("r.html") == Array("mine".utf8))
      #expect(try run(["--report", folder("r.html"), "--force"]).exit == 0)
      #expect(page(folder).hasPrefix("<!DOCTYPE html>"))
      #expect(folder.entries == ["source.ply", "target.ply", "l.html", "r.html"])
    }
  }

  @Test("a browser loads the page without an error and draws the view", .enabled(if: Browser.isHere, "needs Chromium"))
  func browser() throws {
    try TemporaryFolder.with { folder in
      #expect(try report(try writePair(folder), folder).exit == 0)
      try expectDrawn(folder, views: 1)
      let plain = try Browser.document(folder("r.html"), folder, withWebGL: false)
      #expect(states(plain) == ["unavailable"] && plain.contains("The 3-D view cannot be drawn here (this browser"))
      #expect(root(plain) == "<html lang=\"en\" data-ready=\"true\">")
    }
  }

  @Test(
    "a browser draws every view of an evaluation in one page",
    .enabled(if: Browser.isHere, "needs Chromium"))
  func evaluation() throws {
    try TemporaryFolder.with { folder in
      let pair = Pair.small
      let (source, target) = (PointCloud(pair.source), PointCloud(pair.target))
      let t = pair.targetFromSource
      let truth = try RigidTransform(rowMajor: t.flatMap { $0 })
      let wrong = RigidTransform(translation: Point3(0.4, 0, 0)) * truth
      let file = CloudReference(path: "a.ply")
      let items = (0..<10).map { k in
        let item = PairItem(
          id: "pair \(k)", list: "pairs", scene: "", numbers: (0, k), source: file, target: file, truth: truth)
        let outcome = PairScore.Outcome.estimated(PairScore.Estimate(pose: wrong, verdict: .trusted))
        let score = PairScore(id: item.id, list: "pairs", scene: "", first: 0, second: k, outcome: outcome)
        return WorstItem(item: item, score: score, source: source, target: target)
      }
      let curve = Curve(
        title: "Recall", xLabel: "m", yLabel: "%", lines: [Curve.Line(name: "all", points: [(0, 0), (1, 80)])])
      let html = EvaluationReport(title: "t", subject: [], tables: [], curves: [curve], worst: items).html()
      try folder.write("r.html", text: html)
      try expectDrawn(folder, views: 10)
    }
  }

  /// The states of the views of a document, in order.
  private func states(_ document: String) -> [String] {
    document.matches(of: /<figure class="cloud-view" data-state="([a-z]*)"/).map { String($0.1) }
  }

  /// The opening tag of the document.
  private func root(_ document: String) -> String {
    document.firstMatch(of: /<html[^>]*>/).map { String($0.0) } ?? ""
  }

  /// The page in the folder loads without an error, its views in sight are drawn, and what they draw is orange and blue.
  private func expectDrawn(_ folder: TemporaryFolder, views: Int) throws {
    let document = try Browser.document(folder("r.html"), folder)
    let opening = root(document)
    #expect(opening == "<html lang=\"en\" data-ready=\"true\">", "no error, and the script came to its end")
    let seen = states(document)
    #expect(seen.count == views && seen.first == "drawn", "\(seen)")
    #expect(seen.allSatisfy { ["drawn", "waiting", "released"].contains($0) }, "\(seen)")
    // Without the pictures all colour comes from the views, the bars and the lines.
    let bare = page(folder).replacingOccurrences(
      of: "<style>", with: "<style>img,svg,.swatch{visibility:hidden!important}")
    try folder.write("bare.html", text: bare)
    let pixels = try Browser.screenshot(folder("bare.html"), folder)
    let orange = pixels.count { r, g, b in r > g + 40 && g > b + 20 }
    let blue = pixels.count { r, g, b in b > g + 30 && g > r + 15 }
    #expect(pixels.width == 1200 && orange > 5000 && blue > 5000, "\(orange) orange and \(blue) blue pixels")
  }
}

extension PointCloud {
  /// A cloud of points.
  fileprivate init(_ points: [SIMD3<Double>]) { self.init(positions: points.map { SIMD3<Float>($0) }) }
}
