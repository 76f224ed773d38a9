import Registration

/// Fits the confidence to lines of `Benchmarks evidence`, one file a family, and says what a fit is worth on families that it did
/// not see, and what the one that comes with Plumb is. Prints Markdown.
final class ConfidenceBenchmark {
  private let families: [(name: String, rows: [EvidenceRow])]
  private let fit: ConfidenceFit

  init(_ arguments: Arguments) {
    families = arguments.positional.dropFirst().map {
      ($0.split(separator: "/").last.map(String.init) ?? $0, EvidenceRow.read($0))
    }
    fit = ConfidenceFit(ridge: arguments.number("ridge", ConfidenceFit().ridge))
    if families.isEmpty { fail(usage) }
  }

  func run() {
    verdicts()
    let all = families.flatMap(\.rows)
    let fitted = confidence(all)
    print("fitted to all of these: \(fitted)\n")
    var columns = families.map { ("\($0.name), Plumb's", ReliabilityTable($0.rows, Confidence.shipped)) }
    if families.count > 1 {
      for (k, family) in families.enumerated() {
        let others = families.indices.filter { $0 != k }.flatMap { families[$0].rows }
        columns.append(("\(family.name), left out", ReliabilityTable(family.rows, confidence(others))))
      }
    }
    columns.append(("all, fitted to them", ReliabilityTable(all, fitted)))
    ReliabilityTable.print(columns)
  }

  private func confidence(_ rows: [EvidenceRow]) -> Confidence {
    do {
      return try fit(rows.map { ($0.evidence, $0.isRight) })
    } catch {
      fail("the confidence cannot be fitted: \(error)")
    }
  }

  /// How many poses are right, and how many of the right and the wrong ones are trusted, list by list.
  private func verdicts() {
    print(
      "| family | list | pairs | right | of them trusted | wrong | of them trusted |\n|---|---|---|---|---|---|---|")
    for (name, rows) in families {
      for list in Set(rows.map(\.list)).sorted() {
        for isRelated in [true, false] {
          let chosen = rows.filter { $0.list == list && $0.isRelated == isRelated }
          if chosen.isEmpty { continue }
          let (right, wrong) = (chosen.filter(\.isRight), chosen.filter { !$0.isRight })
          let trusted = (right: right.filter(\.isTrusted).count, wrong: wrong.filter(\.isTrusted).count)
          print(
            "| \(name) | \(list)\(isRelated ? "" : ", unrelated") | \(chosen.count) | \(right.count) | \(trusted.right) | "
              + "\(wrong.count) | \(trusted.wrong) |")
        }
      }
    }
    print()
  }
}

extension EvidenceRow {
  /// Whether the verdict was trusted.
  var isTrusted: Bool { verdict == .trusted }
}
