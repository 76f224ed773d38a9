/// Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.
///
/// The step is the smallest of these that puts at most the wanted number of ticks into the range; every tick lies in
/// the range, and the labels show as many decimals as the step has.
package struct AxisTicks: Sendable {
  /// Where the ticks are, ascending.
  package let values: [Double]
  /// The numbers as they are written.
  package let labels: [String]

  /// The ticks of a range. A range that is empty or not finite has one tick, its lower end if that is finite.
  package init(from lower: Double, to upper: Double, atMost limit: Int = 6) {
    let span = upper - lower
    guard lower.isFinite, span.isFinite, span > 0, limit >= 2, span / Double(limit) > .leastNormalMagnitude * 100 else {
      values = lower.isFinite ? [lower] : []
      labels = values.map { $0.significant(3) }
      return
    }
    // The power of ten below the span over the limit, found by multiplying: logarithms round.
    var exponent = 0
    var power = 1.0
    while power * 10 <= span / Double(limit) { (power, exponent) = (power * 10, exponent + 1) }
    while power > span / Double(limit) { (power, exponent) = (power / 10, exponent - 1) }
    var chosen = (first: 0.0, last: 0.0, factor: 1.0)
    for factor in [1.0, 2, 5, 10] {
      let step = factor * power
      // A hair of tolerance: 0.3 is a multiple of 0.1.
      chosen = ((lower / step - 1e-9).rounded(.up), (upper / step + 1e-9).rounded(.down), factor)
      if chosen.last - chosen.first + 1 <= Double(limit) { break }
    }
    let (first, last, factor) = chosen
    guard abs(first) < 1e15, abs(last) < 1e15, last >= first else {
      values = [lower]
      labels = [lower.significant(3)]
      return
    }
    let decimals = max(0, -exponent - (factor >= 10 ? 1 : 0))
    var scale = 1.0
    for _ in 0..<abs(exponent) { scale *= 10 }
    let isPlain = decimals <= 6 && exponent < 6
    values = stride(from: first, through: last, by: 1).map { k in
      // Divided, not multiplied: 3 / 10 is the double that is written 0.3.
      exponent < 0 ? k * factor / scale : k * factor * scale
    }
    labels = values.map { isPlain ? $0.decimals(decimals) : $0.significant(3) }
  }

  /// The end of a scale that holds a value: the next of 1, 1.5, 2, 3, 5, 7.5 times a power of ten; 1 for values that
  /// have none.
  package static func end(holding value: Double) -> Double {
    guard value.isFinite, value > 1e-300, value < 1e300 else { return 1 }
    var (power, exponent) = (1.0, 0)
    while power * 10 <= value { (power, exponent) = (power * 10, exponent + 1) }
    while power > value { (power, exponent) = (power / 10, exponent - 1) }
    var scale = 1.0
    for _ in 0..<abs(exponent) { scale *= 10 }
    let ends = [1, 1.5, 2, 3, 5, 7.5, 10].map { exponent < 0 ? $0 / scale : $0 * scale }
    return ends.first { $0 >= value } ?? value
  }
}
