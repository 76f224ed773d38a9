import Geometry

/// A source scaled to fit its target, with what is known of the scale.
struct ScaleEstimate: Sendable {
  /// Another scale that was tried, and how much lower its pose scores.
  struct Rival: Sendable {
    let scale: Double
    let margin: Double
  }

  /// The scaled source.
  let source: PreparedScan
  /// The scales that were allowed; nil for a ratio of units.
  let range: ClosedRange<Double>?
  /// The pose that belongs to the scale, between true coordinates of the scaled source; nil where it is searched afresh.
  var start: RigidTransform?
  /// How well the overlap fixes the scale, in [0, 1]; nil for a ratio of units. See ``SimilarityRefinement``.
  var observability: Double?
  /// The best of the other scales that were tried.
  var rival: Rival?

  /// Below this the overlap leaves the scale open.
  static let openBelow = 0.003
  /// A bound is no sharper than this: a copy scaled by 1000 may measure 1000.4.
  private static let slack = 5e-3

  /// Lowers the verdict where the scale is not determined, and says why.
  func apply(to result: inout RegistrationResult) {
    guard let range else { return }
    let scale = source.scale
    if scale < range.lowerBound * (1 - Self.slack) || scale > range.upperBound * (1 + Self.slack) {
      result.reasons =
        ["the scale \(scale.figures) lies beyond \(range.lowerBound.figures) to \(range.upperBound.figures)"]
        + (result.verdict == .failed ? result.reasons : [])
      result.verdict = .failed
      return
    }
    var doubts: [String] = []
    if let observability, observability < Self.openBelow {
      doubts.append("the overlap leaves the scale open: its surfaces look alike at every size")
    }
    if let rival, rival.margin < 0.7, abs(rival.scale / scale - 1) > 0.03 {
      doubts.append("the scale \(rival.scale.figures) scores nearly as well (margin \(rival.margin.hundredths))")
    }
    if doubts.isEmpty || result.verdict == .failed { return }
    result.reasons += doubts
    result.verdict = .doubtful
  }
}

extension Double {
  /// The number with four figures, for reasons.
  fileprivate var figures: String {
    guard self != 0, isFinite else { return "\(self)" }
    var unit = 1.0
    while abs(self) / unit >= 10_000 { unit *= 10 }
    while abs(self) / unit < 1000 { unit /= 10 }
    let rounded = (self / unit).rounded() * unit
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
