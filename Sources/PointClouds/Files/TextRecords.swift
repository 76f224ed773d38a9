/// The lines of a text file of records, such as poses, logs and labels, split into words.
///
/// Comments (`#` to the end of the line) and blank lines are left out. Every error names the file, the line and the column.
package struct TextRecords: Sendable {
  /// One line that holds something.
  package struct Line: Sendable {
    /// Its number in the file, from 1.
    package let number: Int
    /// Its words, in order; an empty word stands between two adjacent separators.
    package let words: [Substring]
  }

  /// The file, as it was named.
  package let path: String
  /// The lines, in order.
  package let lines: [Line]

  /// Reads a file.
  /// - Parameters:
  ///   - separator: what stands between two words; any run of blanks and tabs when nil.
  ///   - limit: the most bytes that are read.
  ///   - expected: what the file should be, for the message about one that is too large.
  package init(
    _ path: String, separator: Character? = nil, limit: Int = 256 << 20, expected: String = "a list of records"
  ) throws(CloudFileError) {
    let bytes = try SmallFile.read(path, limit: limit, expected: expected)
    self.init(text: String(decoding: bytes, as: UTF8.self), path: path, separator: separator)
  }

  /// Splits a text that was read from the named file.
  package init(text: String, path: String, separator: Character? = nil) {
    self.path = path
    var lines: [Line] = []
    for (k, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let content = line.prefix { $0 != "#" }
      let words: [Substring]
      if let separator {
        let isBlank = content.allSatisfy(\.isWhitespace)
        words =
          isBlank
          ? [] : content.split(separator: separator, omittingEmptySubsequences: false).map { TextRecords.trimmed($0) }
      } else {
        words = content.split { $0 == " " || $0 == "\t" || $0 == "\u{FEFF}" }
      }
      if !words.isEmpty { lines.append(Line(number: k + 1, words: words)) }
    }
    self.lines = lines
  }

  /// The number that a word of a line spells; NaN and infinities are numbers here.
  /// - Parameter column: the index of the word, from 0.
  package func number(_ line: Line, _ column: Int) throws(CloudFileError) -> Double {
    guard column < line.words.count else {
      throw error(line, "\(line.words.count) values, at least \(column + 1) expected")
    }
    let word = line.words[column]
    guard let value = NumberScanner.parse(word.utf8) else {
      throw error(line, column, "\(CloudFileError.quoted(word.utf8))\(NumberScanner.hint(word.utf8))")
    }
    return value
  }

  /// The finite number that a word of a line spells.
  package func finite(_ line: Line, _ column: Int) throws(CloudFileError) -> Double {
    let value = try number(line, column)
    guard value.isFinite else { throw error(line, column, "\(line.words[column]) is not a finite number") }
    return value
  }

  /// The whole number that a word of a line spells; `3.0` is one.
  package func integer(_ line: Line, _ column: Int) throws(CloudFileError) -> Int {
    let value = try number(line, column)
    guard value == value.rounded(), abs(value) < 1e15 else {
      throw error(line, column, "\(CloudFileError.quoted(line.words[column].utf8)) is not a whole number")
    }
    return Int(value)
  }

  /// All words of a line from a column on as finite numbers.
  package func finiteNumbers(_ line: Line, from column: Int = 0) throws(CloudFileError) -> [Double] {
    var values: [Double] = []
    for k in column..<max(column, line.words.count) { values.append(try finite(line, k)) }
    return values
  }

  /// Damage at a line: `file: line 17: cause`.
  package func error(_ line: Line, _ cause: String) -> CloudFileError {
    CloudFileError(.damaged, path, "line \(line.number): \(cause)")
  }

  /// Damage at a word of a line: `file: line 17, column 3: cause`; the column is given from 0 and printed from 1.
  package func error(_ line: Line, _ column: Int, _ cause: String) -> CloudFileError {
    CloudFileError(.damaged, path, "line \(line.number), column \(column + 1): \(cause)")
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first.isWhitespace || first == "\u{FEFF}" { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
