extension PairEvaluation {
  /// The curves of every list: recall against the thresholds of the criterion, the distribution of the errors, and where
  /// Plumb gave verdicts the right poses among those believed.
  public func curves(_ scores: [PairScore]) -> [Curve] {
    PairEvaluation.lists(scores).flatMap { list, scores in
      let groups = groups(list: list, scores, [])
      return recallCurves(list, groups.scenes, groups.all) + distributions(list, groups.all)
        + [riskCoverage(list, groups.all)].compactMap { $0 }
    }
  }

  /// Recall while one bound of the criterion grows from 0 to 2.5 times itself and the other stays.
  private func recallCurves(_ list: String, _ scenes: [PairGroup], _ all: PairGroup) -> [Curve] {
    guard let criterion = `protocol`.criteria.first, !all.judged.isEmpty else { return [] }
    func curve(_ axis: String, _ bound: Double, unit: Double = 1, _ scaled: (Double) -> PairCriterion) -> Curve {
      func line(_ name: String, _ recall: (PairCriterion) -> Double?) -> Curve.Line {
        // Fifty steps, each a round number for the bounds in use.
        let points = (0...50).compactMap { step in
          let factor = Double(step) / 20
          return recall(scaled(factor)).map { (x: bound * unit * factor, y: 100 * $0) }
        }
        return Curve.Line(name: name, points: points)
      }
      func recall(_ group: PairGroup, _ criterion: PairCriterion) -> Double? {
        group.judged.isEmpty
          ? nil
          : Double(group.judged.count { meets(criterion, $0.score) == true }) / Double(group.judged.count)
      }
      var lines: [Curve.Line] = []
      if scenes.count > 1, scenes.count <= 12 {
        lines = scenes.map { scene in line(scene.name) { recall(scene, $0) } }
      }
      if `protocol`.hasSceneMean, scenes.count > 1 {
        lines.append(
          line("mean over \(`protocol`.sceneWord)s") { bound in scenes.compactMap { recall($0, bound) }.mean })
      } else {
        lines.append(line("all pairs") { recall(all, $0) })
      }
      return Curve(title: "\(list): recall against \(axis)", xLabel: axis, yLabel: "recall, %", lines: lines)
    }
    switch criterion {
    case .rmse(let metres): return [curve("RMSE, m", metres) { criterion.scaled(translation: $0) }]
    case .pose(let degrees, let metres, _):
      return [
        curve("RTE, m", metres) { criterion.scaled(translation: $0) },
        curve("RRE, deg", degrees) { criterion.scaled(rotation: $0) },
      ]
    case .object(let degrees, let share):
      return [
        curve("displacement, % of the diameter", share, unit: 100) { criterion.scaled(translation: $0) },
        curve("RRE, deg", degrees) { criterion.scaled(rotation: $0) },
      ]
    }
  }

  /// The share of pairs whose error is at most x; pairs without an estimate never are.
  private func distributions(_ list: String, _ all: PairGroup) -> [Curve] {
    guard !all.judged.isEmpty else { return [] }
    func curve(_ axis: String, _ error: (PairScore) -> Double?) -> Curve? {
      let errors = all.errors(error).filter(\.isFinite).ascending
      guard !errors.isEmpty else { return nil }
      // At most 200 points: every pair, or quantiles.
      let count = min(errors.count, 200)
      let points = (1...count).map { k in
        let place = (k * errors.count + count - 1) / count
        return (x: errors[place - 1], y: 100 * Double(place) / Double(all.judged.count))
      }
      return Curve(
        title: "\(list): distribution of \(axis)", xLabel: axis, yLabel: "pairs at most this far off, %",
        lines: [Curve.Line(name: "all pairs", points: points)])
    }
    let criterion = `protocol`.criteria.first
    let translation =
      `protocol` == .objects
      ? curve("displacement, % of the diameter") { $0.relativeDisplacement.map { 100 * $0 } }
      : curve("RTE, m") { criterion?.translationError(of: $0) ?? $0.translationError }
    return [curve("RRE, deg") { $0.rotationErrorDegrees }, translation].compactMap { $0 }
  }
}
