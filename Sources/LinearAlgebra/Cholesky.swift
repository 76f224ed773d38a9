internal import COpenBLAS
import Foundation

/// The Cholesky factor of a symmetric positive definite matrix, `A = L Lᵀ` with L lower triangular (LAPACK's dpotrf).
public struct Cholesky: Sendable {
  /// The lower triangular factor.
  public let lower: Matrix<Double>

  /// Factors a matrix, of which the lower triangle is read.
  public init(_ a: Matrix<Double>) throws(FactorizationError) {
    precondition(a.rows == a.columns, "Cholesky factor of \(a.rows) x \(a.columns)")
    guard a.isFinite else { throw .notFinite }
    guard a.rows > 0 else {
      lower = a
      return
    }
    BLASKernels.prepare()
    var elements = a.elements
    var (n, status) = (Int32(a.rows), Int32(0))
    // The lower triangle by rows is the upper one by columns.
    dpotrf_("U", &n, &elements, &n, &status, 1)
    guard status == 0 else { throw .notPositiveDefinite(order: Int(status)) }
    lower = Matrix(rows: a.rows, columns: a.columns, elements).lowerTriangle
  }

  /// The logarithm of the determinant of A.
  public var logDeterminant: Double { 2 * lower.diagonal.reduce(0) { $0 + log($1) } }

  /// The solution of `A x = b`.
  public func solve(_ b: [Double]) -> [Double] {
    lower.solveLower(lower.solveLower(b, transposed: false), transposed: true)
  }

  /// The solution of `A X = B`, column by column.
  public func solve(_ b: Matrix<Double>) -> Matrix<Double> {
    precondition(b.rows == lower.rows, "\(b.rows) rows on the right of \(lower.rows) equations")
    var x = b
    guard b.rows > 0, b.columns > 0 else { return x }
    for transpose in [CblasNoTrans, CblasTrans] {
      cblas_dtrsm(
        CblasRowMajor, CblasLeft, CblasLower, transpose, CblasNonUnit, Int32(b.rows), Int32(b.columns), 1,
        lower.elements, Int32(b.rows), &x.elements, Int32(b.columns))
    }
    return x
  }

  /// The inverse of A.
  public var inverse: Matrix<Double> { solve(.identity(lower.rows)).symmetrized }
}

extension Matrix<Double> {
  /// The solution of `L x = b`, or of `Lᵀ x = b`, for a lower triangular matrix with a diagonal without zeros.
  public func solveLower(_ b: [Double], transposed: Bool) -> [Double] {
    precondition(rows == columns && b.count == rows, "\(b.count) numbers on the right of \(rows) x \(columns)")
    var x = b
    if transposed {
      for r in (0..<rows).reversed() {
        x[r] /= self[r, r]
        for c in 0..<r { x[c] -= self[r, c] * x[r] }
      }
    } else {
      for r in 0..<rows {
        for c in 0..<r { x[r] -= self[r, c] * x[c] }
        x[r] /= self[r, r]
      }
    }
    return x
  }
}
