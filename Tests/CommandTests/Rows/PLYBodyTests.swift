import Foundation
import Testing

/// Rows 26–32: numbers in a file that cannot be what was meant.
@Suite struct PLYBodyTests {
  @Test("row 26: the wrong byte order in the header", arguments: [true, false])
  func wrongEndianness(claimsBig: Bool) throws {
    try TemporaryFolder.with { folder in
      var ply = PLY(Pair.small.source, claimsBig ? .big : .little)
      let header = ply.header
      ply.encoding = claimsBig ? .little : .big
      let file = try folder.write("swapped.ply", header + ply.body)
      let target = try folder.write("target.ply", Pair.small.targetFile)
      for arguments in [["inspect", file], ["register", file, target, "--json"]] {
        let outcome = try Command(arguments: arguments).run()
        expectOrderly(outcome)
        #expect(outcome.text.contains("endian"), "the cause must be named; \(outcome)")
        if outcome.exit == 65 {
          expectRefused(outcome, code: [65], containing: ["values up to", "wrong endianness?"], naming: "swapped.ply")
        } else if arguments[0] == "register" {
          #expect(RegisterReport(outcome.output)?.verdict != "trusted", "\(outcome)")
        }
      }
    }
  }

  /// Text files with a bad line 21: PLY, then plain columns and PCD with the same line.
  private func refuseLine(_ line: String, _ words: [String], at location: SourceLocation = #_sourceLocation) throws {
    try TemporaryFolder.with { folder in
      let ply = try folder.write("line.ply", PLY.withLine21(line))
      try expectUnreadable(ply, folder, containing: words, at: location)
      let crlf = try folder.write("crlf.ply", PLY.withLine21(line, end: "\r\n"))
      try expectUnreadable(crlf, folder, containing: words, at: location)
      var lines = rows(Array(Pair.small.source.prefix(60)), end: "")
      lines[20] = line
      let xyz = try folder.write("line.xyz", text: lines.joined(separator: "\n") + "\n")
      try expectUnreadable(xyz, folder, containing: words, at: location)
      let pcd = PCD(Array(Pair.small.source.prefix(40)), .ascii)
      lines = rows(pcd.points, end: "")
      lines[21 - 11 - 1] = line
      let body = Array((lines.joined(separator: "\n") + "\n").utf8)
      try expectUnreadable(try folder.write("line.pcd", pcd.header + body), folder, containing: words, at: location)
    }
  }

  @Test("row 27: a word at line 21")
  func word() throws { try refuseLine("0.5 abc 0.25", ["line 21", "column", "\"abc\""]) }

  @Test("row 27: the column of the word is named")
  func column() throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("line.ply", PLY.withLine21("0.5 abc 0.25"))
      try expectUnreadable(file, folder, containing: ["line 21, column y: \"abc\""])
    }
  }

  @Test("row 28: a missing column")
  func missingColumn() throws { try refuseLine("0.5 0.25", ["line 21: 2 values, 3 expected"]) }

  @Test("row 29: decimal commas")
  func decimalComma() throws { try refuseLine("1,5 2,5 3,5", ["decimal comma?"]) }

  @Test("row 29: decimal commas in a whole file", arguments: ["de.xyz", "de.csv", "de.txt"])
  func decimalCommas(name: String) throws {
    try TemporaryFolder.with { folder in
      let separator = name == "de.csv" ? ";" : " "
      let text = rows(Pair.small.source, separator: separator).joined().replacing(".", with: ",")
      try expectUnreadable(try folder.write(name, text: text), folder, containing: ["decimal comma?"])
    }
  }

  @Test("row 30: numbers in the manner of programs", arguments: ["1e999", "0x10", "1_000", "1e", "1.2.3", "--1"])
  func oddNumbers(token: String) throws { try refuseLine("0.5 \(token) 0.25", ["line 21", token]) }

  @Test("row 31: nan and inf in text are dropped and counted", arguments: ["ply", "xyz", "pcd"])
  func nonFiniteText(ending: String) throws {
    try TemporaryFolder.with { folder in
      var lines = rows(Pair.small.source)
      for (k, line) in ["nan 1 2\n", "1 NaN 2\n", "1 2 -inf\n", "inf nan NAN\n"].enumerated() {
        lines.insert(line, at: 100 * (k + 1))
      }
      let header: [UInt8]
      switch ending {
      case "ply":
        var ply = PLY(Pair.small.source, .ascii)
        ply.count = "\(lines.count)"
        header = ply.header
      case "pcd":
        var pcd = PCD(Pair.small.source, .ascii)
        pcd.replaced = ["WIDTH": "\(lines.count)", "POINTS": "\(lines.count)"]
        header = pcd.header
      default: header = []
      }
      let file = try folder.write("holes.\(ending)", header + Array(lines.joined().utf8))
      let report = try expectReadable(file, folder, saying: ["4", "non-finite"])
      #expect((report?.inputs.first?["dropped_non_finite"] as? NSNumber)?.intValue == 4)
      let good = try folder.write("good-target.ply", Pair.small.targetFile)
      let strict = try Command(arguments: ["register", file, good, "--non-finite", "error"]).run()
      expectRefused(strict, code: [65], containing: ["non-finite"], naming: "holes")
    }
  }

  @Test("row 32: a line of 100 MB", arguments: ["ply", "xyz"])
  func longLine(ending: String) throws {
    try TemporaryFolder.with { folder in
      let start = ending == "ply" ? PLY(Pair.small.source, .ascii).header : Array("1 2 3\n".utf8)
      let file = try folder.write("long.\(ending)", start)
      guard let handle = FileHandle(forWritingAtPath: file) else { throw RunnerError("cannot append to \(file)") }
      try handle.seekToEnd()
      let piece = Data(repeating: UInt8(ascii: "1"), count: 1 << 20)
      for _ in 0..<100 { try handle.write(contentsOf: piece) }
      try handle.close()
      try expectUnreadable(file, folder, containing: ["line too long"])
    }
  }
}
