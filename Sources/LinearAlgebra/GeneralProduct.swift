internal import COpenBLAS

extension MatrixProduct {
  /// A matrix in memory, row-major, as a factor of a product.
  public struct Factor<Scalar> {
    let base: UnsafePointer<Scalar>
    let stride: Int
    let isTransposed: Bool

    /// A matrix whose rows begin `stride` elements apart; `isTransposed` takes its transpose in the product.
    public init(_ base: UnsafePointer<Scalar>, stride: Int, isTransposed: Bool = false) {
      self.base = base
      self.stride = stride
      self.isTransposed = isTransposed
    }
  }

  /// `C = α A B + β C` in single precision: A is m x k, B is k x n and C is m x n, after any transposition.
  ///
  /// With β = 0 whatever C held is overwritten, NaN included. With k = 0 the product is zero.
  public static func multiply(
    _ a: Factor<Float>, _ b: Factor<Float>, rows m: Int, columns n: Int, inner k: Int, scale alpha: Float,
    keeping beta: Float, into c: UnsafeMutablePointer<Float>, stride: Int
  ) {
    BLASKernels.prepare()
    guard m > 0, n > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans, Int32(m),
      Int32(n), Int32(k), alpha, a.base, Int32(a.stride), b.base, Int32(b.stride), beta, c, Int32(stride))
  }

  /// `C = α A B + β C` in double precision, see the one in single precision.
  public static func multiply(
    _ a: Factor<Double>, _ b: Factor<Double>, rows m: Int, columns n: Int, inner k: Int, scale alpha: Double,
    keeping beta: Double, into c: UnsafeMutablePointer<Double>, stride: Int
  ) {
    BLASKernels.prepare()
    guard m > 0, n > 0 else { return }
    cblas_dgemm(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans, Int32(m),
      Int32(n), Int32(k), alpha, a.base, Int32(a.stride), b.base, Int32(b.stride), beta, c, Int32(stride))
  }
}
