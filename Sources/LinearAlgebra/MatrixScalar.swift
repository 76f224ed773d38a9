internal import COpenBLAS

/// A number that BLAS multiplies: `Float` or `Double`.
public protocol MatrixScalar: BinaryFloatingPoint, Sendable {
  /// `C = α op(A) op(B) + β C` for row-major op(A) (m x k), op(B) (k x n) and C (m x n); op transposes where told. All
  /// three sizes are positive.
  static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ alpha: Self, _ a: UnsafePointer<Self>, transposed: Bool,
    _ b: UnsafePointer<Self>, transposed: Bool, _ beta: Self, _ c: UnsafeMutablePointer<Self>)

  /// `y = op(A) x` for row-major A (m x n); op transposes where told. Both sizes are positive.
  static func multiply(
    _ m: Int, _ n: Int, _ a: UnsafePointer<Self>, transposed: Bool, _ x: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>)

  /// `A += α x yᵀ` for row-major A (m x n). Both sizes are positive.
  static func addOuter(
    _ m: Int, _ n: Int, _ alpha: Self, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>,
    _ a: UnsafeMutablePointer<Self>)
}

extension Double: MatrixScalar {
  /// See ``MatrixScalar``.
  public static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ alpha: Double, _ a: UnsafePointer<Double>, transposed aTransposed: Bool,
    _ b: UnsafePointer<Double>, transposed bTransposed: Bool, _ beta: Double, _ c: UnsafeMutablePointer<Double>
  ) {
    BLASKernels.prepare()
    cblas_dgemm(
      CblasRowMajor, aTransposed ? CblasTrans : CblasNoTrans, bTransposed ? CblasTrans : CblasNoTrans, Int32(m),
      Int32(n), Int32(k), alpha, a, Int32(aTransposed ? m : k), b, Int32(bTransposed ? k : n), beta, c, Int32(n))
  }

  /// See ``MatrixScalar``.
  public static func multiply(
    _ m: Int, _ n: Int, _ a: UnsafePointer<Double>, transposed: Bool, _ x: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Double>
  ) {
    BLASKernels.prepare()
    cblas_dgemv(
      CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), 1, a, Int32(n), x, 1, 0, y, 1)
  }

  /// See ``MatrixScalar``.
  public static func addOuter(
    _ m: Int, _ n: Int, _ alpha: Double, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>,
    _ a: UnsafeMutablePointer<Double>
  ) {
    BLASKernels.prepare()
    cblas_dger(CblasRowMajor, Int32(m), Int32(n), alpha, x, 1, y, 1, a, Int32(n))
  }
}

extension Float: MatrixScalar {
  /// See ``MatrixScalar``.
  public static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ alpha: Float, _ a: UnsafePointer<Float>, transposed aTransposed: Bool,
    _ b: UnsafePointer<Float>, transposed bTransposed: Bool, _ beta: Float, _ c: UnsafeMutablePointer<Float>
  ) {
    BLASKernels.prepare()
    cblas_sgemm(
      CblasRowMajor, aTransposed ? CblasTrans : CblasNoTrans, bTransposed ? CblasTrans : CblasNoTrans, Int32(m),
      Int32(n), Int32(k), alpha, a, Int32(aTransposed ? m : k), b, Int32(bTransposed ? k : n), beta, c, Int32(n))
  }

  /// See ``MatrixScalar``.
  public static func multiply(
    _ m: Int, _ n: Int, _ a: UnsafePointer<Float>, transposed: Bool, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) {
    BLASKernels.prepare()
    cblas_sgemv(
      CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), 1, a, Int32(n), x, 1, 0, y, 1)
  }

  /// See ``MatrixScalar``.
  public static func addOuter(
    _ m: Int, _ n: Int, _ alpha: Float, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    _ a: UnsafeMutablePointer<Float>
  ) {
    BLASKernels.prepare()
    cblas_sger(CblasRowMajor, Int32(m), Int32(n), alpha, x, 1, y, 1, a, Int32(n))
  }
}
