#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Up to eight transport problems side by side, one in every lane, padded to a common shape by rows and columns without
/// mass. A padded entry adds an exact zero to the sums of its lane, so padding changes no bit.
final class TransportLanes {
  static let width = 8
  private typealias Lane = SIMD8<Float>
  private typealias WideLane = SIMD8<Double>

  private let problems: [TransportProblem]
  /// The total mass of each problem; inside, every problem has the mass 1.
  private let totals: [Double]
  private let rows, columns: Int
  // S with -∞ where nothing flows and K, [rows, columns].
  private let scores, kernel: UnsafeMutablePointer<Lane>
  // μ, a: [rows]; ν, b and the column sums: [columns].
  private let rowMass, rowFactor, columnMass, columnFactor, columnSums: UnsafeMutablePointer<Lane>
  // u: [rows], v: [columns].
  private let rowPotential, columnPotential: UnsafeMutablePointer<WideLane>

  init(_ problems: [TransportProblem]) {
    self.problems = problems
    rows = problems.reduce(0) { max($0, $1.rows) }
    columns = problems.reduce(0) { max($0, $1.columns) }
    totals = problems.map { $0.rowMarginals.reduce(0) { $0 + Double(TransportProblem.mass($1)) } }
    func lanes(_ count: Int, _ value: Float) -> UnsafeMutablePointer<Lane> {
      let lanes = UnsafeMutablePointer<Lane>.allocate(capacity: count)
      lanes.initialize(repeating: Lane(repeating: value), count: count)
      return lanes
    }
    (scores, kernel) = (lanes(rows * columns, -.infinity), lanes(rows * columns, 0))
    (rowMass, rowFactor) = (lanes(rows, 0), lanes(rows, 1))
    (columnMass, columnFactor, columnSums) = (lanes(columns, 0), lanes(columns, 1), lanes(columns, 0))
    rowPotential = .allocate(capacity: rows)
    columnPotential = .allocate(capacity: columns)
    rowPotential.initialize(repeating: .zero, count: rows)
    columnPotential.initialize(repeating: .zero, count: columns)
    for lane in problems.indices { fill(lane, problems[lane], total: totals[lane]) }
  }

  deinit {
    for lanes in [scores, kernel, rowMass, rowFactor, columnMass, columnFactor, columnSums] { lanes.deallocate() }
    rowPotential.deallocate()
    columnPotential.deallocate()
  }

  private func fill(_ lane: Int, _ problem: TransportProblem, total: Double) {
    guard total > 0 else { return }
    func mass(_ value: Float) -> Float {
      let share = Double(TransportProblem.mass(value)) / total
      return share < 1e-12 ? 0 : Float(min(share, 1e12))
    }
    for i in 0..<problem.rows { rowMass[i][lane] = mass(problem.rowMarginals[i]) }
    for j in 0..<problem.columns { columnMass[j][lane] = mass(problem.columnMarginals[j]) }
    for i in 0..<problem.rows where rowMass[i][lane] > 0 {
      for j in 0..<problem.columns where columnMass[j][lane] > 0 {
        let s = problem.scores[i * problem.columns + j]
        if s > -.infinity { scores[i * columns + j][lane] = min(max(s, -1e30), 1e30) }
      }
    }
  }

  /// The plans of the problems, in their order.
  func solve(iterations: Int, tolerance: Float) -> [TransportPlan] {
    for i in 0..<rows {
      let lse = logSumExp(scores + i * columns, stride: 1, count: columns, columnPotential)
      rowPotential[i] = difference(rowMass[i], lse)
    }
    for j in 0..<columns {
      let lse = logSumExp(scores + j, stride: columns, count: rows, rowPotential)
      columnPotential[j] = difference(columnMass[j], lse)
    }
    var active = SIMDMask<SIMD8<Int32>>(repeating: true)
    absorbFactors(where: active)
    var counts = SIMD8<Int32>(repeating: 1)
    for _ in 1..<max(1, iterations) {
      counts &+= SIMD8<Int32>.zero.replacing(with: 1, where: active)
      let (error, extreme) = iterate(where: active)
      active = active .& (error .> Lane(repeating: tolerance))
      if any(extreme) { absorbFactors(where: extreme) }
      if !any(active) { break }
    }
    return problems.indices.map { plan($0, iterations: Int(counts[$0])) }
  }

  /// One iteration of the lanes that are still active: how far the row sums were from μ before it, and which lanes have
  /// factors that must join the potentials.
  private func iterate(
    where active: SIMDMask<SIMD8<Int32>>
  ) -> (error: Lane, extreme: SIMDMask<SIMD8<Int32>>) {
    // Sums below this are those of rows where everything is forbidden.
    let (least, low, high) = (Lane(repeating: 1e-30), Lane(repeating: 1e-8), Lane(repeating: 1e8))
    var (error, extreme) = (Lane.zero, SIMDMask<SIMD8<Int32>>(repeating: false))
    let (b, sums) = (columnFactor, columnSums)
    for j in 0..<columns { sums[j] = .zero }
    for i in 0..<rows {
      let row = kernel + i * columns
      var (even, odd) = (Lane.zero, Lane.zero)
      var j = 0
      while j + 1 < columns {
        even += row[j] * b[j]
        odd += row[j + 1] * b[j + 1]
        j += 2
      }
      if j < columns { even += row[j] * b[j] }
      let sum = even + odd
      let difference = rowFactor[i] * sum - rowMass[i]
      error += difference.replacing(with: -difference, where: difference .< .zero)
      let a = rowFactor[i].replacing(with: rowMass[i] / sum, where: active .& (sum .> least))
      rowFactor[i] = a
      extreme = extreme .| (a .< low) .| (a .> high)
      for j in 0..<columns { sums[j] += row[j] * a }
    }
    for j in 0..<columns {
      b[j] = b[j].replacing(with: columnMass[j] / sums[j], where: active .& (sums[j] .> least))
      extreme = extreme .| (b[j] .< low) .| (b[j] .> high)
    }
    return (error, extreme)
  }

  /// `u += log a`, `v += log b`, `a = b = 1`, `K = exp(S + u + v)` in the given lanes.
  private func absorbFactors(where mask: SIMDMask<SIMD8<Int32>>) {
    func absorb(_ factors: UnsafeMutablePointer<Lane>, _ potentials: UnsafeMutablePointer<WideLane>, _ count: Int) {
      for k in 0..<count {
        for lane in 0..<Self.width where mask[lane] {
          potentials[k][lane] += log(Double(factors[k][lane]))
          factors[k][lane] = 1
        }
      }
    }
    absorb(rowFactor, rowPotential, rows)
    absorb(columnFactor, columnPotential, columns)
    for i in 0..<rows {
      for j in 0..<columns {
        let exponent = WideLane(scores[i * columns + j]) + rowPotential[i] + columnPotential[j]
        let value = LaneExponential.exp(Lane(exponent))
        kernel[i * columns + j] = kernel[i * columns + j].replacing(with: value, where: mask)
      }
    }
  }

  /// `log Σ exp(S + v)` along a row or a column; +∞ where all entries are forbidden.
  private func logSumExp(
    _ scores: UnsafeMutablePointer<Lane>, stride: Int, count: Int, _ potentials: UnsafeMutablePointer<WideLane>
  ) -> WideLane {
    var largest = WideLane(repeating: -1e300)
    for k in 0..<count {
      let x = WideLane(scores[k * stride]) + potentials[k]
      largest = largest.replacing(with: x, where: x .> largest)
    }
    var sum = Lane.zero
    for k in 0..<count {
      sum += LaneExponential.exp(Lane(WideLane(scores[k * stride]) + potentials[k] - largest))
    }
    var result = WideLane(repeating: .infinity)
    for lane in 0..<Self.width where sum[lane] > 0 { result[lane] = largest[lane] + log(Double(sum[lane])) }
    return result
  }

  /// `log μ - lse`; zero where nothing flows.
  private func difference(_ mass: Lane, _ lse: WideLane) -> WideLane {
    var result = WideLane.zero
    for lane in 0..<Self.width where mass[lane] > 0 && lse[lane] < .infinity {
      result[lane] = log(Double(mass[lane])) - lse[lane]
    }
    return result
  }

  private func plan(_ lane: Int, iterations: Int) -> TransportPlan {
    let (problem, total) = (problems[lane], totals[lane])
    var plan = [Float](repeating: 0, count: problem.rows * problem.columns)
    var (cost, error) = (0.0, 0.0)
    var columnSums = [Double](repeating: 0, count: problem.columns)
    for i in 0..<problem.rows {
      var rowSum = 0.0
      for j in 0..<problem.columns {
        let k = i * problem.columns + j
        let flow = Double(rowFactor[i][lane]) * Double(kernel[i * columns + j][lane]) * Double(columnFactor[j][lane])
        if flow == 0 { continue }
        plan[k] = Float(flow * total)
        cost -= flow * total * Double(scores[i * columns + j][lane])
        rowSum += flow
        columnSums[j] += flow
      }
      error += abs(rowSum * total - Double(TransportProblem.mass(problem.rowMarginals[i])))
    }
    for j in 0..<problem.columns {
      error += abs(columnSums[j] * total - Double(TransportProblem.mass(problem.columnMarginals[j])))
    }
    return TransportPlan(
      plan: plan, cost: Float(cost), marginalError: Float(total > 0 ? error / total : error), iterations: iterations)
  }
}
