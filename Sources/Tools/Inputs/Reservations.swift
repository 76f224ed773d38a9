import Rendering
import Registration

/// What the command knows against a result beyond the evidence that the registration itself has measured.
struct Reservations: Sendable {
  private let mismatch: SizeMismatch?
  private let dropped: [(name: String, share: Double)]

  /// Looks at the files and the sizes of both clouds; warns at once of units that seem mixed up.
  init(_ pair: CloudPair) {
    mismatch = SizeMismatch(source: pair.source.size, target: pair.target.size)
    dropped = [("source", pair.source.loaded), ("target", pair.target.loaded)].compactMap { name, loaded in
      guard loaded.declaredPoints > 0 else { return nil }
      let share = Double(loaded.droppedNonFinite) / Double(loaded.declaredPoints)
      return share > 0.5 ? (name, share) : nil
    }
    if let mismatch, let units = mismatch.units { Reservations.warn(mismatch, units) }
  }

  /// Lowers the verdict where the reservations ask for it and adds their reasons.
  func apply(to result: inout RegistrationResult) {
    if let mismatch, mismatch.ratio >= 4, result.verdict == .failed || mismatch.looksScaled && result.verdict < .trusted
    {
      result.verdict = .failed
      result.reasons.insert("sizes differ \(mismatch.times): nothing is rescaled", at: 0)
    }
    for (name, share) in dropped {
      result.verdict = min(result.verdict, .doubtful)
      result.reasons.append("\((100 * share).decimals(0)) % of the \(name)'s points are not finite")
    }
  }

  private static func warn(_ mismatch: SizeMismatch, _ units: SizeMismatch.Units) {
    let (small, large) =
      switch units {
      case .millimetres: ("mm", "m")
      case .inchesInMillimetres: ("mm", "inches")
      case .feetInMillimetres: ("mm", "feet")
      }
    let (source, target) = mismatch.extentRatio > 1 ? (small, large) : (large, small)
    let (cloud, other) = mismatch.extentRatio > 1 ? ("target", "source") : ("source", "target")
    let factor = units.factor.significant(6)
    Console.remark(
      "warning",
      "extents differ \(mismatch.times): source looks like \(source), target like \(target). Nothing is rescaled; "
        + "scale the \(cloud) ×\(factor) (or the \(other) ×1/\(factor)) and register again.")
  }
}

extension SizeMismatch {
  /// The ratio in words: 10×. Two views of one scene measure a scale to some 15 % only, so powers of ten are taken as such.
  fileprivate var times: String {
    if let round = [10.0, 100, 1000].first(where: { abs(ratio / $0 - 1) < 0.15 }) { return "\(Int(round))×" }
    return (ratio >= 5 ? ratio.decimals(0) : ratio.decimals(1)) + "×"
  }
}
