/// The interval in which a share lies with 95 % confidence, given how often something happened in n trials.
///
/// With p = k/n and z = 1.96: `(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)` (Wilson, 1927). It stays within [0, 1]
/// and is not empty where all or none succeed.
public struct WilsonInterval: Sendable, Equatable {
  /// The lower end, from 0.
  public let lower: Double
  /// The upper end, to 1.
  public let upper: Double

  /// The interval for `successes` of `trials`; nil without trials.
  public init?(successes: Int, trials: Int) {
    guard trials > 0 else { return nil }
    precondition((0...trials).contains(successes), "\(successes) successes of \(trials)")
    let z = 1.959963984540054
    let n = Double(trials)
    let p = Double(successes) / n
    let center = p + z * z / (2 * n)
    let reach = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    // The ends are exact where none or all succeed; rounding would leave them off by a bit.
    lower = successes == 0 ? 0 : (center - reach) / scale
    upper = successes == trials ? 1 : (center + reach) / scale
  }
}
