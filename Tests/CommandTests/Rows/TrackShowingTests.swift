import Foundation
import Testing

/// `plumb track --picture` and `--report`.
@Suite struct TrackShowingTests {
  private func track(_ folder: TemporaryFolder, _ options: [String]) throws -> Outcome {
    try Command(arguments: ["track", folder.path, "-o", folder("t.txt"), "--force"] + options).run()
  }

  private func page(_ folder: TemporaryFolder) -> String { String(decoding: folder.bytes("t.html"), as: UTF8.self) }

  @Test("the picture shows boxes in orange and magenta and the object's points in blue; the same for any threads")
  func picture() throws {
    try TemporaryFolder.with { folder in
      try BlockDrive(hidden: [5, 6]).write(folder)
      for threads in ["1", "2"] {
        let outcome = try track(folder, ["--picture", folder("\(threads).png"), "--threads", threads])
        #expect(outcome.exit == 0 && outcome.output.contains("\(threads).png"), "\(outcome)")
      }
      #expect(folder.bytes("1.png") == folder.bytes("2.png"))
      let pixels = try Pixels(png: folder.bytes("1.png"))
      let orange = pixels.count { r, g, b in r > 200 && g > 90 && g < 180 && b < 110 }
      let magenta = pixels.count { r, g, b in r > 150 && g < 130 && b > 110 }
      let blue = pixels.count { r, g, b in b > 160 && r < 100 }
      #expect(pixels.width > 1800 && orange > 1000 && magenta > 1000 && blue > 1000, "\(orange) \(magenta) \(blue)")
    }
  }

  @Test("the page has the table, the errors beside the labels and the score; only its run differs between runs")
  func report() throws {
    try TemporaryFolder.with { folder in
      try BlockDrive(hidden: [5, 6]).write(folder)
      var pages: [String] = []
      for threads in ["1", "2"] {
        let outcome = try track(folder, ["--report", folder("t.html"), "--threads", threads, "--model", "icp"])
        #expect(outcome.exit == 0, "\(outcome)")
        let html = page(folder)
        for words in [
          "7 Car", "followed to the end", "Centre error", "Overlap", "Heading error", "Path from above", "Fitness",
          "mean by frames", "one-pass evaluation", "data:image/png;base64,",
        ] {
          #expect(html.contains(words), "\(words)")
        }
        let parts = html.split(separator: "<section id=\"run\">")
        #expect(parts.count == 2)
        let end = try #require(parts.last?.range(of: "</section>"))
        pages.append(parts[0] + String(parts[1][end.upperBound...]))
      }
      #expect(pages[0] == pages[1])
      let row = try #require(pages[0].firstMatch(of: /<th scope="row">7 Car<\/th>.*?<\/tr>/))
      let cells = row.0.matches(of: /<td class="figure">([^<]*)</).map { String($0.1) }
      #expect(cells.prefix(3) == ["0", "12", "10"], "first frame, frames, seen in: \(cells)")
      let figures = cells.dropFirst(3).compactMap { Double($0) }
      #expect(figures.count == 4 && abs(figures[0] - 0.3) < 0.05, "speed: \(cells)")
      #expect(figures[1] < 0.15 && figures[2] > 80 && figures[3] > 90, "error, Success, Precision: \(cells)")
    }
  }

  @Test("without labels nothing is compared; what was given up or could not be started is said")
  func unlabelled() throws {
    try TemporaryFolder.with { folder in
      try BlockDrive(hidden: Set(4..<12)).write(folder)
      let outcome = try track(
        folder,
        [
          "--box", "9,3,-0.9,4,1.8,1.6,0", "--box", "25,-9,3,1,1,1,0", "--patience", "3", "--report", folder("t.html"),
          "--picture", folder("t.png"),
        ])
      #expect(outcome.exit == 3, "\(outcome)")
      let html = page(folder)
      #expect(html.contains("given up in frame 6") && html.contains("not started") && html.contains("holds no point"))
      #expect(!html.contains("Centre error") && !html.contains("Success"))
      let magenta = try Pixels(png: folder.bytes("t.png")).count { r, g, b in r > 150 && g < 130 && b > 110 }
      #expect(magenta == 0, "no labelled box")
    }
  }

  @Test("rows with a score are results, not labels; one label beyond the first box is enough to compare")
  func labels() throws {
    try TemporaryFolder.with { folder in
      try BlockDrive(frames: 4, labelled: 0..<1).write(folder)
      #expect(try track(folder, ["--report", folder("t.html")]).exit == 0)
      #expect(!page(folder).contains("Centre error"), "the first box alone is no label to compare with")
      let scored = (0..<4).map { BlockDrive.label($0) + " 0.5\n" }.joined()
      try folder.write("label_02/0000.txt", text: scored)
      #expect(try track(folder, ["--report", folder("t.html")]).exit == 0)
      #expect(!page(folder).contains("Centre error"))
      try folder.write("label_02/0000.txt", text: BlockDrive.label(0) + "\n" + BlockDrive.label(3) + "\n")
      #expect(try track(folder, ["--report", folder("t.html")]).exit == 0)
      #expect(page(folder).contains("Centre error"))
    }
  }

  @Test("a line of errors is interrupted where labels are missing")
  func interrupted() throws {
    try TemporaryFolder.with { folder in
      try BlockDrive().write(folder)
      let labels = [0, 1, 2, 3, 9, 10, 11].map { BlockDrive.label($0) + "\n" }
      try folder.write("label_02/0000.txt", text: labels.joined())
      #expect(try track(folder, ["--report", folder("t.html")]).exit == 0)
      let chart = try #require(page(folder).split(separator: "<h3>Centre error</h3>").last)
      let line = try #require(chart.firstMatch(of: /<path class="line"[^>]* d="([^"]*)"/)).1
      #expect(line.count { $0 == "M" } == 2, "\(line)")
    }
  }

  @Test("picture and page are outputs like the others")
  func outputs() throws {
    try TemporaryFolder.with { folder in
      try BlockDrive(frames: 2).write(folder)
      func run(_ options: [String]) throws -> Outcome {
        try Command(arguments: ["track", folder.path, "-o", folder("t.txt")] + options).run()
      }
      expectRefused(try run(["--report", folder("t.htm")]), code: [64], containing: [".html"])
      expectRefused(try run(["--picture", folder("t.jpg")]), code: [64], containing: [".png"])
      expectRefused(try run(["--picture", folder("none/t.png")]), code: [73], naming: "t.png")
      try folder.write("t.html", text: "mine")
      expectRefused(try run(["--report", folder("t.html")]), code: [73], containing: ["--force"])
      #expect(folder.bytes("t.html") == Array("mine".utf8) && folder.bytes("t.txt").isEmpty)
    }
  }

  @Test("a browser loads the page without an error", .enabled(if: Browser.isHere, "needs Chromium"))
  func browser() throws {
    try TemporaryFolder.with { folder in
      try BlockDrive().write(folder)
      #expect(try track(folder, ["--report", folder("t.html")]).exit == 0)
      let document = try Browser.document(folder("t.html"), folder)
      #expect(document.contains("<html lang=\"en\" data-ready=\"true\">"), "no error, and the script came to its end")
    }
  }
}
