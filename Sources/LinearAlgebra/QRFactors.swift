internal import COpenBLAS

/// The thin QR factors `A = Q R` by Householder reflections (LAPACK's dgeqrf), the diagonal of R not negative.
public struct QRFactors: Sendable {
  /// Orthonormal columns, m x n.
  public let q: Matrix<Double>
  /// Upper triangular, n x n.
  public let r: Matrix<Double>

  /// Factors a matrix m x n with m at least n.
  public init(_ a: Matrix<Double>) throws(FactorizationError) {
    precondition(a.rows >= a.columns && a.rows <= 1 << 14, "QR factors of \(a.rows) x \(a.columns)")
    guard a.isFinite else { throw .notFinite }
    guard a.columns > 0 else {
      (q, r) = (a, Matrix(rows: 0, columns: 0))
      return
    }
    BLASKernels.prepare()
    let n = a.columns
    var columns = a.transposed.elements
    var (height, width, status) = (Int32(a.rows), Int32(n), Int32(0))
    var workCount = Int32(64 * n)
    var work = [Double](repeating: 0, count: Int(workCount))
    var reflections = [Double](repeating: 0, count: n)
    dgeqrf_(&height, &width, &columns, &height, &reflections, &work, &workCount, &status)
    guard status == 0 else { throw .noConvergence }
    var upper = Matrix<Double>(rows: n, columns: n)
    for c in 0..<n { for k in 0...c { upper[k, c] = columns[c * a.rows + k] } }
    dorgqr_(&height, &width, &width, &columns, &height, reflections, &work, &workCount, &status)
    guard status == 0 else { throw .noConvergence }
    // Q D and D R with D the signs of the diagonal: the factors become unique where A has full rank.
    for k in 0..<n where upper[k, k] < 0 {
      for c in k..<n { upper[k, c] = -upper[k, c] }
      for row in 0..<a.rows { columns[k * a.rows + row] = -columns[k * a.rows + row] }
    }
    q = Matrix(rows: n, columns: a.rows, columns).transposed
    r = upper
  }
}
