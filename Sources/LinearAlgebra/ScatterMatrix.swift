internal import COpenBLAS

/// The sum of outer products `Σ x xᵀ` and of the vectors themselves, in double precision.
///
/// Vectors are added in their order by the calling thread, so the bits depend on that order alone.
public struct ScatterMatrix: Sendable {
  /// The length of a vector.
  public let dimension: Int
  /// How many vectors were added.
  public private(set) var count = 0
  /// Their sum.
  public private(set) var sum: [Double]
  /// The lower triangle of the sum of outer products, column-major; the upper one is zero.
  private var products: [Double]

  /// Nothing added yet.
  public init(dimension: Int) {
    precondition(dimension > 0 && dimension <= 1 << 14, "scatter of \(dimension) dimensions")
    self.dimension = dimension
    sum = [Double](repeating: 0, count: dimension)
    products = [Double](repeating: 0, count: dimension * dimension)
  }

  /// Adds vectors, row-major [count, dimension].
  public mutating func add(_ rows: [Double]) {
    precondition(rows.count % dimension == 0, "\(rows.count) values are no rows of \(dimension)")
    let (n, m) = (dimension, rows.count / dimension)
    guard m > 0 else { return }
    BLASKernels.prepare()
    for r in 0..<m { for k in 0..<n { sum[k] += rows[r * n + k] } }
    // Row-major [m, n] is column-major [n, m].
    cblas_dsyrk(
      CblasColMajor, CblasLower, CblasNoTrans, Int32(n), Int32(m), 1, rows, Int32(n), 1, &products, Int32(n))
    count += m
  }

  /// Adds what another one of the same dimension has summed up.
  public mutating func add(_ other: ScatterMatrix) {
    precondition(other.dimension == dimension, "scatter of \(other.dimension) and \(dimension) dimensions")
    for k in sum.indices { sum[k] += other.sum[k] }
    for k in products.indices { products[k] += other.products[k] }
    count += other.count
  }

  /// The mean; zero when nothing was added.
  public var mean: [Double] { sum.map { count > 0 ? $0 / Double(count) : 0 } }

  /// The mean outer product about a point, zero unless given another: the covariance about ``mean``. Row-major
  /// [dimension, dimension], symmetric; zero when nothing was added.
  public func moment(about center: [Double]? = nil) -> [Double] {
    let n = dimension
    var result = [Double](repeating: 0, count: n * n)
    guard count > 0 else { return result }
    let (share, mean) = (1 / Double(count), self.mean)
    for column in 0..<n {
      for row in column..<n {
        var value = products[column * n + row] * share
        // E (x - c)(x - c)ᵀ = E x xᵀ - m cᵀ - c mᵀ + c cᵀ
        if let c = center { value += c[row] * c[column] - mean[row] * c[column] - c[row] * mean[column] }
        result[column * n + row] = value
        result[row * n + column] = value
      }
    }
    return result
  }
}
