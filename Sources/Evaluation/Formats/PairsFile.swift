import Geometry
import PointClouds

/// The lines of a pairs list: `source target`, then nothing, 16 numbers of a 4x4 matrix row by row or the name of a file with
/// them, then an id or nothing. The motion maps the source to the target.
///
/// Words stand between blanks and tabs; where the first line has commas (or semicolons, or the file's name ends in .tsv), they
/// stand between those, and names may hold blanks. A first line `source target …` names the columns.
struct PairsFile {
  /// One line.
  struct Row {
    var source: String
    var target: String
    /// 16 numbers, finite or not.
    var numbers: [Double]?
    /// A file that holds the numbers.
    var poseFile: String?
    var id: String?
    var line: TextRecords.Line
  }

  let records: TextRecords
  private(set) var rows: [Row] = []

  /// Reads a list.
  /// - Throws: ``CloudFileError`` that names the line for another number of columns and for words that are no numbers.
  init(_ path: String) throws(CloudFileError) {
    let bytes = try SmallFile.read(path, limit: 256 << 20, expected: "a list of pairs")
    guard !bytes.contains(0) else {
      let line = bytes.prefix { $0 != 0 }.count { $0 == 10 } + 1
      throw CloudFileError(.damaged, path, "line \(line): a NUL byte, which no name of a file may hold")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let first = TextRecords(text: text, path: path).lines.first?.words.joined(separator: " ") ?? ""
    let separator: Character? =
      first.contains(",") ? "," : first.contains(";") ? ";" : path.lowercased().hasSuffix(".tsv") ? "\t" : nil
    records = TextRecords(text: text, path: path, separator: separator)
    var head: [String]?
    for (k, line) in records.lines.enumerated() {
      var words = line.words.map(String.init)
      while words.last == "" { words.removeLast() }
      let lower = words.map { $0.lowercased() }
      if k == 0, lower.starts(with: ["source", "target"]) {
        head = lower
        continue
      }
      if k == 0, lower.starts(with: ["id", "source", "target"]) {
        throw records.error(
          line, "lists with columns id, source, target, overlap, … are not read; write source target [pose] [id]")
      }
      rows.append(try PairsFile.row(line, words, records, head))
    }
  }

  private static func row(
    _ line: TextRecords.Line, _ words: [String], _ records: TextRecords, _ head: [String]?
  ) throws(CloudFileError) -> Row {
    guard [2, 3, 4, 18, 19].contains(words.count) else {
      throw records.error(
        line,
        "\(words.count) columns; source target, then nothing, 16 numbers of a 4x4 matrix or a file with them, then an id "
          + "or nothing are expected")
    }
    for (column, word) in words.enumerated() where word.isEmpty || word.contains("\"") {
      throw records.error(line, column, word.isEmpty ? "is empty" : "quotes are not read; write names without them")
    }
    var row = Row(source: words[0], target: words[1], line: line)
    if words.count >= 18 {
      var numbers: [Double] = []
      for column in 2..<18 { numbers.append(try records.number(line, column)) }
      row.numbers = numbers
      row.id = words.count == 19 ? words[18] : nil
    } else if words.count == 4 {
      (row.poseFile, row.id) = (words[2], words[3])
    } else if words.count == 3 {
      let lower = words[2].lowercased()
      let isFile = head.map { $0.count > 2 && $0[2] != "id" } ?? (lower.hasSuffix(".txt") || lower.hasSuffix(".json"))
      if isFile { row.poseFile = words[2] } else { row.id = words[2] }
    }
    return row
  }
}
