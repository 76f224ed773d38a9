/// A dense matrix, row-major and contiguous; products go through BLAS on the calling thread.
///
/// Shapes that do not fit are mistakes of the program and stop it; sizes may be zero. A vector is an array.
public struct Matrix<Scalar: MatrixScalar>: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  @usableFromInline var storage: [Scalar]

  /// A matrix of given entries, row after row.
  @inlinable
  public init(rows: Int, columns: Int, _ elements: [Scalar]) {
    precondition(
      rows >= 0 && columns >= 0 && elements.count == rows * columns, "\(elements.count) entries of \(rows) x \(columns)"
    )
    self.rows = rows
    self.columns = columns
    storage = elements
  }

  /// The entries, row after row; their number stays.
  @inlinable
  public var elements: [Scalar] {
    get { storage }
    _modify {
      defer { precondition(storage.count == rows * columns, "a matrix keeps its shape") }
      yield &storage
    }
  }

  /// A matrix of equal entries, zero by default.
  @inlinable
  public init(rows: Int, columns: Int, repeating value: Scalar = 0) {
    precondition(rows >= 0 && columns >= 0, "a matrix of \(rows) x \(columns)")
    self.init(rows: rows, columns: columns, [Scalar](repeating: value, count: rows * columns))
  }

  /// A square matrix with a diagonal and zeros elsewhere.
  @inlinable
  public init(diagonal: [Scalar]) {
    self.init(rows: diagonal.count, columns: diagonal.count)
    for k in diagonal.indices { self[k, k] = diagonal[k] }
  }

  /// The identity.
  @inlinable
  public static func identity(_ size: Int) -> Matrix { Matrix(diagonal: [Scalar](repeating: 1, count: size)) }

  /// One entry.
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get { storage[row * columns + column] }
    _modify { yield &storage[row * columns + column] }
  }

  /// A row.
  @inlinable
  public func row(_ row: Int) -> [Scalar] { Array(elements[row * columns..<(row + 1) * columns]) }

  /// A column.
  @inlinable
  public func column(_ column: Int) -> [Scalar] { (0..<rows).map { self[$0, column] } }

  /// The entries with equal indices.
  @inlinable
  public var diagonal: [Scalar] { (0..<Swift.min(rows, columns)).map { self[$0, $0] } }

  /// The first columns.
  @inlinable
  public func prefix(columns count: Int) -> Matrix {
    Matrix(rows: rows, columns: count, (0..<rows).flatMap { elements[$0 * columns..<$0 * columns + count] })
  }

  /// Rows and columns swapped.
  @inlinable
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for r in 0..<rows { for c in 0..<columns { result[c, r] = self[r, c] } }
    return result
  }
}

extension Matrix {
  /// The product.
  public static func * (a: Matrix, b: Matrix) -> Matrix { product(a, false, b, false) }

  /// The product `Aᵀ B`.
  public func transposedTimes(_ b: Matrix) -> Matrix { Matrix.product(self, true, b, false) }

  /// The product `A Bᵀ`.
  public func timesTransposed(_ b: Matrix) -> Matrix { Matrix.product(self, false, b, true) }

  private static func product(_ a: Matrix, _ aTransposed: Bool, _ b: Matrix, _ bTransposed: Bool) -> Matrix {
    let (m, inner) = aTransposed ? (a.columns, a.rows) : (a.rows, a.columns)
    let (other, n) = bTransposed ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(inner == other, "product of \(m) x \(inner) and \(other) x \(n)")
    var result = Matrix(rows: m, columns: n)
    if m > 0, n > 0, inner > 0 {
      Scalar.multiply(
        m, n, inner, 1, a.elements, transposed: aTransposed, b.elements, transposed: bTransposed, 0, &result.elements)
    }
    return result
  }

  /// The product with a column.
  public static func * (a: Matrix, x: [Scalar]) -> [Scalar] {
    precondition(a.columns == x.count, "product of \(a.rows) x \(a.columns) and a vector of \(x.count)")
    var y = [Scalar](repeating: 0, count: a.rows)
    if a.rows > 0, a.columns > 0 { Scalar.multiply(a.rows, a.columns, a.elements, transposed: false, x, &y) }
    return y
  }

  /// The product `Aᵀ x`.
  public func transposedTimes(_ x: [Scalar]) -> [Scalar] {
    precondition(rows == x.count, "product of \(columns) x \(rows) and a vector of \(x.count)")
    var y = [Scalar](repeating: 0, count: columns)
    if rows > 0, columns > 0 { Scalar.multiply(rows, columns, elements, transposed: true, x, &y) }
    return y
  }

  /// Adds `s x yᵀ`.
  public mutating func addOuter(_ x: [Scalar], _ y: [Scalar], times s: Scalar = 1) {
    precondition(x.count == rows && y.count == columns, "\(x.count) x \(y.count) added to \(rows) x \(columns)")
    if rows > 0, columns > 0 { Scalar.addOuter(rows, columns, s, x, y, &elements) }
  }

  /// Adds a multiple of another matrix.
  @inlinable
  public mutating func add(_ other: Matrix, times s: Scalar = 1) {
    precondition(rows == other.rows && columns == other.columns, "sum of matrices of different shapes")
    for k in elements.indices { elements[k] += s * other.elements[k] }
  }

  /// The sum.
  @inlinable
  public static func + (a: Matrix, b: Matrix) -> Matrix {
    var sum = a
    sum.add(b)
    return sum
  }

  /// The difference.
  @inlinable
  public static func - (a: Matrix, b: Matrix) -> Matrix {
    var difference = a
    difference.add(b, times: -1)
    return difference
  }

  /// A multiple.
  @inlinable
  public static func * (s: Scalar, a: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns, a.elements.map { s * $0 })
  }
}

extension Matrix {
  /// The sum of the diagonal.
  @inlinable
  public var trace: Scalar { diagonal.reduce(0, +) }

  /// The sum of the squares of all entries.
  @inlinable
  public var squaredNorm: Scalar { elements.reduce(0) { $0 + $1 * $1 } }

  /// The Frobenius norm.
  @inlinable
  public var norm: Scalar { squaredNorm.squareRoot() }

  /// The largest magnitude of an entry; zero without entries.
  @inlinable
  public var largestMagnitude: Scalar { elements.reduce(0) { Swift.max($0, abs($1)) } }

  /// The symmetric part `(A + Aᵀ) / 2` of a square matrix.
  @inlinable
  public var symmetrized: Matrix {
    precondition(rows == columns, "the symmetric part of \(rows) x \(columns)")
    var result = self
    for r in 0..<rows { for c in 0..<columns { result[r, c] = (self[r, c] + self[c, r]) / 2 } }
    return result
  }

  /// The entries on and below the diagonal, zeros above.
  @inlinable
  public var lowerTriangle: Matrix {
    var result = self
    for r in 0..<rows { for c in Swift.min(r + 1, columns)..<columns { result[r, c] = 0 } }
    return result
  }

  /// Whether every entry is finite.
  @inlinable
  public var isFinite: Bool { elements.allSatisfy(\.isFinite) }
}
