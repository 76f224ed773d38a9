import Parallelism

/// Optimal transport with entropy by Sinkhorn's iterations in the logarithmic domain, for many small problems at once.
///
/// One iteration is
///
///     u = log μ - lse(S + v),   v = log ν - lse(S + u),   T = exp(S + u + v)
///
/// (Cuturi 2013). Scores may be extreme: nothing overflows and nothing becomes NaN. The first iteration is computed as
/// written. Later ones work on the kernel `K = exp(S + u + v)` with factors a = μ / K b and b = ν / Kᵀ a, which join u
/// and v (and K is computed anew) when they grow beyond 1e8: the same iterates, without an exponential per entry
/// (Schmitzer 2019). Potentials and exponents are doubles, the kernel is single precision.
///
/// Eight problems fill the lanes of a vector. Each lane stops by itself, so a problem's bits depend neither on the other
/// problems nor on the number of threads.
///
/// Complexity: O(iterations x rows x columns) per problem.
public struct LogSinkhorn: Sendable {
  /// The most iterations, at least 1.
  public var iterations = 100
  /// An iteration that starts with row sums this near to μ (sum of differences over the total mass) is the last.
  public var tolerance: Float = 1e-3

  /// A solver with at most 100 iterations and a tolerance of 0.001.
  public init() {}

  /// The plans of the problems, in their order.
  ///
  /// A marginal below 1e-12 of the total counts as zero. Rows whose entries are all forbidden stay empty; the marginal
  /// error says so.
  public func callAsFunction(_ problems: [TransportProblem]) -> [TransportPlan] {
    // Lanes are padded to the largest of their eight shapes: equal shapes go together.
    let order = problems.indices.sorted {
      let (a, b) = (problems[$0], problems[$1])
      return (a.rows, a.columns, $0) < (b.rows, b.columns, $1)
    }
    let width = TransportLanes.width
    let groups = (order.count + width - 1) / width
    let solved = Parallel.map(groups, grain: 2) { g in
      let members = order[g * width..<min(order.count, (g + 1) * width)].map { problems[$0] }
      return TransportLanes(members).solve(iterations: iterations, tolerance: tolerance)
    }
    var plans = [TransportPlan](
      repeating: TransportPlan(plan: [], cost: 0, marginalError: 0, iterations: 0), count: problems.count)
    for (k, index) in order.enumerated() { plans[index] = solved[k / width][k % width] }
    return plans
  }
}
