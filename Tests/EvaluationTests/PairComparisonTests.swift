import Evaluation
import Testing

/// Two results held against each other pair by pair.
@Suite struct PairComparisonTests {
  private func scores(_ right: [Bool?], list: String = "a") -> [PairScore] {
    right.enumerated().compactMap { k, isRight in
      guard let isRight else { return nil }
      var score = PairScore(
        id: "\(k)", list: list, scene: "", first: k, second: k + 5, outcome: .estimated(.init(pose: .identity)))
      (score.rotationErrorDegrees, score.translationError) = (isRight ? 1 : 90, 0.1)
      return score
    }
  }

  private let evaluation = PairEvaluation(protocol: .generic)

  @Test("pairs are counted by id; swapping the results turns everything round")
  func counts() throws {
    let (a, b) = (scores([true, true, false, false, true, nil]), scores([true, false, true, false, nil, true]))
    let comparison = PairComparison(a, with: b.reversed(), under: evaluation)
    #expect((comparison.pairs, comparison.right, comparison.otherRight) == (4, 2, 2))
    #expect((comparison.gained, comparison.lost) == (1, 1))
    let swapped = PairComparison(b, with: a, under: evaluation)
    #expect((swapped.gained, swapped.lost) == (comparison.lost, comparison.gained))
    let (one, other) = (try #require(comparison.interval), try #require(swapped.interval))
    #expect(abs(one.lower + other.upper) < 1e-15 && abs(one.upper + other.lower) < 1e-15)
    #expect(PairComparison([], with: b, under: evaluation).interval == nil)
  }

  @Test("the interval is that of Agresti and Min, worked out by hand")
  func interval() throws {
    // 10 gained, 4 lost of 100: (6 ± 1.95996 √(15 - 36/102)) / 102.
    let right = (0..<100).map { $0 < 60 }
    let other = (0..<100).map { k in k < 10 ? false : k < 60 ? true : k < 64 }
    let found = try #require(PairComparison(scores(right), with: scores(other), under: evaluation).interval)
    #expect(abs(found.lower - -0.01471) < 1e-4 && abs(found.upper - 0.13236) < 1e-4)
  }

  @Test("every list has its row, and protocols without a criterion have no table")
  func table() {
    let (a, b) = (scores([true, false]) + scores([nil, nil, true], list: "b"), scores([false, false]))
    let table = PairComparison.table(a, with: b, named: "old", under: evaluation)
    #expect(table?.rows.map(\.name) == ["a", "b"])
    #expect(table?.rows[0].cells[0] == .count(2) && table?.rows[1].cells[0] == .count(0))
    #expect(table?.rows.allSatisfy { $0.cells.count + 1 == table?.columns.count } == true)
    #expect(PairComparison.table(a, with: b, named: "old", under: PairEvaluation(protocol: .rpmnet)) == nil)
  }
}
