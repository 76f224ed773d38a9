internal import COpenBLAS

/// The solutions of the symmetric-definite generalised eigenproblem `A v = λ B v` with `vᵀ B v = 1` (LAPACK's dsygvd),
/// largest eigenvalue first. The largest component of every vector is positive, which fixes its sign.
public struct GeneralizedEigen: Sendable {
  /// The order of the matrices.
  public let dimension: Int
  /// The eigenvalues, descending.
  public let values: [Double]
  /// Row k is the eigenvector of the value k, row-major [dimension, dimension].
  public let vectors: [Double]

  /// Solves the problem; nil when B is not positive definite or a number is not finite.
  /// - Parameters:
  ///   - a: symmetric, row-major [dimension, dimension].
  ///   - b: symmetric and positive definite, of the same shape.
  public init?(_ a: [Double], _ b: [Double], dimension n: Int) {
    precondition(n >= 0 && n <= 1 << 14 && a.count == n * n && b.count == n * n, "matrices of \(n) dimensions")
    guard a.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else { return nil }
    dimension = n
    guard n > 0 else {
      (values, vectors) = ([], [])
      return
    }
    BLASKernels.prepare()
    var (columns, factor, ascending) = (a, b, [Double](repeating: 0, count: n))
    var (type, order, status): (Int32, Int32, Int32) = (1, Int32(n), 0)
    var (workCount, indexCount) = (Int32(1 + 6 * n + 2 * n * n), Int32(3 + 5 * n))
    var work = [Double](repeating: 0, count: Int(workCount))
    var indices = [Int32](repeating: 0, count: Int(indexCount))
    dsygvd_(
      &type, "V", "L", &order, &columns, &order, &factor, &order, &ascending, &work, &workCount, &indices, &indexCount,
      &status, 1, 1)
    guard status == 0, ascending.allSatisfy(\.isFinite), columns.allSatisfy(\.isFinite) else { return nil }
    values = ascending.reversed()
    var rows = [Double]()
    rows.reserveCapacity(n * n)
    for k in (0..<n).reversed() {
      let vector = columns[k * n..<(k + 1) * n]
      let isNegative = (vector.max { abs($0) < abs($1) } ?? 0) < 0
      rows.append(contentsOf: vector.map { isNegative ? -$0 : $0 })
    }
    vectors = rows
  }
}
