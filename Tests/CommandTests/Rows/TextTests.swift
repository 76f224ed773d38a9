import Testing

/// Row 36 and its neighbours: columns of numbers in the dialects of spreadsheets.
@Suite struct TextTests {
  /// A dialect: name of the file, what comes first, the separator and the line end.
  struct Dialect: Sendable, CustomTestStringConvertible {
    let name: String
    var head = ""
    var separator = ","
    var end = "\n"
    var extra = ""
    var testDescription: String { "\(name) head \(head.debugDescription) separator \(separator.debugDescription)" }
  }

  static let dialects = [
    Dialect(name: "header.csv", head: "x,y,z\n"), Dialect(name: "plain.csv"),
    Dialect(name: "upper.csv", head: "X,Y,Z\n"), Dialect(name: "semicolon.csv", head: "x;y;z\n", separator: ";"),
    Dialect(name: "semicolon2.csv", separator: ";"), Dialect(name: "tab.csv", head: "x\ty\tz\n", separator: "\t"),
    Dialect(name: "tab2.txt", separator: "\t"), Dialect(name: "bom.csv", head: "\u{FEFF}x,y,z\n"),
    Dialect(name: "bom2.csv", head: "\u{FEFF}"), Dialect(name: "crlf.csv", head: "x,y,z\r\n", end: "\r\n"),
    Dialect(name: "plain.xyz", separator: " "), Dialect(name: "wide.xyz", separator: "   "),
    Dialect(name: "comment.xyz", head: "# scan of a corner\n", separator: " "),
    Dialect(name: "intensity.csv", head: "x,y,z,intensity\n", extra: ",12.5"),
    Dialect(name: "noending", separator: " "), Dialect(name: "blanks.csv", head: "x, y, z\n", separator: ", "),
  ]

  @Test("row 36: CSV and XYZ dialects", arguments: dialects)
  func dialect(_ dialect: Dialect) throws {
    try TemporaryFolder.with { folder in
      let lines = rows(Pair.small.source, separator: dialect.separator, end: dialect.extra + dialect.end)
      let file = try folder.write(dialect.name, text: dialect.head + lines.joined())
      let report = try expectReadable(file, folder)
      #expect(report?.inputs.first?["points"] as? Int == 4000)
    }
  }

  @Test("row 36: columns in another order are found by their names")
  func reordered() throws {
    try TemporaryFolder.with { folder in
      let lines = Pair.small.source.map { "7;\(decimal($0.z));\(decimal($0.x));\(decimal($0.y))\n" }
      let file = try folder.write("order.csv", text: "id;z;x;y\n" + lines.joined())
      try expectReadable(file, folder)
    }
  }

  @Test("row 36: a last line without an end counts")
  func lastLine() throws {
    try TemporaryFolder.with { folder in
      let text = rows(Pair.small.source).joined()
      let file = try folder.write("open.xyz", text: String(text.dropLast()))
      let report = try expectReadable(file, folder)
      #expect(report?.inputs.first?["points"] as? Int == 4000)
    }
  }
}
