/// What flows through a network: a list of vectors of equal length, row-major, one row for each token.
public struct Tokens<Scalar: NetworkScalar>: Equatable, Sendable {
  /// How many vectors there are.
  public let rows: Int
  /// The length of each.
  public let columns: Int
  /// The numbers, row by row.
  public var values: [Scalar]

  /// Tokens from their numbers.
  @inlinable
  public init(rows: Int, columns: Int, values: [Scalar]) {
    precondition(values.count == rows * columns, "\(values.count) values for \(rows) x \(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Tokens of zeros.
  @inlinable
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, values: [Scalar](repeating: 0, count: rows * columns))
  }

  /// The number of a column in a row.
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// The tokens of a range of rows.
  @inlinable
  public func rows(_ range: Range<Int>) -> Tokens {
    Tokens(
      rows: range.count, columns: columns,
      values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
  }

  /// These tokens followed by others of the same length.
  @inlinable
  public func followed(by other: Tokens) -> Tokens {
    precondition(columns == other.columns, "tokens of \(columns) and \(other.columns) values")
    return Tokens(rows: rows + other.rows, columns: columns, values: values + other.values)
  }

  /// Adds other tokens, place by place.
  @inlinable
  public static func += (a: inout Tokens, b: Tokens) {
    precondition(a.rows == b.rows && a.columns == b.columns, "tokens of different shapes")
    let n = a.values.count
    a.values.withUnsafeMutableBufferPointer { x in
      b.values.withUnsafeBufferPointer { y in for i in 0..<n { x[i] += y[i] } }
    }
  }

  /// Subtracts other tokens, place by place.
  @inlinable
  public static func -= (a: inout Tokens, b: Tokens) {
    precondition(a.rows == b.rows && a.columns == b.columns, "tokens of different shapes")
    let n = a.values.count
    a.values.withUnsafeMutableBufferPointer { x in
      b.values.withUnsafeBufferPointer { y in for i in 0..<n { x[i] -= y[i] } }
    }
  }

  /// The sum, place by place.
  @inlinable
  public static func + (a: Tokens, b: Tokens) -> Tokens {
    var sum = a
    sum += b
    return sum
  }

  /// The difference, place by place.
  @inlinable
  public static func - (a: Tokens, b: Tokens) -> Tokens {
    var difference = a
    difference -= b
    return difference
  }

  /// The negative.
  @inlinable
  public static prefix func - (a: Tokens) -> Tokens {
    Tokens(rows: a.rows, columns: a.columns, values: a.values.map { -$0 })
  }
}
