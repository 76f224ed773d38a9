/// Names for the columns of a table without a header, from their number and their values.
///
/// The first three are x, y, z. A fourth is the intensity. Six are a colour when the last three are whole numbers from
/// 0 to 255, else a normal when their length is one. Seven are intensity and colour in the order in which the whole
/// numbers stand. More are coordinates, then a colour and a normal in the order in which they are found. What fits
/// nothing is not used, and a note says so.
struct ColumnGuess {
  private(set) var names: [String]
  private(set) var note: String?

  init(_ rows: [[Double]], columns: Int) {
    names = ["x", "y", "z"] + (3..<max(3, columns)).map { "column \($0 + 1)" }
    func isColor(_ first: Int) -> Bool {
      first + 3 <= columns && !rows.isEmpty
        && rows.allSatisfy { row in
          (first..<first + 3).allSatisfy { row[$0] >= 0 && row[$0] <= 255 && row[$0] == row[$0].rounded() }
        }
    }
    func isNormal(_ first: Int) -> Bool {
      first + 3 <= columns && !rows.isEmpty
        && rows.allSatisfy { row in
          let squared = (first..<first + 3).reduce(0.0) { $0 + row[$1] * row[$1] }
          return abs(squared - 1) < 0.05 || squared == 0 || squared.isNaN
        } && rows.contains { row in (first..<first + 3).contains { row[$0] != 0 } }
    }
    var next = 3
    var used: Set<String> = []
    while next < columns {
      if !used.contains("color"), isColor(next), !isNormal(next), columns != 4 {
        names.replaceSubrange(next..<next + 3, with: ["red", "green", "blue"])
        used.insert("color")
        next += 3
      } else if !used.contains("normal"), isNormal(next) {
        names.replaceSubrange(next..<next + 3, with: ["nx", "ny", "nz"])
        used.insert("normal")
        next += 3
      } else if !used.contains("intensity"), columns == 4 || columns == 7 || columns == 10 {
        names[next] = "intensity"
        used.insert("intensity")
        next += 1
      } else {
        next += 1
      }
    }
    let unused = names.filter { $0.hasPrefix("column ") }
    if !unused.isEmpty { note = "no header: \(unused.joined(separator: ", ")) not used" }
  }
}
