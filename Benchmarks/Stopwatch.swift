/// Wall-clock timing of repeated work.
enum Stopwatch {
  /// The seconds of the fastest of several runs. The value keeps the work from being optimised away.
  static func best<T>(of runs: Int, _ work: () -> T) -> Double {
    var best = Double.infinity
    for _ in 0..<runs {
      let clock = ContinuousClock()
      let elapsed = clock.measure { withExtendedLifetime(work()) {} }
      let parts = elapsed.components
      best = min(best, Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
    }
    return best
  }
}

/// One line of a table: numbers with four digits, columns of equal width.
func row(_ cells: Any...) -> String {
  cells.map { cell in
    var text = "\(cell)"
    if let value = cell as? Double {
      let digits = value >= 100 ? 1.0 : value >= 10 ? 10.0 : value >= 1 ? 100.0 : 1000.0
      text = "\((value * digits).rounded() / digits)"
    }
    return String(repeating: " ", count: max(1, 11 - text.count)) + text
  }.joined()
}
