/// How much mass every child sends or receives: in proportion to its overlap (HST, Eq. 5).
///
///     μᵢ = Σⱼ sᵢⱼ / Σ s,    νⱼ = Σᵢ sᵢⱼ / Σ s
///
/// Both sum to 1. The dustbin then takes as much again, see ``TransportProblem/addingDustbin(score:)``: [μ; 1]/2, [ν; 1]/2.
package struct OverlapMarginals: Sendable, Equatable {
  /// μ, one entry per row.
  package let rows: [Float]
  /// ν, one entry per column.
  package let columns: [Float]

  /// The marginals of scores s, row-major with so many columns; nil where they have no positive sum.
  package init?(_ scores: [Float], columns count: Int) {
    let sum = scores.reduce(0, +)
    guard sum > 0, sum < .infinity else { return nil }
    var (rows, columns) = ([Float](repeating: 0, count: scores.count / count), [Float](repeating: 0, count: count))
    for (k, s) in scores.enumerated() {
      rows[k / count] += s / sum
      columns[k % count] += s / sum
    }
    (self.rows, self.columns) = (rows, columns)
  }

  /// The same mass for every row and for every column: what a transport without overlap takes.
  package init(rows: Int, columns: Int) {
    self.rows = [Float](repeating: 1 / Float(max(rows, 1)), count: rows)
    self.columns = [Float](repeating: 1 / Float(max(columns, 1)), count: columns)
  }
}
