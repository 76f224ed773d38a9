import Geometry

/// The rigid motion of correspondences many of which are wrong, by graduated non-convexity on truncated least squares:
/// minimises `Σ min(rᵢ², c²)` (GNC-TLS; Yang et al., RA-L 2020).
///
/// Weights and motion take turns. With `μ = 1 / (2 rmax²/c² - 1)` from the unweighted motion, growing by 1.4 each time, a
/// residual r gets the weight
///
///     1                          where r² ≤ μ/(μ + 1) c²
///     0                          where r² ≥ (μ + 1)/μ c²
///     √(c² μ (μ + 1) / r²) - μ   between
///
/// and a weighted ``RigidAlignment`` follows, until all weights are 0 or 1. It bears about two wrong in three
/// correspondences; prune with ``CoreNumbers`` first where there may be more.
public struct RobustAlignment: Sendable {
  /// c, the largest residual of a right correspondence, metres.
  public var noiseBound: Double
  /// The growth of μ from one iteration to the next.
  public var growth = 1.4
  /// The most iterations.
  public var iterations = 100

  /// An alignment with its noise bound, metres, positive.
  public init(noiseBound: Double) { self.noiseBound = noiseBound }

  /// The motion with what it rests on.
  public struct Result: Sendable {
    /// The motion from source to target.
    public var transform: RigidTransform
    /// The weight of every correspondence, in [0, 1].
    public var weights: [Double]
    /// How many residuals are within the noise bound.
    public var inlierCount: Int
    /// How many times weights and motion were computed.
    public var iterations: Int
    /// Whether the weights settled: all are 0 or 1 up to 1e-6.
    public var converged: Bool
  }

  /// The motion of `source[i] ↦ target[i]`; nil when they leave it open: fewer than three, all on a line, not finite, or
  /// no three left with weight.
  public func callAsFunction(source: [Point3], target: [Point3]) -> Result? {
    precondition(source.count == target.count, "one target point for every source point")
    var weights = [Double](repeating: 1, count: source.count)
    guard noiseBound > 0, source.count >= 3, var pose = align(source, target, weights) else { return nil }
    let bound = noiseBound * noiseBound
    var residuals = squaredResiduals(pose, source, target)
    guard residuals.allSatisfy(\.isFinite), let largest = residuals.max() else { return nil }
    func result(_ iterations: Int, converged: Bool) -> Result {
      Result(
        transform: pose, weights: weights, inlierCount: residuals.count { $0 <= bound }, iterations: iterations,
        converged: converged)
    }
    // Every residual is far enough within the bound: the problem is convex already.
    guard 2 * largest > bound else { return result(0, converged: true) }
    var mu = 1 / (2 * largest / bound - 1)
    for iteration in 1...max(1, iterations) {
      for i in weights.indices { weights[i] = weight(residuals[i], mu: mu, bound: bound) }
      guard let better = align(source, target, weights) else { return nil }
      pose = better
      residuals = squaredResiduals(pose, source, target)
      if weights.allSatisfy({ min($0, 1 - $0) < 1e-6 }) { return result(iteration, converged: true) }
      mu *= growth
    }
    return result(max(1, iterations), converged: false)
  }

  private func weight(_ squared: Double, mu: Double, bound: Double) -> Double {
    if squared <= mu / (mu + 1) * bound { return 1 }
    if squared >= (mu + 1) / mu * bound { return 0 }
    return min(1, max(0, (bound * mu * (mu + 1) / squared).squareRoot() - mu))
  }

  private func align(_ source: [Point3], _ target: [Point3], _ weights: [Double]) -> RigidTransform? {
    guard weights.count(where: { $0 > 0 }) >= 3 else { return nil }
    var alignment = RigidAlignment()
    for i in weights.indices where weights[i] > 0 { alignment.add(source[i], target[i], weight: weights[i]) }
    return alignment.transform
  }

  private func squaredResiduals(_ pose: RigidTransform, _ source: [Point3], _ target: [Point3]) -> [Double] {
    source.indices.map { (pose(source[$0]) - target[$0]).squaredLength }
  }
}
