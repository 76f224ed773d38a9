import Evaluation
import Testing

@Suite struct ValuesTests {
  @Test("fragments follow each other when their numbers differ by one")
  func consecutive() {
    func score(_ i: Int, _ j: Int) -> PairScore {
      PairScore(id: "\(i)-\(j)", list: "3DMatch", scene: "s", first: i, second: j, outcome: .missing)
    }
    #expect(score(3, 4).isConsecutive && !score(3, 5).isConsecutive && !score(4, 3).isConsecutive)
    #expect(score(3, 4).estimate == nil)
  }
}
