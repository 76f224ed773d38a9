import Testing

/// Rows 7–19 and 23: PLY files whose header or size is wrong.
@Suite struct PLYHeaderTests {
  static let points = Pair.full.source

  /// Writes a file and expects that nobody reads it.
  private func refuse(
    _ bytes: some Sequence<UInt8>, _ words: [String], megabytes: Double? = 300,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("broken.ply", bytes)
      try expectUnreadable(file, folder, containing: words, megabytes: megabytes, at: location)
    }
  }

  /// A file with other property lines than x, y, z and any payload.
  private func file(properties: [String], payload: [UInt8] = garbage(24_000)) -> [UInt8] {
    let lines = ["ply", "format binary_little_endian 1.0", "element vertex 1000"] + properties + ["end_header"]
    return Array((lines.joined(separator: "\n") + "\n").utf8) + payload
  }

  @Test("row 7: PLY cut in the header", arguments: [20, 60, 100])
  func cutInHeader(length: Int) throws {
    let header = PLY(Self.points).header
    #expect(header.count > length)
    try refuse(header.prefix(length), ["header ends early"])
  }

  @Test("row 8: PLY cut at half")
  func cutAtHalf() throws {
    let bytes = PLY(Self.points).bytes
    let half = bytes.count / 2
    let complete = (half - PLY(Self.points).header.count) / 12
    try refuse(bytes.prefix(half), ["promises 20000 points", "\(complete) complete"])
  }

  @Test("row 9: last byte missing", arguments: [PLY.Encoding.little, .big])
  func lastByteMissing(encoding: PLY.Encoding) throws {
    try refuse(PLY(Self.points, encoding).bytes.dropLast(), ["promises 20000 points", "19999 complete"])
  }

  @Test("row 9: last row of an ASCII file missing")
  func lastRowMissing() throws {
    let points = Array(Self.points.prefix(1000))
    var file = PLY(points, .ascii)
    file.count = "1001"
    try refuse(file.bytes, ["1001", "1000"])
  }

  @Test("row 10: bytes after the last point")
  func trailingBytes() throws {
    try TemporaryFolder.with { folder in
      var ply = PLY(Self.points)
      ply.count = "10"
      let file = try folder.write("trailing.ply", ply.bytes)
      let outcome = try Command(arguments: ["inspect", file]).run()
      expectOrderly(outcome)
      #expect(outcome.exit == 0, "\(outcome)")
      #expect(outcome.text.contains("239880 bytes after the last point"), "\(outcome)")
      let good = try folder.write("good.ply", Pair.small.targetFile)
      expectOrderly(try Command(arguments: ["register", file, good]).run())
    }
  }

  @Test("row 11: 2e9 points promised before 240 kB", arguments: PLY.Encoding.allCases)
  func hugeCount(encoding: PLY.Encoding) throws {
    var ply = PLY(Array(Self.points.prefix(encoding == .ascii ? 4000 : 20_000)), encoding)
    ply.count = "2000000000"
    try refuse(ply.bytes, ["2000000000"], megabytes: 100)
  }

  @Test(
    "rows 12–14: count that no file can have",
    arguments: [
      ("100000000000000000000", "count out of range"), ("18446744073709551615", "count"), ("-5", "count"),
      ("0", "no points"),
      ("ten", "count"),
    ])
  func count(text: String, words: String) throws {
    var ply = PLY(Array(Self.points.prefix(1000)))
    ply.count = text
    if text == "0" { ply.points = [] }
    try refuse(ply.bytes, [words])
  }

  @Test("row 15: x is a list")
  func listTyped() throws {
    try refuse(
      file(properties: ["property list uchar float x", "property float y", "property float z"]), ["x must be a scalar"])
  }

  @Test("row 16: a list longer than the file", arguments: [true, false])
  func longList(first: Bool) throws {
    let element = (
      lines: ["element face 1", "property list uint int vertex_indices"], bytes: [255, 255, 255, 255, 0, 0] as [UInt8]
    )
    var ply = PLY(Array(Self.points.prefix(1000)))
    if first { ply.leading = element } else { ply.trailing = element }
    try refuse(ply.bytes, ["list longer than file"])
  }

  @Test("row 17: no x, y, z")
  func noCoordinates() throws {
    try refuse(file(properties: ["property float a", "property float b"]), ["no x, y, z (found a, b)"])
  }

  @Test("row 18: x twice")
  func twice() throws {
    let properties = ["x", "y", "x", "z"].map { "property float \($0)" }
    try refuse(file(properties: properties), ["property x twice"])
  }

  @Test("row 19: unknown scalar type")
  func unknownType() throws {
    try refuse(file(properties: ["x", "y", "z"].map { "property float128 \($0)" }), ["float128"])
  }

  @Test("row 23: a header of 10 MB without an end")
  func endlessHeader() throws {
    let line = "comment " + String(repeating: "a", count: 92) + "\n"
    let start = "ply\nformat binary_little_endian 1.0\n"
    try refuse((start + String(repeating: line, count: 100_000)).utf8, ["header longer than 64 KiB"])
  }
}
