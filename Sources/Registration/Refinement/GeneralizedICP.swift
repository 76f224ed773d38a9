import Geometry
import Parallelism
import PointClouds
import Solvers

/// A surface that others are aligned to: points with unit normals and a search tree.
package struct ReferenceSurface: Sendable {
  package let positions: [SIMD3<Float>]
  package let normals: [SIMD3<Float>]
  package let tree: KDTree

  /// Keeps the points that have a normal. A tree of all positions that there is already is used again if all have one.
  package init(positions: [SIMD3<Float>], normals: [SIMD3<Float>], tree: KDTree? = nil) {
    let valid = normals.indices.filter { normals[$0].squaredLength > 0.5 }
    if valid.count == positions.count {
      (self.positions, self.normals) = (positions, normals)
      self.tree = tree ?? KDTree(positions)
    } else {
      self.positions = valid.map { positions[$0] }
      self.normals = valid.map { normals[$0] }
      self.tree = KDTree(self.positions)
    }
  }

  init(_ surface: PreparedCloud.Surface) { self.init(positions: surface.positions, normals: surface.normals) }
}

/// What a refinement ended with.
package struct RefinementResult: Sendable {
  package var transform: RigidTransform
  /// The last step was below the tolerance, and there were enough inliers to fix a pose.
  package var converged: Bool
  package var iterations: Int
  /// Source points with a partner within the gate.
  package var inliers: Int
  /// Root of the weighted mean squared plane-to-plane residual, metres.
  package var rmse: Double
  /// Mean robust cost per source point, each in [0, 1]; a point without partner costs 1.
  package var cost: Double

  /// What there is when nothing was refined.
  static let none = RefinementResult(
    transform: .identity, converged: false, iterations: 0, inliers: 0, rmse: 0, cost: 1)
}

/// Plane-to-plane ICP (generalised ICP, Segal, Haehnel, Thrun, RSS 2009) with a Geman-McClure kernel.
///
/// Each point carries the covariance `I - (1 - ε) n nᵀ` of a disc with normal n; for a pair with difference
/// `d = x - q`, the cost is `dᵀ (C_q + R C_p Rᵀ)⁻¹ d`. With unit normals a = R n and b = m the matrix is
/// `2I - (1 - ε)(a aᵀ + b bᵀ)`, whose inverse is closed (``PlaneToPlaneSums``). Steps perturb on the left about the source's centre (see `RigidTransform`).
package struct GeneralizedICP: Sendable {
  /// Pairs are closer than this, metres.
  var gate: Double
  var maximumIterations = 30
  /// When to stop.
  var stop: Stop
  /// Thickness of the discs relative to their radius, squared.
  var epsilon = 1e-3
  /// Residual at which a pair counts half, as a share of the gate.
  var kernelWidth = 0.4
  /// The motions that are allowed.
  var motion = MotionModel.rigid

  /// What ends the iteration.
  package enum Stop: Sendable {
    /// A step that moves no point by more than this, metres.
    case motion(metres: Double)
    /// A step that turns and shifts the cloud by less.
    case step(radians: Double, metres: Double)

    func isReached(by step: Twist, radius: Double) -> Bool {
      switch self {
      case .motion(let metres): step.rotation.length * radius + step.translation.length < metres
      case .step(let radians, let metres): step.rotation.length < radians && step.translation.length < metres
      }
    }
  }

  /// An alignment with the largest distance of pairs, metres, and the rule that ends it.
  package init(gate: Double, maximumIterations: Int = 30, stop: Stop) {
    self.gate = gate
    self.maximumIterations = maximumIterations
    self.stop = stop
  }

  /// An alignment that stops when a step moves no point by more than `tolerance` metres.
  init(gate: Double, maximumIterations: Int = 30, tolerance: Double) {
    self.init(gate: gate, maximumIterations: maximumIterations, stop: .motion(metres: tolerance))
  }

  func callAsFunction(_ source: PreparedCloud.Surface, on target: ReferenceSurface, from start: RigidTransform)
    -> RefinementResult
  {
    self(positions: source.positions, normals: source.normals, on: target, from: start)
  }

  /// Aligns points with unit normals (zero where invalid) to a surface.
  package func callAsFunction(
    positions: [SIMD3<Float>], normals: [SIMD3<Float>], on target: ReferenceSurface, from start: RigidTransform
  ) -> RefinementResult {
    let valid = normals.indices.filter { normals[$0].squaredLength > 0.5 }
    let positions = valid.map { positions[$0] }
    let normals = valid.map { normals[$0] }
    let center = positions.mean
    let radius = positions.reduce(0.0) { max($0, (Point3($1) - center).squaredLength) }.squareRoot()
    var pose = start
    var result = RefinementResult(transform: start, converged: false, iterations: 0, inliers: 0, rmse: 0, cost: 1)
    var memory = [PartnerSearch.Memory](repeating: PartnerSearch.Memory(), count: positions.count)
    // No point moves farther in the next step than in the last one, as a rule.
    var pace = Double.infinity
    for iteration in 1...maximumIterations {
      let pivot = pose(center)
      let sums = accumulate(positions, normals, pose, pivot, target, &memory, looksAhead: pace < 0.1 * gate)
      result.iterations = iteration
      result.inliers = sums.inliers
      result.rmse = sums.weight > 0 ? (sums.squared / sums.weight).squareRoot() : 0
      result.cost = (sums.cost + Double(positions.count - sums.inliers)) / Double(max(positions.count, 1))
      result.transform = pose
      guard sums.inliers >= 6, let step = motion.solution(of: sums.system, damping: 1e-9) else { break }
      pose = pose.perturbed(by: step, about: pivot)
      pace = step.rotation.length * radius + step.translation.length
      if stop.isReached(by: step, radius: radius) {
        result.transform = pose
        result.converged = true
        break
      }
    }
    return result
  }

  private func accumulate(
    _ positions: [SIMD3<Float>], _ normals: [SIMD3<Float>], _ pose: RigidTransform, _ pivot: Point3,
    _ target: ReferenceSurface, _ memory: inout [PartnerSearch.Memory], looksAhead: Bool
  ) -> PlaneToPlaneSums {
    let rotation = pose.rotation.matrix
    let radius = Float(gate)
    let kernel = 1 / (kernelWidth * gate * kernelWidth * gate)
    return memory.withUnsafeMutableBufferPointer { memory in
      let memory = UncheckedPointer(memory.baseAddress)
      return Parallel.reduce(
        positions.count, chunks: 64, PlaneToPlaneSums(),
        { range in
          var sums = PlaneToPlaneSums()
          target.positions.withUnsafeBufferPointer { targets in
            guard let targets = targets.baseAddress, let memory = memory.base else { return }
            let search = PartnerSearch(target.tree, positions: targets, radius: radius, looksAhead: looksAhead)
            for i in range {
              let x = rotation * Point3(positions[i]) + pose.translation
              let j = search.partner(of: SIMD3<Float>(x), &memory[i])
              if j < 0 { continue }
              let (a, b) = (rotation * Point3(normals[i]), Point3(target.normals[j]))
              // Facing surfaces do not correspond.
              if a.dot(b) < 0 { continue }
              sums.add(x - Point3(targets[j]), a, b, lever: x - pivot, kernel: kernel, epsilon: epsilon)
            }
          }
          return sums
        }, +)
    }
  }
}
