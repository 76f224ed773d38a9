/// The pairs of one row of a table, a scene or a whole list, with what the protocol says of each.
struct PairGroup: Sendable {
  /// The scene; the list for the row over all pairs.
  var name: String
  /// All pairs, those too that the protocol leaves out.
  var scores: [PairScore]
  /// The pairs that it judges.
  var judged: [Judged]
  /// Estimates for pairs that are not listed.
  var extraEstimates: Int

  /// A pair with whether it meets each criterion.
  struct Judged: Sendable {
    var score: PairScore
    var meets: [Bool]
  }

  /// How many judged pairs meet a criterion.
  func right(_ criterion: Int = 0) -> Int { judged.count { $0.meets[criterion] } }

  /// How many judged pairs have an estimate.
  var estimated: Int { judged.count { $0.score.estimate != nil } }

  /// The share of judged pairs that meet a criterion.
  func recall(_ criterion: Int = 0) -> Double? {
    judged.isEmpty ? nil : Double(right(criterion)) / Double(judged.count)
  }

  /// The share of the estimates that are right; estimates for pairs that are not listed count as wrong.
  var precision: Double? {
    let claimed = estimated + extraEstimates
    return claimed == 0 ? nil : Double(right()) / Double(claimed)
  }

  /// An error of the pairs that meet the deciding criterion.
  func errorsOfRight(_ error: (PairScore) -> Double?) -> [Double] {
    judged.filter { $0.meets[0] }.compactMap { error($0.score) }
  }

  /// An error of all judged pairs that have an estimate.
  func errors(_ error: (PairScore) -> Double?) -> [Double] { judged.compactMap { error($0.score) } }

  /// The interval of the recall.
  var interval: WilsonInterval? { WilsonInterval(successes: right(), trials: judged.count) }

  /// The inlier ratios of all pairs, those too that the recall leaves out.
  var inlierRatios: [Double] { scores.compactMap(\.inlierRatio) }

  /// Feature matching recall: the share of pairs whose inlier ratio is above 5 % (GeoTransformer's code takes >=).
  var featureMatchingRecall: Double? {
    let ratios = inlierRatios
    return ratios.isEmpty ? nil : Double(ratios.count { $0 > 0.05 }) / Double(ratios.count)
  }
}

extension PairEvaluation {
  /// The pairs of one list, by scene and all together.
  func groups(
    list: String, _ scores: [PairScore], _ extraEstimates: [ExtraEstimate]
  ) -> (scenes: [PairGroup], all: PairGroup) {
    // A pair that follows its predecessor is no claim under a protocol that leaves such pairs out.
    let extra = extraEstimates.filter {
      $0.list == list && !(`protocol`.leavesOutConsecutive && $0.second - $0.first <= 1)
    }
    let scenes = PairEvaluation.grouped(scores, by: \.scene).map { scene, scores in
      PairGroup(
        name: scene, scores: scores, judged: judged(scores), extraEstimates: extra.count { $0.scene == scene })
    }
    let all = PairGroup(
      name: list, scores: scores, judged: scenes.flatMap(\.judged), extraEstimates: extra.count)
    return (scenes, all)
  }

  /// The pairs of one scene that the protocol judges.
  func judged(_ scores: [PairScore]) -> [PairGroup.Judged] {
    let drops = options.dropsFirstEntry && `protocol` == .match3DA
    return scores.enumerated().compactMap { place, score in
      guard counts(score), !(drops && place == 0) else { return nil }
      let meets = `protocol`.criteria.compactMap { self.meets($0, score) }
      return meets.count == `protocol`.criteria.count ? PairGroup.Judged(score: score, meets: meets) : nil
    }
  }
}
