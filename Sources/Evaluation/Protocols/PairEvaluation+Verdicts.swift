import Registration

extension PairEvaluation {
  /// How many of the trusted, doubtful and failed poses are right; nil where no pose has a verdict or the protocol judges
  /// none.
  func verdictTable(_ list: String, _ all: PairGroup) -> ScoreTable? {
    guard let criterion = `protocol`.criteria.first, all.judged.contains(where: { $0.score.estimate?.verdict != nil })
    else { return nil }
    var rows: [ScoreTable.Row] = []
    func append(_ name: String, isSummary: Bool = false, _ belongs: (PairScore) -> Bool) {
      let pairs = all.judged.filter { belongs($0.score) }
      let right = pairs.count { $0.meets[0] }
      let interval = WilsonInterval(successes: right, trials: pairs.count)
      func percent(_ share: Double?) -> ScoreTable.Cell { share.map { .number(100 * $0, decimals: 1) } ?? .none }
      rows.append(
        ScoreTable.Row(
          name: name,
          cells: [
            .count(pairs.count), .count(right), .count(pairs.count - right),
            percent(pairs.isEmpty ? nil : Double(right) / Double(pairs.count)), percent(interval?.lower),
            percent(interval?.upper),
          ], isSummary: isSummary))
    }
    for verdict in Verdict.allCases.reversed() {
      append(verdict.rawValue) { $0.estimate?.verdict == verdict }
    }
    if all.judged.contains(where: { $0.score.estimate == nil }) { append("no pose") { $0.estimate == nil } }
    if all.judged.contains(where: { $0.score.estimate.map { $0.verdict == nil } ?? false }) {
      append("no verdict") { $0.estimate.map { $0.verdict == nil } ?? false }
    }
    append("all pairs", isSummary: true) { _ in true }
    return ScoreTable(
      title: "\(list), verdict against truth: \(criterion.sentence)",
      columns: ["verdict", "pairs", "right", "wrong", "right %", "95 % from", "95 % to"], rows: rows)
  }

  /// How many of the believed poses are right when more and more are believed: trusted ones first, then doubtful, then
  /// failed, in each by id, at last pairs without a pose. Nil where no pose has a verdict.
  func riskCoverage(_ list: String, _ all: PairGroup) -> Curve? {
    guard all.judged.contains(where: { $0.score.estimate?.verdict != nil }) else { return nil }
    func rank(_ score: PairScore) -> Int {
      guard let estimate = score.estimate else { return 5 }
      return switch estimate.verdict {
      case .trusted: 1
      case .doubtful: 2
      case .failed: 3
      case nil: 4
      }
    }
    let ordered = all.judged.sorted { a, b in
      (rank(a.score), a.score.id) < (rank(b.score), b.score.id)
    }
    var right = 0
    let points = ordered.enumerated().map { k, pair in
      right += pair.meets[0] ? 1 : 0
      return (x: 100 * Double(k + 1) / Double(ordered.count), y: 100 * Double(right) / Double(k + 1))
    }
    return Curve(
      title: "\(list): right poses among those believed", xLabel: "believed, % of pairs (trusted, doubtful, failed)",
      yLabel: "right among them, %", lines: [Curve.Line(name: "all pairs", points: points)])
  }
}
