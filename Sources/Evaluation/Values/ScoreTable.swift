/// A table of figures under one protocol: what is printed, written as CSV and shown in reports.
public struct ScoreTable: Sendable, Equatable {
  /// The protocol with its criterion, in words: `3DMatch, protocol A: RMSE <= 0.2 m, mean over scenes`.
  public var title: String
  /// The heads of the columns; the first names the row.
  public var columns: [String]
  /// The rows; each has as many cells as there are columns.
  public var rows: [Row]
  /// What has to be known to read the figures, such as pairs that were left out.
  public var notes: [String]

  /// One row.
  public struct Row: Sendable, Equatable {
    /// Whose figures these are: a scene, a class, `all`.
    public var name: String
    /// The other cells.
    public var cells: [Cell]
    /// Whether the row sums up the others.
    public var isSummary: Bool

    /// A row.
    public init(name: String, cells: [Cell], isSummary: Bool = false) {
      self.name = name
      self.cells = cells
      self.isSummary = isSummary
    }
  }

  /// One cell.
  public enum Cell: Sendable, Equatable {
    /// A number with the decimals that it is printed with; the value keeps all its digits in CSV and JSON.
    case number(Double, decimals: Int)
    /// A count.
    case count(Int)
    /// Words.
    case text(String)
    /// Nothing to tell: `-`.
    case none
  }

  /// A table.
  public init(title: String, columns: [String], rows: [Row], notes: [String] = []) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }
}

/// A curve for a report: recall against a threshold, or the share of right poses against the share that is believed.
public struct Curve: Sendable, Equatable {
  /// What it shows.
  public var title: String
  /// The horizontal axis with its unit.
  public var xLabel: String
  /// The vertical axis with its unit.
  public var yLabel: String
  /// One line per list or scene.
  public var lines: [Line]

  /// One line of a diagram.
  public struct Line: Sendable, Equatable {
    /// Its name in the legend.
    public var name: String
    /// Its points, x ascending.
    public var points: [(x: Double, y: Double)]

    /// A line.
    public init(name: String, points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }

    /// Equal names and points.
    public static func == (a: Line, b: Line) -> Bool {
      a.name == b.name && a.points.count == b.points.count && zip(a.points, b.points).allSatisfy { $0 == $1 }
    }
  }

  /// A diagram.
  public init(title: String, xLabel: String, yLabel: String, lines: [Line]) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.lines = lines
  }
}
