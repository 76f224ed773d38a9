import Rendering

/// When an estimate counts as right.
public enum PairCriterion: Sendable, Equatable {
  /// The root mean square error over the true correspondences is at most so many metres.
  case rmse(Double)
  /// Both errors are small: the rotation in degrees, the translation in metres. Protocols differ in whether the bound
  /// itself is allowed.
  case pose(degrees: Double, metres: Double, isStrict: Bool)
  /// The rotation is below so many degrees and the source's centroid is displaced by less than a share of the diameter.
  case object(degrees: Double, diameterShare: Double)

  /// The criterion in short, as heads of columns name it: `5deg/0.6m`.
  public var name: String {
    switch self {
    case .rmse(let metres): "RMSE \(metres.significant(6))m"
    case .pose(let degrees, let metres, _): "\(degrees.significant(6))deg/\(metres.significant(6))m"
    case .object(let degrees, let share): "\(degrees.significant(6))deg/\((share * 100).significant(6))%"
    }
  }

  /// The criterion in words: `RRE < 5 deg and RTE < 2 m`.
  public var sentence: String {
    switch self {
    case .rmse(let metres): return "RMSE <= \(metres.significant(6)) m"
    case .pose(let degrees, let metres, let isStrict):
      let sign = isStrict ? "<" : "<="
      return "RRE \(sign) \(degrees.significant(6)) deg and RTE \(sign) \(metres.significant(6)) m"
    case .object(let degrees, let share):
      return "RRE < \(degrees.significant(6)) deg and displacement < \((share * 100).significant(6)) % of the diameter"
    }
  }

  /// Whether the errors of a score meet the criterion; nil when one of them is not known.
  func isMet(by score: PairScore, _ variant: RMSEVariant) -> Bool? {
    switch self {
    case .rmse(let metres): score.rmse(variant).map { $0 <= metres }
    case .pose(let degrees, let metres, let isStrict):
      bothErrors(of: score).map { r, t in isStrict ? r < degrees && t < metres : r <= degrees && t <= metres }
    case .object(let degrees, let share): bothErrors(of: score).map { r, t in r < degrees && t < share }
    }
  }

  /// The largest error in units of its bound; nil when an error is not known.
  func excess(of score: PairScore, _ variant: RMSEVariant) -> Double? {
    switch self {
    case .rmse(let metres): score.rmse(variant).map { $0 / metres }
    case .pose(let degrees, let bound, _), .object(let degrees, let bound):
      bothErrors(of: score).map { max($0 / degrees, $1 / bound) }
    }
  }

  /// The criterion with both bounds multiplied, for curves; a factor of one error alone leaves the other bound.
  func scaled(rotation: Double = 1, translation: Double = 1) -> PairCriterion {
    switch self {
    case .rmse(let metres): .rmse(metres * translation)
    case .pose(let degrees, let metres, let isStrict):
      .pose(degrees: degrees * rotation, metres: metres * translation, isStrict: isStrict)
    case .object(let degrees, let share): .object(degrees: degrees * rotation, diameterShare: share * translation)
    }
  }

  private func bothErrors(of score: PairScore) -> (rotation: Double, translation: Double)? {
    guard let rotation = score.rotationErrorDegrees, let translation = translationError(of: score) else { return nil }
    return (rotation, translation)
  }

  /// The error of translation that the criterion looks at: metres, or the share of the diameter.
  func translationError(of score: PairScore) -> Double? {
    if case .object = self { score.relativeDisplacement } else { score.translationError }
  }
}

extension PairScore {
  /// The root mean square error in one of its two variants.
  func rmse(_ variant: RMSEVariant) -> Double? { variant == .exact ? exactRMSE : protocolRMSE }
}
