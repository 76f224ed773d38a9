/// Arrays of doubles as vectors.
extension [Double] {
  /// The inner product with a vector of the same length.
  @inlinable
  public func dot(_ other: [Double]) -> Double {
    precondition(count == other.count, "inner product of \(count) and \(other.count) numbers")
    var sum = 0.0
    for k in indices { sum += self[k] * other[k] }
    return sum
  }

  /// The sum of squares.
  @inlinable
  public var squaredNorm: Double { dot(self) }

  /// The Euclidean norm.
  @inlinable
  public var norm: Double { squaredNorm.squareRoot() }

  /// Adds a multiple of another vector.
  @inlinable
  public mutating func add(_ other: [Double], times s: Double = 1) {
    precondition(count == other.count, "sum of \(count) and \(other.count) numbers")
    for k in indices { self[k] += s * other[k] }
  }

  /// The sum with a multiple of another vector.
  @inlinable
  public func adding(_ other: [Double], times s: Double = 1) -> [Double] {
    var sum = self
    sum.add(other, times: s)
    return sum
  }

  /// The difference.
  @inlinable
  public func subtracting(_ other: [Double]) -> [Double] { adding(other, times: -1) }

  /// A multiple.
  @inlinable
  public func scaled(by s: Double) -> [Double] { map { s * $0 } }

  /// The mean; NaN of nothing.
  @inlinable
  public var mean: Double { reduce(0, +) / Double(count) }

  /// The middle value, or the mean of the two middle ones; NaN of nothing.
  public var median: Double {
    guard !isEmpty else { return .nan }
    let ordered = sorted()
    return (ordered[(count - 1) / 2] + ordered[count / 2]) / 2
  }
}
