import Geometry
import Registration
import Solvers
import Testing

/// Scores and children of two nodes.
private struct Children {
  let (m, n): (Int, Int)
  let overlap, affinity: [Float]
  var rows: [Int32] { (0..<m).map { Int32(100 + $0) } }
  var columns: [Int32] { (0..<n).map { Int32(200 + $0) } }

  /// Random scores; `matched` puts strong ones on the diagonal.
  init(_ m: Int, _ n: Int, matched: Bool = false, seed: UInt64) {
    var numbers = FeatureNumbers(state: seed)
    (self.m, self.n) = (m, n)
    overlap = (0..<m * n).map { k in
      matched && k / n == k % n ? .random(in: 0.9...1, using: &numbers) : .random(in: 0.01...0.2, using: &numbers)
    }
    affinity = (0..<m * n).map { k in
      matched && k / n == k % n ? .random(in: 12...15, using: &numbers) : .random(in: -5...5, using: &numbers)
    }
  }

  private init(_ m: Int, _ n: Int, _ overlap: [Float], _ affinity: [Float]) {
    (self.m, self.n, self.overlap, self.affinity) = (m, n, overlap, affinity)
  }

  var swapped: Children {
    func turn(_ x: [Float]) -> [Float] { (0..<n).flatMap { j in (0..<m).map { x[$0 * n + j] } } }
    return Children(n, m, turn(overlap), turn(affinity))
  }

  /// Distance and next nodes; `order` lists the children of the source anew.
  func compared(_ settings: TransportTree.Settings = .init(), order: [Int]? = nil) -> (Float, [Correspondence]) {
    let node = NodeTransport(settings)
    let order = order ?? Array(0..<m)
    func rows(_ x: [Float]) -> [Float] { order.flatMap { x[$0 * n..<($0 + 1) * n] } }
    let problem = node.problem(
      order.map { self.rows[$0] }, columns, overlap: rows(overlap), affinity: rows(affinity))
    var solver = LogSinkhorn()
    (solver.iterations, solver.tolerance) = (1000, 1e-6)
    guard let plan = problem.transport.flatMap({ solver([$0]).first }) else { return (node.distance(nil), []) }
    return (node.distance(plan), node.nodes(plan, of: problem).map(\.pair))
  }
}

@Suite struct TopKFilterTests {
  @Test func theSumOfTheLargestSaysHowManyStay() {
    let filter = TopKFilter(candidates: 4)
    // 0.9 + 0.8 + 0.6 + 0.1 = 2.4: the two largest stay.
    let scores: [Float] = [0.9, 0.1, 0, 0.05, 0.8, 0.6]
    let kept = filter(scores, columns: 3)
    #expect(kept.rows == [0, 1] && kept.columns == [0, 1])
    #expect(filter([0.2, 0.3, 0.1, 0.05], columns: 2) == ([0], [1]))
  }

  @Test(arguments: [UInt64(1), 2, 3]) func itEqualsTheDefinition(seed: UInt64) {
    var numbers = FeatureNumbers(state: seed)
    let (m, n, q) = (16, 13, 16)
    let scores = (0..<m * n).map { _ in Float.random(in: 0...1, using: &numbers) }
    let kept = TopKFilter(candidates: q)(scores, columns: n)
    let sorted = scores.sorted(by: >)
    let k = max(Int(sorted.prefix(q).reduce(0, +)), 1)
    #expect(k <= q)
    let bar = sorted[k - 1]
    #expect(kept.rows == (0..<m).filter { i in (0..<n).contains { scores[i * n + $0] >= bar } })
    #expect(kept.columns == (0..<n).filter { j in (0..<m).contains { scores[$0 * n + j] >= bar } })
  }

  @Test func nothingStaysWhereNothingOverlaps() {
    #expect(TopKFilter()([], columns: 0) == ([], []))
    #expect(TopKFilter()([0, 0, 0, 0], columns: 2) == ([], []))
    #expect(TopKFilter()([.nan, .infinity, -1, 0], columns: 2) == ([], []))
  }
}

@Suite struct OverlapMarginalsTests {
  @Test func marginalsSumToOneAndFollowTheScores() throws {
    let children = Children(7, 5, seed: 1)
    let marginals = try #require(OverlapMarginals(children.overlap, columns: 5))
    #expect(abs(marginals.rows.reduce(0, +) - 1) < 1e-5 && abs(marginals.columns.reduce(0, +) - 1) < 1e-5)
    let sum = children.overlap.reduce(0, +)
    for i in 0..<7 { #expect(abs(marginals.rows[i] - children.overlap[i * 5..<i * 5 + 5].reduce(0, +) / sum) < 1e-6) }
    let swapped = try #require(OverlapMarginals(children.swapped.overlap, columns: 7))
    for (a, b) in zip(swapped.rows + swapped.columns, marginals.columns + marginals.rows) { #expect(abs(a - b) < 1e-6) }
    #expect(OverlapMarginals([0, 0], columns: 2) == nil && OverlapMarginals([], columns: 1) == nil)
  }

  @Test func theBinTakesHalf() throws {
    let problem = NodeTransport(.init()).problem(
      [1, 2], [3, 4], overlap: [0.9, 0.3, 0.3, 0.9], affinity: [9, 0, 0, 9])
    let transport = try #require(problem.transport)
    #expect(transport.rows == 3 && transport.columns == 3)
    for marginals in [transport.rowMarginals, transport.columnMarginals] {
      #expect(abs(marginals.reduce(0, +) - 1) < 1e-6 && abs(marginals[2] - 0.5) < 1e-6)
    }
    #expect(transport.scores[2] == transport.scores[8])
  }
}

@Suite struct NodeTransportTests {
  @Test func entriesAreAmongTheLargestOfRowAndColumn() {
    var numbers = FeatureNumbers(state: 4)
    let plan = (0..<8 * 6).map { _ in Float.random(in: 0...1, using: &numbers) }
    for k in 1...3 {
      let found = MutualEntries(count: k)(rows: 8, columns: 6) { plan[$0 * 6 + $1] }
      let places = Set(found.map { $0.row * 6 + $0.column })
      let expected = (0..<48).filter { place in
        let above = { (other: Int) in plan[other] > plan[place] }
        return (0..<6).map { place / 6 * 6 + $0 }.count(where: above) < k
          && (0..<8).map { $0 * 6 + place % 6 }.count(where: above) < k
      }
      #expect(places == Set(expected) && !places.isEmpty)
    }
    #expect(MutualEntries(count: 2, floor: 2)(rows: 8, columns: 6) { plan[$0 * 6 + $1] }.isEmpty)
  }

  @Test func thePlanHasItsMarginals() throws {
    let children = Children(16, 16, matched: true, seed: 5)
    let problem = NodeTransport(.init()).problem(
      children.rows, children.columns, overlap: children.overlap, affinity: children.affinity)
    let transport = try #require(problem.transport)
    var solver = LogSinkhorn()
    (solver.iterations, solver.tolerance) = (1000, 1e-6)
    let plan = solver([transport])[0]
    for i in 0..<transport.rows {
      let sum = plan.plan[i * transport.columns..<(i + 1) * transport.columns].reduce(0, +)
      #expect(abs(sum - transport.rowMarginals[i]) < 1e-4)
    }
    let cost = zip(plan.plan, transport.scores).reduce(0) { $0 - Double($1.0 * $1.1) }
    #expect(abs(cost - Double(NodeTransport(.init()).distance(plan))) < 1e-3)
  }

  @Test(arguments: TransportTree.Settings.Affinity.allCases, TransportTree.Settings.Distance.allCases)
  func alikePatchesAreNearerThanUnrelatedOnes(
    affinity: TransportTree.Settings.Affinity, distance: TransportTree.Settings.Distance
  ) {
    var settings = TransportTree.Settings()
    (settings.affinity, settings.distance) = (affinity, distance)
    let (alike, unrelated) = (Children(16, 16, matched: true, seed: 6), Children(16, 16, seed: 7))
    let (near, nodes) = alike.compared(settings)
    #expect(near < unrelated.compared(settings).0)
    #expect(nodes.prefix(14).allSatisfy { $0.source - 100 == $0.target - 200 })
  }

  @Test func theOrderOfTheChildrenChangesNothing() {
    var numbers = FeatureNumbers(state: 8)
    for seed in UInt64(9)...12 {
      let children = Children(16, 12, matched: true, seed: seed)
      let (distance, nodes) = children.compared()
      let (other, moved) = children.compared(order: (0..<16).shuffled(using: &numbers))
      #expect(abs(distance - other) < 1e-3 && Set(nodes) == Set(moved) && !nodes.isEmpty)
    }
  }

  @Test func sourceAndTargetMayBeSwapped() {
    for seed in UInt64(13)...16 {
      let children = Children(16, 12, matched: true, seed: seed)
      let (distance, nodes) = children.compared()
      let (other, turned) = children.swapped.compared()
      #expect(abs(distance - other) < 1e-2)
      let back = turned.map { Correspondence(source: $0.target - 100, target: $0.source + 100) }
      #expect(Set(nodes) == Set(back) && !nodes.isEmpty)
    }
  }

  @Test func withoutOverlapAllGoesToTheBin() {
    let node = NodeTransport(.init())
    let zeros = [Float](repeating: 0, count: 6)
    let problem = node.problem([1, 2], [3, 4, 5], overlap: zeros, affinity: zeros)
    #expect(problem.transport == nil && problem.rows.isEmpty)
    #expect(node.distance(nil) == -node.settings.affinity.dustbin)
    #expect(node.problem([], [], overlap: [], affinity: []).transport == nil)
    var plain = TransportTree.Settings()
    plain.distance = .plain
    #expect(NodeTransport(plain).problem([], [], overlap: [], affinity: []).transport == nil)
  }

  @Test func thePlainDistanceTakesAllChildrenAlike() throws {
    var settings = TransportTree.Settings()
    settings.distance = .plain
    let children = Children(5, 4, seed: 17)
    let problem = NodeTransport(settings).problem(
      children.rows, children.columns, overlap: children.overlap, affinity: children.affinity)
    let transport = try #require(problem.transport)
    #expect(transport.rows == 5 && transport.columns == 4 && transport.scores == children.affinity)
    #expect(transport.rowMarginals == [Float](repeating: 0.2, count: 5))
    #expect(transport.columnMarginals == [Float](repeating: 0.25, count: 4))
  }
}
