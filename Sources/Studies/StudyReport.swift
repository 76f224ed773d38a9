/// What a study measured.
public struct StudyReport: Sendable {
  /// The study's name and paper.
  public let name, paper: String
  /// What everything random was seeded with, and whether the quick version ran.
  public let seed: UInt64, isQuick: Bool
  /// The rows, in the order of the design note.
  public private(set) var rows: [StudyRow] = []
  /// The diagrams.
  public private(set) var figures: [StudyFigure] = []

  init(_ study: any Study.Type, seed: UInt64, quick: Bool) {
    (name, paper, self.seed, isQuick) = (study.name, study.paper, seed, quick)
  }

  /// How many rows failed.
  public var failures: Int { rows.count { $0.outcome == .fail } }

  mutating func add(_ id: String, _ check: String, _ value: Double, _ expectation: StudyRow.Expectation) {
    rows.append(StudyRow(id: id, check: check, value: value, expectation: expectation))
  }

  mutating func add(_ figure: StudyFigure) { figures.append(figure) }
}

/// One check of a study.
public struct StudyRow: Sendable {
  /// What the value should be.
  public enum Expectation: Sendable {
    /// At most a limit.
    case atMost(Double)
    /// At least a limit.
    case atLeast(Double)
    /// Within a range.
    case within(ClosedRange<Double>)
    /// Near a number, within an absolute tolerance.
    case near(Double, tolerance: Double)
    /// Anything: the value is of interest and the paper or theory fixes none.
    case printed
    /// Not run, for a reason.
    case skipped(String)
  }

  /// Whether the value is as expected.
  public enum Outcome: String, Sendable {
    /// As expected.
    case pass = "PASS"
    /// Not as expected, or no number.
    case fail = "FAIL"
    /// Nothing is expected.
    case printed = "-"
    /// Not run.
    case skipped = "SKIP"
  }

  /// The row of the design note, such as A1.ii.
  public let id: String
  /// What is measured, in words.
  public let check: String
  /// What came out; NaN where nothing ran.
  public let value: Double
  /// What should.
  public let expectation: Expectation

  /// A check with its value.
  public init(id: String, check: String, value: Double, expectation: Expectation) {
    (self.id, self.check, self.value, self.expectation) = (id, check, value, expectation)
  }

  /// The verdict.
  public var outcome: Outcome {
    switch expectation {
    case .atMost(let limit): value <= limit ? .pass : .fail
    case .atLeast(let limit): value >= limit ? .pass : .fail
    case .within(let range): range.contains(value) ? .pass : .fail
    case .near(let number, let tolerance): abs(value - number) <= tolerance ? .pass : .fail
    case .printed: .printed
    case .skipped: .skipped
    }
  }
}

/// A diagram of lines.
public struct StudyFigure: Sendable {
  /// One line.
  public struct Series: Sendable {
    /// Its name in the legend.
    public let name: String
    /// Its points, x ascending.
    public let points: [(x: Double, y: Double)]

    init(_ name: String, _ points: [(Double, Double)]) {
      self.name = name
      self.points = points.map { (x: $0.0, y: $0.1) }
    }

    /// Powers of ten of values over their indices, thinned to at most 400 points.
    init(_ name: String, logarithmsOf values: [Double]) {
      let step = max(1, values.count / 400)
      self.init(name, stride(from: 0, to: values.count, by: step).map { (Double($0), decimalLogarithm(values[$0])) })
    }
  }

  /// What it shows.
  public let title: String
  /// The axes.
  public let xLabel, yLabel: String
  /// The lines.
  public let series: [Series]
}
