/// A paper's experiments as rows with a value, an expectation and a verdict. The command and the tests run the same rows.
public protocol Study: Sendable {
  /// What `plumb study` calls it.
  static var name: String { get }
  /// Title, venue and number of the paper.
  static var paper: String { get }
  /// Runs the rows.
  /// - Parameters:
  ///   - seed: of everything random.
  ///   - quick: fewer steps and cases, which the rows say.
  static func run(seed: UInt64, quick: Bool) -> StudyReport
}

/// All studies, in the order in which they are run.
public enum StudyCatalog {
  /// The studies.
  public static let all: [any Study.Type] = [
    InversionStudy.self, VariationalStudy.self, InContextStudy.self, NoiseStudy.self, BilevelStudy.self,
    ReversalStudy.self, AttentionStudy.self,
  ]

  /// The study of a name.
  public static func study(_ name: String) -> (any Study.Type)? { all.first { $0.name == name } }
}
