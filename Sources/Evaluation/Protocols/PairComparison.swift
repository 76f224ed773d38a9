/// Holds two results for the same pairs against each other, pair by pair.
///
/// Of n pairs that the protocol judges in both, b are right in the first result only and c in the second only. The
/// difference of the recalls and its 95 % interval are those of Agresti and Min (Statistics in Medicine 24, 2005): with
/// b + 1/2, c + 1/2 and n + 2, `d = (b - c)/n ± z √(b + c - (b - c)²/n) / n`. Pairing makes it much narrower than the
/// intervals of the two recalls.
public struct PairComparison: Sendable, Equatable {
  /// The pairs that are judged in both results.
  public var pairs = 0
  /// Those that are right in the first result.
  public var right = 0
  /// Those that are right in the other result.
  public var otherRight = 0
  /// Those that are right in the first result only.
  public var gained = 0
  /// Those that are right in the other result only.
  public var lost = 0

  /// The interval of the difference of the recalls, first minus other; nil without pairs.
  public var interval: (lower: Double, upper: Double)? {
    guard pairs > 0 else { return nil }
    let z = 1.959963984540054
    let (b, c, n) = (Double(gained) + 0.5, Double(lost) + 0.5, Double(pairs) + 2)
    let difference = (b - c) / n
    let reach = z * max(0, b + c - (b - c) * (b - c) / n).squareRoot() / n
    return (max(-1, difference - reach), min(1, difference + reach))
  }

  /// Compares the scores of one list under a protocol; they belong together by id.
  public init(_ scores: [PairScore], with others: [PairScore], under evaluation: PairEvaluation) {
    let known = Dictionary(others.map { ($0.id, $0) }) { first, _ in first }
    for score in scores {
      guard let isRight = evaluation.isRight(score), let other = known[score.id],
        let otherIsRight = evaluation.isRight(other)
      else { continue }
      pairs += 1
      right += isRight ? 1 : 0
      otherRight += otherIsRight ? 1 : 0
      gained += isRight && !otherIsRight ? 1 : 0
      lost += otherIsRight && !isRight ? 1 : 0
    }
  }

  /// Equal counts.
  public static func == (a: Self, b: Self) -> Bool {
    (a.pairs, a.right, a.otherRight, a.gained, a.lost) == (b.pairs, b.right, b.otherRight, b.gained, b.lost)
  }

  /// The comparison of every list, in the order in which they first appear.
  public static func lists(
    _ scores: [PairScore], with others: [PairScore], under evaluation: PairEvaluation
  ) -> [(name: String, comparison: PairComparison)] {
    PairEvaluation.lists(scores).map { name, scores in
      (name, PairComparison(scores, with: others, under: evaluation))
    }
  }

  /// The table that compares two results list by list; nil for protocols without a criterion.
  public static func table(
    _ scores: [PairScore], with others: [PairScore], named name: String, under evaluation: PairEvaluation
  ) -> ScoreTable? {
    guard let criterion = evaluation.protocol.criteria.first else { return nil }
    func percent(_ share: Double) -> ScoreTable.Cell { .number(100 * share, decimals: 1) }
    let rows = lists(scores, with: others, under: evaluation).map { list, comparison in
      let n = Double(comparison.pairs)
      var cells: [ScoreTable.Cell] = [.count(comparison.pairs)]
      if let interval = comparison.interval {
        cells += [
          percent(Double(comparison.right) / n), percent(Double(comparison.otherRight) / n),
          percent(Double(comparison.right - comparison.otherRight) / n), percent(interval.lower),
          percent(interval.upper),
        ]
      } else {
        cells += Array(repeating: .none, count: 5)
      }
      return ScoreTable.Row(name: list, cells: cells + [.count(comparison.gained), .count(comparison.lost)])
    }
    return ScoreTable(
      title: "compared with \(name), \(evaluation.protocol.title): \(criterion.sentence)",
      columns: ["list", "pairs", "right %", "other %", "difference", "95 % from", "to", "only here", "only there"],
      rows: rows, notes: ["pairs that the protocol judges in both results; 95 % interval of the paired difference"])
  }
}
