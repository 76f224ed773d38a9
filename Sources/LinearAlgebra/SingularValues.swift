internal import COpenBLAS

/// The thin singular value decomposition `A = U diag(s) Vᵀ` (LAPACK's dgesdd).
public struct SingularValues: Sendable {
  /// Left vectors as columns, m x min(m, n).
  public let left: Matrix<Double>
  /// The singular values, descending.
  public let values: [Double]
  /// Right vectors as rows, min(m, n) x n.
  public let rightTransposed: Matrix<Double>

  /// Decomposes a matrix m x n.
  public init(_ a: Matrix<Double>) throws(FactorizationError) {
    guard a.isFinite else { throw .notFinite }
    let (m, n, k) = (a.rows, a.columns, min(a.rows, a.columns))
    precondition(max(m, n) <= 1 << 14, "singular values of \(m) x \(n)")
    var u = Matrix<Double>(rows: m, columns: k)
    var v = Matrix<Double>(rows: k, columns: n)
    var s = [Double](repeating: 0, count: k)
    if k > 0 {
      BLASKernels.prepare()
      // By columns the elements are Aᵀ = V diag(s) Uᵀ, and V by columns is Vᵀ by rows.
      var elements = a.elements
      var (rows, columns, rank, status) = (Int32(n), Int32(m), Int32(k), Int32(0))
      var workCount = Int32(4 * k * k + 7 * k + 2 * max(m, n) + 3 * k * k + 64 * (m + n))
      var work = [Double](repeating: 0, count: Int(workCount))
      var indices = [Int32](repeating: 0, count: 8 * k)
      dgesdd_(
        "S", &rows, &columns, &elements, &rows, &s, &v.elements, &rows, &u.elements, &rank, &work, &workCount, &indices,
        &status, 1)
      guard status == 0 else { throw .noConvergence }
    }
    (left, values, rightTransposed) = (u, s, v)
  }

  /// How many singular values exceed a share of the largest.
  public func rank(tolerance: Double = 1e-9) -> Int { values.count { $0 > tolerance * (values.first ?? 0) } }
}
