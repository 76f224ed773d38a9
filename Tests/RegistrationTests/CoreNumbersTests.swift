import Geometry
import Solvers
import Testing

@Suite struct CoreNumbersTests {
  /// Vertices are dropped one at a time until everyone left has k neighbours.
  private func core(_ graph: ConsensusGraph, _ k: Int) -> [Int] {
    var left = Set(0..<graph.count)
    while let poor = left.first(where: { v in left.count { $0 != v && graph.hasEdge(v, $0) } < k }) {
      left.remove(poor)
    }
    return left.sorted()
  }

  @Test(arguments: [0, 1, 2, 3, 40, 65, 130], [0.05, 0.4, 0.9])
  func theCoresEqualBruteForce(count: Int, share: Double) {
    let graph = PlantedMatches(count, share: share, seed: 5).graph()
    let numbers = CoreNumbers(graph)
    #expect(numbers.values.count == count)
    for k in 0...numbers.highest + 1 { #expect(numbers.core(k) == core(graph, k)) }
    #expect(numbers.core(numbers.highest + 1).isEmpty)
    for i in 0..<count {
      #expect(graph.neighbors(of: i) == (0..<count).filter { graph.hasEdge(i, $0) })
    }
  }

  @Test func theInnermostCoreHoldsTheRightOnes() {
    let matches = PlantedMatches(800, share: 0.1, seed: 6)
    let innermost = CoreNumbers(matches.graph()).innermost
    #expect(innermost.count >= 70 && innermost.count { matches.isRight[$0] } * 10 >= innermost.count * 9)
  }

  @Test func aGraphWithoutEdgesHasNoInnermostCore() {
    #expect(CoreNumbers(PlantedMatches(0, share: 0, seed: 7).graph()).innermost.isEmpty)
    #expect(CoreNumbers(PlantedMatches(1, share: 1, seed: 7).graph()).innermost.isEmpty)
  }
}
