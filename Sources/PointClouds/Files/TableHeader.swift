/// What the first lines of a table of numbers (XYZ, TXT, CSV, PTS) say about it.
struct TableHeader {
  var rows: TextRows
  /// Where the rows start.
  var offset: Int
  /// How many lines come before.
  var lineCount: Int
  /// The number of points that a first line with a single number states, as PTS files do.
  var promised: Int?
  var notes: [String] = []

  /// The most lines that are looked at for the first row.
  private static let searchedLines = 64

  /// Whether some bytes look like a table of numbers: text with a row of at least two numbers among its first lines.
  static func matches(_ head: [UInt8], isWhole: Bool) -> Bool {
    let text = withoutMark(head)
    guard !text.isEmpty, !text.contains(where: { $0 < 9 || (14..<32).contains($0) }) else { return false }
    var lines = text.split(separator: 10, maxSplits: searchedLines, omittingEmptySubsequences: false)
    // The last line may be cut where the head ends.
    if lines.count > 1, !isWhole || lines.count > searchedLines { lines.removeLast() }
    return lines.contains { line in
      guard !isComment(line) else { return false }
      let words = line.split { $0 == 32 || $0 == 9 || $0 == 13 || $0 == 0x2C || $0 == 0x3B || $0 == 0x22 }
      return words.count >= 2 && words.prefix(3).allSatisfy(startsLikeNumber)
    }
  }

  /// Finds separator, names and the first row.
  init(_ source: ByteSource) throws(CloudFileError) {
    let head = try source.head(3)
    let lines = LineCursor(source, offset: head == [0xEF, 0xBB, 0xBF] ? 3 : 0, line: 0)
    var comment: [UInt8] = []
    var names: [String]?
    var separator: TextRows.Separator?
    (offset, lineCount) = (lines.offset, 0)
    for _ in 0..<4 * TableHeader.searchedLines {
      (offset, lineCount) = (lines.offset, lines.line)
      guard let line = try lines.next() else { break }
      if line.allSatisfy({ $0 <= 32 }) { continue }
      if TableHeader.isComment(line) {
        comment = Array(line.drop { $0 == 0x23 || $0 == 0x2F || $0 <= 32 })
        continue
      }
      let found = try TableHeader.separator(of: line, source.path, lines.line)
      let words = TableHeader.words(line, found)
      if names == nil, !words.contains(where: TableHeader.startsLikeNumber) {
        (names, separator) = (words.map(TableHeader.name), found)
        continue
      }
      if names == nil, promised == nil, words.count == 1, let count = UInt64(String(decoding: words[0], as: UTF8.self)),
        count <= 1 << 31
      {
        promised = Int(count)
        continue
      }
      let commented = TableHeader.words(comment[...], TableHeader.loose(comment)).map(TableHeader.name)
      if names == nil, commented.count == words.count, commented.contains("x"), commented.contains("z") {
        names = commented
      }
      let used = names?.count == words.count || separator == nil ? found : (separator ?? found)
      rows = TextRows(columns: [], separator: used, roles: [:], isLoose: true)
      if let names {
        try FieldRole.checkCoordinates(names, word: "column", path: source.path)
        rows.columns = names
      } else {
        rows.columns = (0..<words.count).map { "column \($0 + 1)" }
        guard words.count >= 3 else {
          throw CloudFileError(
            .damaged, source.path,
            "line \(lines.line): \(words.count) \(words.count == 1 ? "value" : "values"), at least 3 expected (x y z)")
        }
        let guess = ColumnGuess(try rows.firstRows(source, from: offset), columns: words.count)
        rows.columns = guess.names
        notes += [guess.note].compactMap { $0 }
      }
      rows.roles = FieldRole.roles(of: rows.columns)
      return
    }
    if let names { try FieldRole.checkCoordinates(names, word: "column", path: source.path) }
    throw CloudFileError(.unusable, source.path, "no points: no row of numbers")
  }

  // MARK: Lines

  static func withoutMark(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
  }

  private static func isComment(_ line: ArraySlice<UInt8>) -> Bool {
    let rest = line.drop { $0 == 32 || $0 == 9 }
    return rest.first == 0x23 || rest.starts(with: [0x2F, 0x2F])
  }

  /// Whether a word starts as a number does: digits after an optional sign or point, or a word for a special value.
  private static func startsLikeNumber(_ word: ArraySlice<UInt8>) -> Bool {
    var rest = word
    if let first = rest.first, first == 0x2D || first == 0x2B { rest = rest.dropFirst() }
    if rest.first == 0x2E { rest = rest.dropFirst() }
    if let first = rest.first, first &- 48 < 10 { return true }
    return NumberScanner.parse(word) != nil
  }

  /// What separates the values of a line: a semicolon, else a tab, else a comma, else blanks.
  private static func separator(
    of line: ArraySlice<UInt8>, _ path: String, _ number: Int
  ) throws(CloudFileError) -> TextRows.Separator {
    let found = loose(line)
    // `1,5 2,5 3,5` and `1,5;2,5;3,5`: every value is digits, comma, digits.
    let words = line.split { $0 == 32 || $0 == 9 || $0 == 13 || $0 == 0x3B }
    if words.count > 1, let word = words.first(where: { NumberScanner.isDecimalComma($0) }),
      words.allSatisfy({ NumberScanner.isDecimalComma($0) || NumberScanner.parse($0) != nil })
    {
      throw CloudFileError(
        .damaged, path,
        "line \(number): \(CloudFileError.quoted(word)): decimal comma? Write 1.5 instead of 1,5")
    }
    return found
  }

  private static func loose(_ line: some Collection<UInt8>) -> TextRows.Separator {
    for byte in [UInt8(0x3B), 9, 0x2C] where line.contains(byte) {
      // Tabs beside other blanks are blanks.
      if byte == 9, line.contains(0x2C) || line.drop(while: { $0 <= 32 }).contains(32) { continue }
      return .byte(byte)
    }
    return .blank
  }

  private static func words(_ line: ArraySlice<UInt8>, _ separator: TextRows.Separator) -> [ArraySlice<UInt8>] {
    switch separator {
    case .blank: return line.split { $0 == 32 || $0 == 9 || $0 == 13 }
    case .byte(let byte):
      var words = line.split(separator: byte, omittingEmptySubsequences: false).map { word in
        var word = word
        while let last = word.last, last <= 32 { word.removeLast() }
        return word.drop { $0 <= 32 }
      }
      if words.last?.isEmpty == true { words.removeLast() }
      return words
    }
  }

  /// A column's name without quotes, marks of a comment and unit.
  private static func name(_ word: ArraySlice<UInt8>) -> String {
    let text = String(decoding: word, as: UTF8.self).prefix { $0 != "[" && $0 != "(" }
    return String(text.drop { "\"'#/ ".contains($0) }.reversed().drop { "\"' ".contains($0) }.reversed()).lowercased()
  }
}
