import Geometry
import PointClouds

/// A log of pairs in the form of 3DMatch (gt.log, est.log): blocks of five lines, `i j n` and a 4x4 matrix, row by row.
///
/// The matrix maps the cloud with the second number, j, into the cloud with the first, i. Words stand between any blanks and
/// tabs; lines may begin and end with some. `n`, the number of fragments in the scene, is not used.
package struct MatchLog: Sendable {
  /// One block.
  package struct Entry: Sendable {
    /// The number of the cloud that stands still.
    package let first: Int
    /// The number of the cloud that is moved.
    package let second: Int
    /// The 16 numbers of the matrix, row by row, finite or not.
    package let matrix: [Double]
    /// The line of `i j n`.
    package let line: TextRecords.Line
  }

  /// The file with its lines, for messages.
  package let records: TextRecords
  /// The blocks, in the order of the file.
  package let entries: [Entry]

  /// Reads a log; a file without any block is one without pairs.
  /// - Throws: ``CloudFileError`` that names the line for blocks that are cut short, and for words that are no numbers.
  package init(_ path: String) throws(CloudFileError) {
    records = try TextRecords(lenient: path, expected: "a log of pairs")
    entries = try MatchLog.blocks(of: records, rows: 4, columns: 4).map {
      Entry(first: $0.first, second: $0.second, matrix: $0.numbers, line: $0.line)
    }
  }

  /// One block of a log: two numbers and a matrix of any size.
  struct Block {
    var first: Int
    var second: Int
    var numbers: [Double]
    var line: TextRecords.Line
  }

  /// The blocks of a log whose matrices have the given size.
  static func blocks(of records: TextRecords, rows: Int, columns: Int) throws(CloudFileError) -> [Block] {
    var blocks: [Block] = []
    var k = 0
    while k < records.lines.count {
      let head = records.lines[k]
      guard head.words.count == 3 else {
        throw records.error(head, "\(head.words.count) values, the three of a pair (i j n) are expected")
      }
      let (i, j) = (try records.integer(head, 0), try records.integer(head, 1))
      _ = try records.integer(head, 2)
      guard i >= 0, j >= 0, i != j else { throw records.error(head, "\(i) \(j) are no numbers of two clouds") }
      let name = "the matrix of pair \(i) \(j)"
      var numbers: [Double] = []
      for row in 1...rows {
        guard k + row < records.lines.count else {
          throw records.error(records.lines[k + row - 1], "the file ends after \(row - 1) of \(rows) rows of \(name)")
        }
        let line = records.lines[k + row]
        guard line.words.count == columns else {
          throw records.error(
            line, "\(line.words.count) values, \(columns) are expected in row \(row) of \(rows) of \(name)")
        }
        for column in 0..<columns { numbers.append(try records.number(line, column)) }
      }
      blocks.append(Block(first: i, second: j, numbers: numbers, line: head))
      k += rows + 1
    }
    return blocks
  }
}

extension TextRecords {
  /// Reads a file that may be empty: one without lines.
  init(lenient path: String, expected: String) throws(CloudFileError) {
    do throws(CloudFileError) {
      try self.init(path, expected: expected)
    } catch {
      guard error.kind == .empty else { throw error }
      self.init(text: "", path: path)
    }
  }
}
