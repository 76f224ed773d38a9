import Registration

/// How often poses of a stated confidence are right.
struct ReliabilityTable {
  /// The lower ends of the bins.
  private static let ends = [0, 0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99]
  private var bins = [(right: Int, all: Int)](repeating: (0, 0), count: ends.count)
  private var squares = 0.0
  private var count = 0

  /// The table of a confidence on lines of evidence.
  init(_ rows: [EvidenceRow], _ confidence: Confidence) {
    for row in rows {
      let p = confidence(row.evidence)
      let k = (Self.ends.lastIndex { $0 <= p }) ?? 0
      bins[k].all += 1
      if row.isRight { bins[k].right += 1 }
      squares += (p - (row.isRight ? 1 : 0)) * (p - (row.isRight ? 1 : 0))
      count += 1
    }
  }

  /// Tables side by side, in Markdown; the last row is the Brier score.
  static func print(_ columns: [(name: String, table: ReliabilityTable)]) {
    Swift.print("| confidence from | \(columns.map(\.name).joined(separator: " | ")) |")
    Swift.print("|\(String(repeating: "---|", count: columns.count + 1))")
    for (k, end) in ends.enumerated() {
      let cells = columns.map { "\($0.table.bins[k].right) of \($0.table.bins[k].all)" }
      Swift.print("| \(end) | \(cells.joined(separator: " | ")) |")
    }
    let scores = columns.map { table in
      "\((1e4 * table.table.squares / Double(max(table.table.count, 1))).rounded() / 1e4)"
    }
    Swift.print("| Brier score | \(scores.joined(separator: " | ")) |")
  }
}
