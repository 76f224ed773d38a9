/// How little the surroundings of a coarse match agree over all levels, and which matches stay (HST, sections 3.2.4 and A.4).
///
///     MSC = Σ_l 2⁻ˡ S⁽ˡ⁾
///
/// with the mean distance S⁽ˡ⁾ of the node pairs of level l; small is consistent. The paper scales MSC to m in [0, 1] over the
/// coarse matches and draws from softmax(-m/τ). Nothing is drawn here: the most probable stay, which are those of the
/// smallest MSC whatever τ.
package struct MultiScaleConsistency: Sendable {
  /// MSC of every coarse match.
  package let values: [Float]

  /// - Parameter levels: for every level from 1 the S of every coarse match, nil where its tree ended above. Such a match gets
  ///   the worst S of the level: what is missing must not read as better.
  package init(levels: [[Float?]]) {
    var values = [Float](repeating: 0, count: levels.first?.count ?? 0)
    var weight: Float = 1
    for level in levels {
      weight /= 2
      guard let worst = level.lazy.compactMap(\.self).max() else { continue }
      for (k, s) in level.enumerated() { values[k] += weight * (s ?? worst) }
    }
    self.values = values
  }

  /// The matches that stay, most consistent first, then by index: a share of them, and at least a number. All stay, in their
  /// order, where MSC is the same for all.
  package func kept(share: Float, least: Int) -> [Int] {
    guard let low = values.min(), let high = values.max() else { return [] }
    if low == high { return Array(values.indices) }
    let order = values.indices.sorted { values[$0] != values[$1] ? values[$0] < values[$1] : $0 < $1 }
    let wanted = (share * Float(values.count)).rounded(.up)
    return Array(order.prefix(max(wanted > 0 ? Int(min(wanted, Float(values.count))) : 0, least)))
  }
}
