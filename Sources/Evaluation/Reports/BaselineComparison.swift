/// The figures of a result beside those of another one for the same items.
public struct BaselineComparison: Sendable, Equatable {
  /// Whose figures stand in the second column, such as the name of its file.
  public var baseline: String
  /// What the intervals are, in words: `95 %, bootstrap over pairs`.
  public var interval: String
  /// The figures.
  public var rows: [Row]

  /// One figure of both results.
  public struct Row: Sendable, Equatable {
    /// What it is, with its unit: `registration recall, %`.
    public var name: String
    /// The figure of this result.
    public var value: Double
    /// The figure of the baseline.
    public var baseline: Double
    /// The lower end of the confidence interval of `value - baseline`; nil where none was computed.
    public var lower: Double?
    /// Its upper end.
    public var upper: Double?
    /// Whether more is better (recall) or less (errors).
    public var moreIsBetter: Bool
    /// With how many decimals the figures are printed.
    public var decimals: Int

    /// A figure of both results.
    public init(
      name: String, value: Double, baseline: Double, lower: Double? = nil, upper: Double? = nil, moreIsBetter: Bool,
      decimals: Int
    ) {
      self.name = name
      self.value = value
      self.baseline = baseline
      self.lower = lower
      self.upper = upper
      self.moreIsBetter = moreIsBetter
      self.decimals = decimals
    }

    /// What the interval allows to say: it is better or worse only where the interval excludes zero.
    public var finding: Finding {
      guard let lower, let upper else { return .open }
      if lower > 0 { return moreIsBetter ? .better : .worse }
      if upper < 0 { return moreIsBetter ? .worse : .better }
      return .open
    }
  }

  /// How a figure compares with the baseline's.
  public enum Finding: String, Sendable {
    case better, worse
    /// The data do not decide.
    case open = "no clear difference"
  }

  /// A comparison.
  public init(baseline: String, interval: String, rows: [Row]) {
    self.baseline = baseline
    self.interval = interval
    self.rows = rows
  }
}
