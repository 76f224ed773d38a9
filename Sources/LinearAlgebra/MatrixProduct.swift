internal import COpenBLAS

/// Dense products over BLAS. Threads split the rows in fixed blocks, so the bits do not depend on their number.
public enum MatrixProduct {
  /// `C = A Bᵀ` for row-major A (m x d), B (n x d) and C (m x n), single precision.
  public static func multiplyTransposed(
    _ a: UnsafePointer<Float>, rows m: Int, _ b: UnsafePointer<Float>, rows n: Int, dimension d: Int,
    into c: UnsafeMutablePointer<Float>
  ) {
    BLASKernels.prepare()
    guard m > 0, n > 0, d > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(m), Int32(n), Int32(d), 1, a, Int32(d), b, Int32(d), 0, c, Int32(n)
    )
  }
}
