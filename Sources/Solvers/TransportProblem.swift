/// A balanced optimal transport problem with entropy: which plan T ≥ 0 with the given row and column sums maximises
/// `Σ Tᵢⱼ Sᵢⱼ - Σ Tᵢⱼ log Tᵢⱼ`.
///
/// The scores are the negative cost over the weight ε of the entropy; ε = 1 (Cuturi 2013; the paper's `S = -C`).
public struct TransportProblem: Sendable {
  /// The number of rows, m.
  public var rows: Int
  /// The number of columns, n.
  public var columns: Int
  /// S, row-major, shape [rows, columns]; -∞ and NaN forbid an entry, magnitudes beyond 1e30 count as 1e30.
  public var scores: [Float]
  /// μ, the row sums wanted, shape [rows]; negative and non-finite values count as zero.
  public var rowMarginals: [Float]
  /// ν, the column sums wanted, shape [columns], with the same total as the rows.
  public var columnMarginals: [Float]

  /// A problem with its marginals; a precondition holds that the counts agree.
  public init(rows: Int, columns: Int, scores: [Float], rowMarginals: [Float], columnMarginals: [Float]) {
    precondition(scores.count == rows * columns && rowMarginals.count == rows && columnMarginals.count == columns)
    self.rows = rows
    self.columns = columns
    self.scores = scores
    self.rowMarginals = rowMarginals
    self.columnMarginals = columnMarginals
  }

  /// A problem where every row and every column has the mass 1. It has a plan only when m = n or with a dustbin.
  public init(rows: Int, columns: Int, scores: [Float]) {
    self.init(
      rows: rows, columns: columns, scores: scores, rowMarginals: [Float](repeating: 1, count: rows),
      columnMarginals: [Float](repeating: 1, count: columns))
  }

  /// The problem with one more row and one more column, the dustbin, all at the score z.
  ///
  /// Either side gets the total of the other as the mass of its bin, and the whole is scaled to the sum 1:
  /// μ ← [μ; Σν] / (Σμ + Σν), ν ← [ν; Σμ] / (Σμ + Σν). Where μ and ν sum to 1 this is [μ; 1]/2, the overlap-aware form of
  /// the Hierarchical Sinkhorn Tree; unit masses give 1/(m + n), the form of SuperGlue and GeoTransformer.
  public func addingDustbin(score z: Float) -> TransportProblem {
    func total(_ marginals: [Float]) -> Double { marginals.reduce(0) { $0 + Double(TransportProblem.mass($1)) } }
    let (rowTotal, columnTotal) = (total(rowMarginals), total(columnMarginals))
    let sum = rowTotal + columnTotal
    let scale = sum > 0 ? 1 / sum : 0
    var padded: [Float] = []
    padded.reserveCapacity((rows + 1) * (columns + 1))
    for i in 0..<rows {
      padded += scores[i * columns..<(i + 1) * columns]
      padded.append(z)
    }
    padded += [Float](repeating: z, count: columns + 1)
    func masses(_ marginals: [Float], bin: Double) -> [Float] {
      marginals.map { Float(Double(TransportProblem.mass($0)) * scale) } + [Float(bin * scale)]
    }
    return TransportProblem(
      rows: rows + 1, columns: columns + 1, scores: padded, rowMarginals: masses(rowMarginals, bin: columnTotal),
      columnMarginals: masses(columnMarginals, bin: rowTotal))
  }

  /// A marginal as the solver takes it.
  static func mass(_ value: Float) -> Float { value.isFinite && value > 0 ? value : 0 }
}

/// What ``LogSinkhorn`` found.
public struct TransportPlan: Sendable {
  /// T, row-major, shape [rows, columns], not logarithmic; finite and not negative.
  public var plan: [Float]
  /// `Σ Tᵢⱼ (-Sᵢⱼ)`, the transport cost without the entropy.
  public var cost: Float
  /// `(Σᵢ |Σⱼ Tᵢⱼ - μᵢ| + Σⱼ |Σᵢ Tᵢⱼ - νⱼ|) / Σμ`: how far the plan is from its marginals.
  public var marginalError: Float
  /// How many iterations were made.
  public var iterations: Int
}
