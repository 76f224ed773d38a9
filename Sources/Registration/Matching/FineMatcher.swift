import Geometry
import Parallelism
import Solvers

/// The fine correspondences inside one coarse match.
public struct PatchMatches: Sendable, Equatable {
  /// Pairs of keypoints, by descending weight, then by index.
  public var correspondences: [Correspondence]
  /// The share of a keypoint's mass that the plan gives to the pair, in (0, 1], shape [correspondences].
  public var weights: [Float]

  /// Matches with one weight each.
  public init(correspondences: [Correspondence] = [], weights: [Float] = []) {
    precondition(correspondences.count == weights.count, "one weight per correspondence")
    self.correspondences = correspondences
    self.weights = weights
  }
}

/// Matches keypoints inside pairs of patches by optimal transport, as GeoTransformer's fine stage does without a network.
///
/// For the keypoints i, j of two matched patches the score
///
///     Sᵢⱼ = g (d̄² - dᵢⱼ²) / σ
///
/// counts how far their squared descriptor distance lies below the mean d̄² of unrelated pairs, in units of their standard
/// deviation σ, times the contrast g. Every row and column may go to a dustbin at the score g b instead: what is not b
/// deviations better than the background is left alone. The plan of unit masses, times the sum that they were divided by,
/// gives the weights; entries among the k largest of their row and of their column and above the floor are matches.
///
/// Complexity: O(|A| |B| (dimension + iterations)) per pair of patches.
public struct FineMatcher: Sendable {
  /// Which keypoints are in a patch. With some six keypoints per superpoint the cells of a partition are too small: on
  /// low overlap they lose more than half of the right poses.
  public var grouping = SuperpointPatches.Grouping.nearest
  /// The most keypoints in a patch, the nearest to its superpoint.
  public var patchLimit = 32
  /// k: how many entries of a row, and of a column, may be matches.
  public var mutual = 3
  /// The smallest weight of a match.
  public var floor: Float = 0.05
  /// g: how much a standard deviation counts.
  public var contrast: Float = 5
  /// b: where the dustbin stands, in standard deviations better than the background.
  public var dustbin: Float = 1
  /// The solver of the plans.
  public var transport = LogSinkhorn()

  /// A matcher with its defaults.
  public init() {}

  /// The matches of every coarse match, in the same order; empty where nothing beats the dustbin.
  /// - Parameters:
  ///   - superpoints: for each cloud the indices of the keypoints that are superpoints.
  ///   - coarse: pairs of superpoints, by position in these lists.
  public func callAsFunction(
    source: Features, target: Features, superpoints: (source: [Int32], target: [Int32]), coarse: [Correspondence]
  ) -> [PatchMatches] {
    precondition(
      source.dimension == target.dimension, "descriptors of \(source.dimension) and \(target.dimension) values")
    let a = patches(source.keypoints, superpoints.source)
    let b = patches(target.keypoints, superpoints.target)
    let background = BackgroundDistance(source: source, target: target)
    let problems = Parallel.map(coarse.count, grain: 4) { k in
      problem(a[Int(coarse[k].source)], b[Int(coarse[k].target)], source, target, background)
    }
    let plans = transport(problems)
    return Parallel.map(coarse.count, grain: 16) { k in
      matches(plans[k], a[Int(coarse[k].source)], b[Int(coarse[k].target)])
    }
  }

  private func patches(_ keypoints: [SIMD3<Float>], _ superpoints: [Int32]) -> [[Int32]] {
    SuperpointPatches(keypoints, superpoints: superpoints, grouping: grouping, limit: patchLimit).patches
  }

  private func problem(
    _ a: [Int32], _ b: [Int32], _ source: Features, _ target: Features, _ background: BackgroundDistance
  ) -> TransportProblem {
    let scores = a.flatMap { i in
      b.map { j in
        contrast * background.affinity(source.squaredDistance(Int(i), to: Int(j), of: target))
      }
    }
    return TransportProblem(rows: a.count, columns: b.count, scores: scores)
      .addingDustbin(score: contrast * dustbin)
  }

  /// The mutual best entries of a plan whose last row and column are the dustbin.
  private func matches(_ plan: TransportPlan, _ a: [Int32], _ b: [Int32]) -> PatchMatches {
    let stride = b.count + 1
    let sum = Float(a.count + b.count)
    func weight(_ i: Int, _ j: Int) -> Float { min(1, plan.plan[i * stride + j] * sum) }
    let entries = MutualEntries(count: mutual, floor: floor)(rows: a.count, columns: b.count, weight)
    var found = entries.map { (pair: Correspondence(source: a[$0.row], target: b[$0.column]), weight: $0.weight) }
    found.sort { ($1.weight, $0.pair.source, $0.pair.target) < ($0.weight, $1.pair.source, $1.pair.target) }
    return PatchMatches(correspondences: found.map(\.pair), weights: found.map(\.weight))
  }
}
