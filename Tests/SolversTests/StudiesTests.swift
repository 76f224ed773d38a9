import Studies
import Testing

@Suite struct StudiesTests {
  /// The rows that the command prints, in their quick version.
  @Test(arguments: StudyCatalog.all.map { $0.name }) func everyRowOfTheQuickStudiesIsAsExpected(name: String) throws {
    let study = try #require(StudyCatalog.study(name))
    let report = study.run(seed: 1, quick: true)
    #expect(report.rows.count > 5 && !report.figures.isEmpty)
    for row in report.rows { #expect(row.outcome != .fail, "\(row.id) \(row.check): \(row.value)") }
  }

  @Test func aStudyRepeatsItsNumbers() {
    let values = (0..<2).map { _ in InversionRows.values }
    #expect(values[0] == values[1])
  }

  @Test func outcomesFollowTheirExpectations() {
    func outcome(_ value: Double, _ expectation: StudyRow.Expectation) -> StudyRow.Outcome {
      StudyRow(id: "", check: "", value: value, expectation: expectation).outcome
    }
    #expect(outcome(1, .atMost(1)) == .pass && outcome(1.1, .atMost(1)) == .fail)
    #expect(outcome(1, .atLeast(1)) == .pass && outcome(0.9, .atLeast(1)) == .fail)
    #expect(outcome(2, .within(1...2)) == .pass && outcome(3, .within(1...2)) == .fail)
    #expect(outcome(2, .near(1.5, tolerance: 0.5)) == .pass && outcome(2, .near(1, tolerance: 0.5)) == .fail)
    #expect(outcome(.nan, .printed) == .printed && outcome(.nan, .skipped("")) == .skipped)
    // What is no number passes nothing.
    #expect(
      [.atMost(1), .atLeast(1), .within(0...1), .near(0, tolerance: 1)].allSatisfy { outcome(.nan, $0) == .fail })
  }
}

/// The values of a study that is quick to run.
private enum InversionRows {
  static var values: [Double] {
    StudyCatalog.study("inversion").map { $0.run(seed: 3, quick: true).rows.map(\.value) } ?? []
  }
}
