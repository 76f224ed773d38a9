internal import COpenBLAS

/// The eigenvalues and orthonormal eigenvectors of a symmetric matrix, `A = Σ λ v vᵀ` (LAPACK's dsyevd).
public struct SymmetricEigen: Sendable {
  /// The eigenvalues, ascending.
  public let values: [Double]
  /// Row k is the eigenvector of the value k; signs are LAPACK's.
  public let vectors: Matrix<Double>

  /// A decomposition from its parts.
  public init(values: [Double], vectors: Matrix<Double>) {
    precondition(vectors.rows == values.count && vectors.columns == values.count, "one vector per value")
    self.values = values
    self.vectors = vectors
  }

  /// Decomposes a matrix, of which one triangle is read.
  public init(_ a: Matrix<Double>) throws(FactorizationError) {
    precondition(a.rows == a.columns && a.rows <= 1 << 14, "eigenvalues of \(a.rows) x \(a.columns)")
    guard a.isFinite else { throw .notFinite }
    guard a.rows > 0 else {
      (values, vectors) = ([], a)
      return
    }
    BLASKernels.prepare()
    let n = a.rows
    var (rows, found) = (a.elements, [Double](repeating: 0, count: n))
    var (order, status) = (Int32(n), Int32(0))
    var (workCount, indexCount) = (Int32(1 + 6 * n + 2 * n * n), Int32(3 + 5 * n))
    var work = [Double](repeating: 0, count: Int(workCount))
    var indices = [Int32](repeating: 0, count: Int(indexCount))
    dsyevd_(
      "V", "U", &order, &rows, &order, &found, &work, &workCount, &indices, &indexCount, &status, 1, 1)
    guard status == 0 else { throw .noConvergence }
    // Columns by columns are rows by rows.
    (values, vectors) = (found, Matrix(rows: n, columns: n, rows))
  }

  /// The matrix `Σ f(λ) v vᵀ`.
  public func reassembled(_ f: (Double) -> Double) -> Matrix<Double> {
    var weighted = vectors
    for (k, value) in values.enumerated() {
      let factor = f(value)
      for c in 0..<vectors.columns { weighted[k, c] *= factor }
    }
    return vectors.transposedTimes(weighted)
  }
}
