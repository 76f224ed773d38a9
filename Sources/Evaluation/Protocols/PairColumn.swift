/// One column of a table over pairs: a figure of a group of pairs.
struct PairColumn: Sendable {
  /// The head.
  var head: String
  /// Decimals; nil for counts.
  var decimals: Int?
  /// What the figure is multiplied with when it is shown: 100 for percent.
  var scale = 1.0
  /// Whether the mean over the scenes is a figure too.
  var hasMean = true
  /// The figure of a group; nil where there is none.
  var figure: @Sendable (PairGroup) -> Double?

  /// A count.
  static func count(_ head: String, _ figure: @escaping @Sendable (PairGroup) -> Int) -> PairColumn {
    PairColumn(head: head, decimals: nil, hasMean: false) { Double(figure($0)) }
  }

  /// A share in percent with one decimal.
  static func percent(
    _ head: String, hasMean: Bool = true, _ figure: @escaping @Sendable (PairGroup) -> Double?
  ) -> PairColumn {
    PairColumn(head: head, decimals: 1, scale: 100, hasMean: hasMean, figure: figure)
  }

  /// A figure with decimals.
  static func number(
    _ head: String, _ decimals: Int, _ figure: @escaping @Sendable (PairGroup) -> Double?
  ) -> PairColumn {
    PairColumn(head: head, decimals: decimals, figure: figure)
  }

  /// The cell of a group.
  func cell(_ group: PairGroup) -> ScoreTable.Cell { cell(figure(group)) }

  /// The mean over groups that have the figure, each counting once.
  func meanCell(_ groups: [PairGroup]) -> ScoreTable.Cell { hasMean ? cell(groups.compactMap(figure).mean) : .none }

  private func cell(_ value: Double?) -> ScoreTable.Cell {
    guard let value, value.isFinite else { return .none }
    return decimals.map { .number(value * scale, decimals: $0) } ?? .count(Int(value))
  }
}

extension PairProtocol {
  /// The columns of the protocol's table.
  func columns(hasInlierRatios: Bool, hasModifiedChamfer: Bool) -> [PairColumn] {
    var columns: [PairColumn] = [.count("pairs") { $0.judged.count }]
    if self == .rpmnet {
      columns += meanErrorColumns
      if hasModifiedChamfer { columns.append(.number("Chamfer m2", 6) { $0.errors(\.modifiedChamfer).mean }) }
    } else {
      columns.append(.count("failures") { $0.judged.count - $0.right() })
      columns += recallColumns + errorColumns
    }
    if hasInlierRatios, countsMatches {
      columns.append(.percent("IR %") { $0.inlierRatios.mean })
      columns.append(.percent("FMR %") { $0.featureMatchingRecall })
    }
    return columns
  }

  private var recallColumns: [PairColumn] {
    let order = self == .kitti60cm ? [1, 0, 2, 3] : Array(criteria.indices)
    let several = criteria.count > 1
    var columns = order.map { k in
      PairColumn.percent(several ? "RR % \(criteria[k].name)" : "RR %") { $0.recall(k) }
    }
    columns.append(.percent("95 % from", hasMean: false) { $0.interval?.lower })
    columns.append(.percent("95 % to", hasMean: false) { $0.interval?.upper })
    if self == .match3DA { columns.append(.percent("precision %") { $0.precision }) }
    return columns
  }

  /// RRE and RTE over the pairs that meet the deciding criterion.
  private var errorColumns: [PairColumn] {
    let (rotation, translation) = decimals
    let criterion = criteria[0]
    let unit = self == .objects ? "RTE / diameter" : "RTE m"
    let distance: @Sendable (PairScore) -> Double? = { criterion.translationError(of: $0) }
    let means: [PairColumn] = [
      .number("RRE deg", rotation) { $0.errorsOfRight(\.rotationErrorDegrees).mean },
      .number(unit, translation) { $0.errorsOfRight(distance).mean },
    ]
    switch self {
    case .kitti2m, .kitti60cm: return means + separateColumns
    case .objects: return means
    default:
      return [
        .number("RRE deg (med)", rotation) { $0.errorsOfRight(\.rotationErrorDegrees).median },
        .number("\(unit) (med)", translation) { $0.errorsOfRight(distance).median },
        .number("RRE deg (mean)", rotation) { $0.errorsOfRight(\.rotationErrorDegrees).mean },
        .number("\(unit) (mean)", translation) { $0.errorsOfRight(distance).mean },
      ]
    }
  }

  /// Predator's means: RRE over the pairs with a small RRE, RTE over those with a small RTE.
  private var separateColumns: [PairColumn] {
    guard case .pose(let degrees, let metres, _) = criteria[0] else { return [] }
    return [
      .number("RRE deg (where < \(Int(degrees)))", 3) { group in
        group.errors(\.rotationErrorDegrees).filter { $0 < degrees }.mean
      },
      .number("RTE m (where < \(metres == 2 ? "2" : "0.6"))", 4) { group in
        group.errors(\.translationError).filter { $0 < metres }.mean
      },
    ]
  }

  /// The errors of RPMNet over all estimates: isotropic means, and anisotropic mean and root mean square errors.
  private var meanErrorColumns: [PairColumn] {
    let euler: @Sendable (PairGroup) -> [Double] = { group in
      group.judged.compactMap(\.score.eulerErrorDegrees).flatMap { [$0.x, $0.y, $0.z] }
    }
    let shift: @Sendable (PairGroup) -> [Double] = { group in
      group.judged.compactMap(\.score.translationDifference).flatMap { [$0.x, $0.y, $0.z] }
    }
    return [
      .count("estimated") { $0.estimated },
      .number("RRE deg", 3) { $0.errors(\.rotationErrorDegrees).mean },
      .number("RTE", 4) { $0.errors(\.translationError).mean },
      .number("Euler MAE deg", 3) { euler($0).map(abs).mean },
      .number("Euler RMSE deg", 3) { euler($0).rootMeanSquare },
      .number("t MAE", 4) { shift($0).map(abs).mean },
      .number("t RMSE", 4) { shift($0).rootMeanSquare },
    ]
  }
}
