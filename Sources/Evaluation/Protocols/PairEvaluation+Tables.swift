extension PairEvaluation {
  /// One table per list, where Plumb gave verdicts one more that holds them against the truth, and one of the
  /// round trips where pairs were registered both ways.
  ///
  /// The rows are the scenes in the order of the benchmark, then the summaries: the mean over the scenes where the protocol
  /// has it, and all pairs together.
  /// - Parameter extraEstimates: estimates for pairs that no list holds; they count against the precision.
  public func tables(_ scores: [PairScore], extraEstimates: [ExtraEstimate] = []) -> [ScoreTable] {
    PairEvaluation.lists(scores).flatMap { list, scores in
      let groups = groups(list: list, scores, extraEstimates)
      return [table(list, groups.scenes, groups.all)]
        + [verdictTable(list, groups.all), roundTripTable(list, groups.all)].compactMap { $0 }
    }
  }

  private func table(_ list: String, _ scenes: [PairGroup], _ all: PairGroup) -> ScoreTable {
    let columns = `protocol`.columns(
      hasInlierRatios: !all.inlierRatios.isEmpty, hasModifiedChamfer: all.scores.contains { $0.modifiedChamfer != nil })
    var rows: [ScoreTable.Row] = []
    if scenes.count > 1 || scenes.contains(where: { !$0.name.isEmpty }) {
      rows = scenes.map { scene in
        ScoreTable.Row(name: scene.name.isEmpty ? "-" : scene.name, cells: columns.map { $0.cell(scene) })
      }
      if `protocol`.hasSceneMean {
        rows.append(
          ScoreTable.Row(
            name: "mean over \(`protocol`.sceneWord)s", cells: columns.map { $0.meanCell(scenes) }, isSummary: true))
      }
    }
    rows.append(ScoreTable.Row(name: "all pairs", cells: columns.map { $0.cell(all) }, isSummary: true))
    let criterion = `protocol`.criteria.first.map { ": \($0.sentence)" } ?? ""
    return ScoreTable(
      title: "\(list), \(`protocol`.title)\(criterion)", columns: [`protocol`.sceneWord] + columns.map(\.head),
      rows: rows, notes: notes(all))
  }

  /// What has to be known to read the figures.
  private func notes(_ all: PairGroup) -> [String] {
    var notes: [String] = []
    if `protocol` == .match3DA {
      notes.append(
        options.rmse == .exact
          ? "RMSE with rotations in full; the published RMSE counts them at half their size"
          : "RMSE as published, which counts rotations at half their size")
    }
    if `protocol` == .rpmnet {
      notes.append("means over the pairs that have an estimate; Euler angles about x, y, z are not wrapped")
    } else {
      notes.append(
        "RRE and RTE over the pairs that count as right; the 95 % interval (Wilson) is that of the "
          + "\(`protocol`.criteria.count > 1 ? "recall that the title states" : "recall")")
    }
    let consecutive = all.scores.count { $0.hasTruth && !counts($0) }
    if consecutive > 0 {
      notes.append("\(consecutive.pairs) of fragments that follow each other left out, as the protocol wants")
    }
    if options.dropsFirstEntry, `protocol` == .match3DA {
      notes.append("the first entry of every scene left out, as a known evaluator does")
    }
    let end = `protocol` == .rpmnet ? "left out of the means" : "count as failures"
    let missing = all.judged.count { $0.score.outcome == .missing }
    if missing > 0 { notes.append("\(missing.pairs) without an estimate \(end)") }
    let failures = all.judged.compactMap { pair in
      if case .failed(_, let message) = pair.score.outcome { "\(pair.score.id): \(message)" } else { nil }
    }
    if let first = failures.first { notes.append("\(failures.count.pairs) not registered \(end) (\(first))") }
    let withoutTruth = all.scores.count { !$0.hasTruth }
    if withoutTruth > 0 { notes.append("\(withoutTruth.pairs) without a true pose left out") }
    let unknown = all.scores.filter(counts).count { score in `protocol`.criteria.contains { meets($0, score) == nil } }
    if unknown > 0 { notes.append("\(unknown.pairs) left out: \(unknownReason)") }
    if all.extraEstimates > 0 {
      let use = `protocol` == .match3DA ? "count against the precision" : "are not looked at"
      notes.append("estimates for \(all.extraEstimates.pairs) that the list does not hold \(use)")
    }
    return notes
  }

  /// Why the criterion cannot be looked at although there is an estimate.
  private var unknownReason: String {
    switch `protocol` {
    case .match3DA: "no information matrix that states correspondences"
    case .objects: "the source was not read or the diameter is not known"
    default: "an error is not known"
    }
  }
}

extension Int {
  /// The count with its noun: `1 pair`, `3 pairs`.
  var pairs: String { self == 1 ? "1 pair" : "\(self) pairs" }
}
