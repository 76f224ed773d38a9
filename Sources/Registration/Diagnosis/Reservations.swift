import PointClouds

/// What speaks against a result beyond the evidence that the registration itself has measured: sizes that differ as units
/// do, and points that the files did not have.
package struct Reservations: Sendable {
  private let mismatch: SizeMismatch?
  private let droppedShares: [(name: String, share: Double)]

  /// Weighs how far the sizes of the clouds differ, and the share of the points of each that reading dropped.
  package init(mismatch: SizeMismatch?, droppedShares: (source: Double, target: Double)) {
    self.mismatch = mismatch
    self.droppedShares = [("source", droppedShares.source), ("target", droppedShares.target)].filter { $0.1 > 0.5 }
  }

  /// Lowers the verdict where the reservations ask for it and adds their reasons.
  package func apply(to result: inout RegistrationResult) {
    if let mismatch, mismatch.ratio >= 4, result.verdict == .failed || mismatch.looksScaled && result.verdict < .trusted
    {
      result.verdict = .failed
      result.reasons.insert("sizes differ \(mismatch.times): nothing is rescaled", at: 0)
    }
    for (name, share) in droppedShares {
      result.verdict = min(result.verdict, .doubtful)
      result.reasons.append("\(Int((100 * share).rounded())) % of the \(name)'s points are not finite")
    }
  }
}

extension SizeMismatch {
  /// The ratio in words: 10×. Two views of one scene measure a scale to some 15 % only, so powers of ten are taken as such.
  package var times: String {
    if let round = [10, 100, 1000].first(where: { abs(ratio / Double($0) - 1) < 0.15 }) { return "\(round)×" }
    if ratio < 5 { return "\((10 * ratio).rounded() / 10)×" }
    return "\(ratio < 1e15 ? "\(Int(ratio.rounded()))" : "\(ratio)")×"
  }
}
