import Registration

extension PairEvaluation {
  /// How far the poses of both directions are from undoing each other; nil where pairs were registered in one alone.
  ///
  /// It needs no truth, and says nothing of it: both directions may make the same mistake. A direction that failed has no answer
  /// to compare, so its pair has no figures.
  func roundTripTable(_ list: String, _ all: PairGroup) -> ScoreTable? {
    let turned = all.scores.filter { $0.reverse != nil }
    guard !turned.isEmpty else { return nil }
    var rows: [ScoreTable.Row] = []
    func append(_ name: String, isSummary: Bool = false, _ scores: [PairScore]) {
      guard isSummary || !scores.isEmpty else { return }
      let trips = scores.filter(\.isAnsweredBothWays).compactMap { $0.reverse?.roundTrip }
      let (turns, steps) = (trips.map(\.rotationDegrees), trips.map(\.displacement))
      func number(_ value: Double?, _ decimals: Int) -> ScoreTable.Cell {
        value.map { .number($0, decimals: decimals) } ?? .none
      }
      rows.append(
        ScoreTable.Row(
          name: name,
          cells: [
            .count(scores.count), number(turns.median, 3), number(turns.quantile(0.95), 3), number(steps.median, 4),
            number(steps.quantile(0.95), 4),
          ], isSummary: isSummary))
    }
    let answered = turned.filter(\.isAnsweredBothWays)
    let judged = all.judged.filter { $0.score.reverse != nil && $0.score.isAnsweredBothWays }
    append("right", judged.filter { $0.meets.first == true }.map(\.score))
    append("wrong", judged.filter { $0.meets.first == false }.map(\.score))
    append("trusted both ways", answered.filter { $0.trustedWays == 2 })
    append("trusted one way", answered.filter { $0.trustedWays == 1 })
    append("doubtful both ways", answered.filter { $0.trustedWays == 0 })
    append("failed one way or both", turned.filter { !$0.isAnsweredBothWays })
    append("answered both ways", isSummary: true, answered)
    return ScoreTable(
      title: "\(list), round trip: source to target and back",
      columns: ["pairs that are", "pairs", "median deg", "95 % deg", "median m", "95 % m"], rows: rows,
      notes: [
        "angle, and displacement of the source's centroid, that are left of both poses; 0 where they undo each other"
      ])
  }
}

extension PairScore {
  /// The verdicts of both directions.
  private var verdicts: [Verdict] { [estimate?.verdict, reverse?.verdict].compactMap { $0 } }

  /// Whether neither direction failed.
  fileprivate var isAnsweredBothWays: Bool { verdicts.count == 2 && !verdicts.contains(.failed) }

  /// In how many directions the pose is trusted.
  fileprivate var trustedWays: Int { verdicts.count { $0 == .trusted } }
}
