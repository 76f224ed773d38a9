import Geometry
import Parallelism

/// Reads the rows of a text file, several pieces at once, with a few MiB of it in memory.
struct TextFile {
  let source: ByteSource
  let rows: TextRows
  let memoryLimit: Int

  /// The points from the cursor on: `promised` rows, or all that follow. The cursor moves behind them.
  func read(from lines: LineCursor, rule: PointRule, promised: Int?) throws(CloudFileError) -> PointColumns {
    if let promised {
      try MemoryEstimate(points: promised, rule: rule, path: source.path).check(memoryLimit)
    }
    let start = lines.offset
    var columns = PointColumns(rule, capacity: min(promised ?? 0, 1 << 20))
    let windowSize = (1 << 20) * max(2, 2 * Parallel.threads)
    let limit = promised ?? .max
    while columns.seen < limit, lines.offset < source.size {
      let end = min(source.size, lines.offset + windowSize)
      let window = try source.read(lines.offset..<end)
      let stop = end == source.size ? window.count : (window.lastIndex(of: 10) ?? -1) + 1
      guard stop > 0 else { throw LineCursor.tooLong(source.path, lines.line + 1) }
      let pieces = TextFile.pieces(window, stop)
      let outcomes = Parallel.map(pieces.count, grain: 1) { k in
        parse(window, pieces[k], rule: rule, limit: limit)
      }
      for (piece, parsed) in zip(pieces, outcomes) {
        // The piece where the promise is fulfilled is read again, up to there.
        let left = limit - columns.seen
        let isLast = parsed.rows >= left
        let outcome = isLast ? parse(window, piece, rule: rule, limit: left) : parsed
        columns.append(outcome.block)
        lines.move(to: lines.offset + outcome.consumed, line: lines.line + outcome.lines)
        if isLast { break }
        if let failure = outcome.failure {
          let isCut =
            outcome.failureIsShort && end == source.size
            && !window[(piece.lowerBound + outcome.consumed)...].contains(10)
          if isCut, let promised { throw short(promised, columns.seen, start) }
          throw CloudFileError(.damaged, source.path, "line \(lines.line + 1)\(failure)")
        }
      }
      if promised == nil, columns.seen > 0 {
        let share = Double(source.size - start) / Double(lines.offset - start)
        let expected = Int(Double(columns.seen) * share)
        try MemoryEstimate(points: expected, rule: rule, path: source.path).check(memoryLimit)
      }
    }
    if let promised, columns.seen < promised { throw short(promised, columns.seen, start) }
    return columns
  }

  private func short(_ promised: Int, _ complete: Int, _ start: Int) -> CloudFileError {
    CloudFileError(
      .damaged, source.path,
      "header promises \(promised) points, \(source.size - start) bytes follow: \(complete) complete")
  }

  private func parse(_ window: [UInt8], _ piece: Range<Int>, rule: PointRule, limit: Int) -> TextRows.Outcome {
    window.withUnsafeBufferPointer { rows.parse(UnsafeBufferPointer(rebasing: $0[piece]), rule: rule, limit: limit) }
  }

  /// Ranges of whole lines of about half a MiB.
  private static func pieces(_ window: [UInt8], _ stop: Int) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = 0
    while start < stop {
      let aim = start + (1 << 19)
      let end = aim >= stop ? stop : (window[aim..<stop].firstIndex(of: 10).map { $0 + 1 } ?? stop)
      pieces.append(start..<end)
      start = end
    }
    return pieces
  }
}
