import Foundation
import Parallelism
import Solvers
import Testing

/// The iterations as written in the logarithmic domain, in double precision.
private func reference(_ problem: TransportProblem, iterations: Int) -> [Double] {
  let (m, n) = (problem.rows, problem.columns)
  let s = problem.scores.map { Double($0) }
  func lse(_ x: [Double]) -> Double {
    let largest = x.max() ?? -.infinity
    guard largest > -.infinity else { return 0 }
    return largest + log(x.reduce(0) { $0 + exp($1 - largest) })
  }
  var (u, v) = ([Double](repeating: 0, count: m), problem.columnMarginals.map { $0 > 0 ? 0 : -Double.infinity })
  for _ in 0..<iterations {
    for i in 0..<m {
      u[i] = log(Double(problem.rowMarginals[i])) - lse((0..<n).map { s[i * n + $0] + v[$0] })
    }
    for j in 0..<n {
      v[j] = log(Double(problem.columnMarginals[j])) - lse((0..<m).map { s[$0 * n + j] + u[$0] })
    }
  }
  return (0..<m * n).map { exp(s[$0] + u[$0 / n] + v[$0 % n]) }
}

private func problem(_ m: Int, _ n: Int, spread: Float = 3, seed: UInt64) -> TransportProblem {
  var numbers = FeatureNumbers(state: seed)
  func masses(_ count: Int) -> [Float] {
    let raw = (0..<count).map { _ in Float.random(in: 0.1...1, using: &numbers) }
    return raw.map { $0 / raw.reduce(0, +) }
  }
  let (mu, nu) = (masses(m), masses(n))
  let scores = (0..<m * n).map { _ in Float.random(in: -spread...spread, using: &numbers) }
  return TransportProblem(rows: m, columns: n, scores: scores, rowMarginals: mu, columnMarginals: nu)
}

private func solver(_ iterations: Int, tolerance: Float = -1) -> LogSinkhorn {
  var solver = LogSinkhorn()
  (solver.iterations, solver.tolerance) = (iterations, tolerance)
  return solver
}

private func worst(_ plan: [Float], _ expected: [Double]) -> Double {
  zip(plan, expected).reduce(plan.count == expected.count ? 0 : .infinity) { max($0, abs(Double($1.0) - $1.1)) }
}

@Suite(.serialized) struct LogSinkhornTests {
  @Test(arguments: [(1, 1), (1, 5), (5, 1), (2, 3), (16, 16), (17, 17), (9, 40), (65, 65)])
  func marginalsHold(m: Int, n: Int) {
    let problem = problem(m, n, seed: UInt64(100 * m + n))
    let result = solver(1000, tolerance: 1e-6)([problem])[0]
    for i in 0..<m {
      #expect(abs(result.plan[i * n..<(i + 1) * n].reduce(0, +) - problem.rowMarginals[i]) < 3e-6)
    }
    for j in 0..<n {
      #expect(abs((0..<m).reduce(0) { $0 + result.plan[$1 * n + j] } - problem.columnMarginals[j]) < 3e-6)
    }
    #expect(result.marginalError < 3e-6 && result.iterations < 1000)
    #expect(result.plan.allSatisfy { $0 >= 0 })
  }

  @Test(arguments: [1, 2, 7, 100], [Float(3), 80, 1e4])
  func everyIterateEqualsTheDoubleReference(iterations: Int, spread: Float) {
    let problems = (0..<11).map { problem(3 + $0, 13 - $0, spread: spread, seed: 40 + UInt64($0)) }
    let plans = solver(iterations)(problems)
    for (problem, result) in zip(problems, plans) {
      #expect(worst(result.plan, reference(problem, iterations: iterations)) < 2e-6)
      #expect(result.iterations == iterations)
      let cost = zip(result.plan, problem.scores).reduce(0.0) { $0 - Double($1.0) * Double($1.1) }
      #expect(abs(Double(result.cost) - cost) < 1e-5 * Double(max(1, spread)))
    }
  }

  @Test func theErrorIsThatOfThePlan() {
    let problem = problem(6, 8, spread: 80, seed: 3)
    let result = solver(3)([problem])[0]
    let rows = (0..<6).map { i in result.plan[8 * i..<8 * (i + 1)].reduce(0, +) }
    let columns = (0..<8).map { j in (0..<6).reduce(Float(0)) { $0 + result.plan[8 * $1 + j] } }
    let error =
      zip(rows, problem.rowMarginals).reduce(0) { $0 + abs($1.0 - $1.1) }
      + zip(columns, problem.columnMarginals).reduce(0) { $0 + abs($1.0 - $1.1) }
    #expect(error > 0.01 && abs(result.marginalError - error) < 1e-5)
    // More iterations bring the plan nearer to its marginals.
    #expect(solver(30)([problem])[0].marginalError < error)
  }

  @Test func itStopsAtTheTolerance() {
    let problem = problem(16, 16, seed: 4)
    let (loose, tight) = (solver(100, tolerance: 1e-2)([problem])[0], solver(100, tolerance: 1e-4)([problem])[0])
    #expect(loose.iterations < tight.iterations && tight.iterations < 100)
    #expect(loose.marginalError <= 1e-2 && tight.marginalError <= 1e-4)
  }

  @Test func equalScoresGiveTheProductOfTheMarginals() {
    var problem = problem(4, 7, seed: 5)
    problem.scores = [Float](repeating: 12, count: 28)
    let result = LogSinkhorn()([problem])[0]
    let product = problem.rowMarginals.flatMap { a in problem.columnMarginals.map { Double(a) * Double($0) } }
    #expect(worst(result.plan, product) < 1e-6 && abs(result.cost + 12) < 1e-4)
  }

  @Test(arguments: [Float(80), 1e4, 1e30]) func extremeScoresTakeTheDiagonal(scale: Float) {
    let scores = (0..<25).map { $0 % 6 == 0 ? scale : -scale }
    let result = LogSinkhorn()([TransportProblem(rows: 5, columns: 5, scores: scores)])[0]
    #expect(worst(result.plan, (0..<25).map { $0 % 6 == 0 ? 1 : 0 }) < 1e-5)
    #expect(result.marginalError < 1e-5)
  }

  @Test func masslessRowsAndColumnsStayEmpty() {
    var problem = problem(5, 6, seed: 6)
    problem.rowMarginals = [0.5, 0, 0.25, 0.25, 0]
    problem.columnMarginals = [0, 0.2, 0.3, 0, 0.4, 0.1]
    let result = solver(400)([problem])[0]
    for k in result.plan.indices where problem.rowMarginals[k / 6] == 0 || problem.columnMarginals[k % 6] == 0 {
      #expect(result.plan[k] == 0)
    }
    #expect(result.marginalError < 1e-5 && worst(result.plan, reference(problem, iterations: 400)) < 2e-6)
  }

  @Test func poorInputGivesFiniteNumbers() {
    let wild: [Float] = [.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0]
    var problems = wild.map { TransportProblem(rows: 2, columns: 3, scores: [Float](repeating: $0, count: 6)) }
    for (k, value) in wild.enumerated() {
      problems.append(problem(3, 2, seed: 7))
      problems[problems.count - 1].rowMarginals[0] = value
      problems.append(problem(3, 2, seed: 8))
      problems[problems.count - 1].scores[k] = value
    }
    problems.append(
      TransportProblem(
        rows: 2, columns: 2, scores: [1, 2, 3, 4], rowMarginals: [1e-38, 1e-30], columnMarginals: [1e30, 1e38]))
    for result in LogSinkhorn()(problems) {
      #expect(result.plan.allSatisfy { $0.isFinite && $0 >= 0 })
      #expect(!result.cost.isNaN && !result.marginalError.isNaN)
    }
    // Nothing may flow: the error is all the mass of both sides.
    let forbidden = LogSinkhorn()([problems[0]])[0]
    #expect(forbidden.plan.allSatisfy { $0 == 0 } && forbidden.marginalError == 2.5)
  }

  @Test func nothingToTransport() {
    #expect(LogSinkhorn()([]).isEmpty)
    let empty = LogSinkhorn()([
      TransportProblem(rows: 0, columns: 0, scores: []), TransportProblem(rows: 0, columns: 3, scores: []),
      problem(1, 1, seed: 9), TransportProblem(rows: 2, columns: 0, scores: []),
    ])
    #expect(empty.map { $0.plan.count } == [0, 0, 1, 0])
    #expect(abs(empty[2].plan[0] - 1) < 1e-6)
  }

  @Test func theTransposedProblemHasTheTransposedPlan() {
    let (m, n) = (7, 12)
    let a = problem(m, n, seed: 10)
    let b = TransportProblem(
      rows: n, columns: m, scores: (0..<m * n).map { a.scores[$0 % m * n + $0 / m] },
      rowMarginals: a.columnMarginals, columnMarginals: a.rowMarginals)
    let plans = solver(500, tolerance: 1e-7)([a, b])
    #expect(worst(plans[1].plan, (0..<m * n).map { Double(plans[0].plan[$0 % m * n + $0 / m]) }) < 1e-6)
  }

  @Test func aBatchEqualsSinglesOnAnyNumberOfThreads() {
    let problems = (0..<83).map { k in
      problem(1 + k * 7 % 19, 1 + k * 5 % 18, spread: [1, 10, 200][k % 3], seed: UInt64(k))
    }
    let singles = problems.map { LogSinkhorn()([$0])[0] }
    let before = Parallel.threads
    defer { Parallel.threads = before }
    for threads in [1, 2, 16] {
      Parallel.threads = threads
      for (a, b) in zip(LogSinkhorn()(problems), singles) {
        #expect(a.plan == b.plan && a.cost == b.cost && a.marginalError == b.marginalError)
        #expect(a.iterations == b.iterations)
      }
    }
  }
}

@Suite struct DustbinTests {
  @Test func overlapAwareMarginalsAreHalvedAndTheBinGetsHalf() {
    let problem = problem(3, 4, seed: 11).addingDustbin(score: -2)
    #expect(problem.rows == 4 && problem.columns == 5)
    #expect(abs(problem.rowMarginals[3] - 0.5) < 1e-6 && abs(problem.columnMarginals[4] - 0.5) < 1e-6)
    #expect(abs(problem.rowMarginals.reduce(0, +) - 1) < 1e-6 && abs(problem.columnMarginals.reduce(0, +) - 1) < 1e-6)
    #expect((0..<20).allSatisfy { ($0 / 5 == 3 || $0 % 5 == 4) == (problem.scores[$0] == -2) })
  }

  @Test func unitMassesShareTheSumOfBothCounts() {
    let problem = TransportProblem(rows: 3, columns: 5, scores: [Float](repeating: 0, count: 15))
      .addingDustbin(score: 1)
    #expect(problem.rowMarginals.map { ($0 * 8).rounded() } == [1, 1, 1, 5])
    #expect(problem.columnMarginals.map { ($0 * 8).rounded() } == [1, 1, 1, 1, 1, 3])
    #expect(LogSinkhorn()([problem])[0].marginalError < 1e-3)
  }

  @Test func whatScoresWorseThanTheBinGoesThere() {
    let scores: [Float] = [9, -9, -9, -9]
    let problem = TransportProblem(rows: 2, columns: 2, scores: scores).addingDustbin(score: 0)
    let plan = solver(100)([problem])[0].plan.map { $0 * 4 }
    #expect(plan[0] > 0.98 && plan[4] < 1e-3 && plan[5] > 0.98 && plan[7] > 0.98)
  }

  @Test func anEmptyProblemGetsOnlyTheBin() {
    let problem = TransportProblem(rows: 0, columns: 0, scores: []).addingDustbin(score: 0)
    #expect(problem.scores == [0] && problem.rowMarginals == [0])
    #expect(LogSinkhorn()([problem])[0].plan == [0])
  }
}
