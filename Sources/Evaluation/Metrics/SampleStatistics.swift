extension Array where Element == Double {
  /// The sum in numpy's order: eight running sums over blocks of at most 128, halves above that.
  ///
  /// The rounding error grows with log n instead of n, and figures equal those of evaluators written with numpy to the
  /// last bit, so that a tie in the last printed digit falls the same way.
  package var pairwiseSum: Double { withUnsafeBufferPointer { Self.pairwiseSum($0[...]) } }

  /// The arithmetic mean; nil when there is nothing.
  package var mean: Double? { isEmpty ? nil : pairwiseSum / Double(count) }

  /// The middle value, or the mean of the middle two; nil when there is nothing. NaN counts as the largest.
  package var median: Double? {
    guard !isEmpty else { return nil }
    let ordered = ascending
    let middle = count / 2
    return count % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2
  }

  /// The smallest value that a share of all do not exceed (nearest rank); nil when there is nothing. NaN counts as the largest.
  package func quantile(_ share: Double) -> Double? {
    isEmpty ? nil : ascending[Swift.min(count, Swift.max(1, Int((share * Double(count)).rounded(.up)))) - 1]
  }

  /// The root of the mean square; nil when there is nothing.
  package var rootMeanSquare: Double? { map { $0 * $0 }.mean?.squareRoot() }

  /// The standard deviation of the values themselves, divided by n; nil when there is nothing.
  package var standardDeviation: Double? {
    mean.flatMap { mean in map { ($0 - mean) * ($0 - mean) }.mean?.squareRoot() }
  }

  /// The values in ascending order, NaN last.
  package var ascending: [Double] { sorted { $0 < $1 || ($1.isNaN && !$0.isNaN) } }

  private static func pairwiseSum(_ values: Slice<UnsafeBufferPointer<Double>>) -> Double {
    let (start, n) = (values.startIndex, values.count)
    if n < 8 { return values.reduce(0, +) }
    if n > 128 {
      let half = n / 2 - (n / 2) % 8
      return pairwiseSum(values[start..<start + half]) + pairwiseSum(values[(start + half)...])
    }
    var sums = SIMD8<Double>(repeating: 0)
    for k in 0..<8 { sums[k] = values[start + k] }
    let blocks = n - n % 8
    for i in stride(from: 8, to: blocks, by: 8) {
      for k in 0..<8 { sums[k] += values[start + i + k] }
    }
    var sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
    for i in blocks..<n { sum += values[start + i] }
    return sum
  }
}
