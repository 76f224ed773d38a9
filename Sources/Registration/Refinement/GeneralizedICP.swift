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
  var converged: Bool
  package var iterations: Int
  /// Source points with a partner within the gate.
  package var inliers: Int
  /// Root of the weighted mean squared plane-to-plane residual, metres.
  var rmse: Double
  /// Mean robust cost per source point, each in [0, 1]; a point without partner costs 1.
  var cost: Double
}

/// Plane-to-plane ICP (generalised ICP, Segal, Haehnel, Thrun, RSS 2009) with a Geman-McClure kernel.
///
/// Each point carries the covariance `I - (1 - ε) n nᵀ` of a disc with normal n; for a pair with difference
/// `d = x - q`, the cost is `dᵀ (C_q + R C_p Rᵀ)⁻¹ d`. With unit normals a = R n and b = m the matrix is
/// `2I - (1 - ε)(a aᵀ + b bᵀ)`, whose inverse is closed: its eigenvectors are a + b, a - b and a × b, so no
/// factorisation is needed. Steps perturb on the left about the source's centre (see `RigidTransform`).
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
    let center = positions.reduce(Point3.zero) { $0 + Point3($1) } / Double(max(positions.count, 1))
    let radius = positions.reduce(0.0) { max($0, (Point3($1) - center).length) }
    var pose = start
    var result = RefinementResult(transform: start, converged: false, iterations: 0, inliers: 0, rmse: 0, cost: 1)
    for iteration in 1...maximumIterations {
      let pivot = pose(center)
      let sums = accumulate(positions, normals, pose, pivot, target)
      result.iterations = iteration
      sums.write(to: &result, points: positions.count)
      result.transform = pose
      guard sums.inliers >= 6, let step = sums.system.solution(damping: 1e-9) else { break }
      // Rotation about the pivot, then translation.
      let turn = Rotation3(rotationVector: step.rotation)
      pose = RigidTransform(
        rotation: turn * pose.rotation,
        translation: turn(pose.translation - pivot) + pivot + step.translation)
      if stop.isReached(by: step, radius: radius) {
        result.transform = pose
        result.converged = true
        break
      }
    }
    return result
  }

  /// The sums of one linearisation.
  struct Sums: Sendable {
    var system = SymmetricSystem6()
    var inliers = 0
    var weight = 0.0
    var squared = 0.0
    var cost = 0.0

    static func + (a: Sums, b: Sums) -> Sums {
      Sums(
        system: a.system + b.system, inliers: a.inliers + b.inliers, weight: a.weight + b.weight,
        squared: a.squared + b.squared, cost: a.cost + b.cost)
    }

    func write(to result: inout RefinementResult, points: Int) {
      result.inliers = inliers
      result.rmse = weight > 0 ? (squared / weight).squareRoot() : 0
      result.cost = (cost + Double(points - inliers)) / Double(max(points, 1))
    }
  }

  private func accumulate(
    _ positions: [SIMD3<Float>], _ normals: [SIMD3<Float>], _ pose: RigidTransform, _ pivot: Point3,
    _ target: ReferenceSurface
  ) -> Sums {
    let rotation = pose.rotation.matrix
    let limit = Float(gate)
    let kernel = 1 / (kernelWidth * gate * kernelWidth * gate)
    return Parallel.reduce(
      positions.count, chunks: 64, Sums(),
      { range in
        var sums = Sums()
        for i in range {
          let x = rotation * Point3(positions[i]) + pose.translation
          guard let near = target.tree.nearest(to: SIMD3<Float>(x), within: limit) else { continue }
          let j = Int(near.index)
          let (a, b) = (rotation * Point3(normals[i]), Point3(target.normals[j]))
          // Facing surfaces do not correspond.
          if a.dot(b) < 0 { continue }
          let d = x - Point3(target.positions[j])
          add(d, a, b, lever: x - pivot, kernel, &sums)
        }
        return sums
      }, +)
  }

  /// Adds one pair as three independent residuals along the eigenvectors of its covariance.
  @inline(__always)
  private func add(_ d: Point3, _ a: Point3, _ b: Point3, lever: Point3, _ kernel: Double, _ sums: inout Sums) {
    let k = 1 - epsilon
    let cosine = min(max(a.dot(b), -1), 1)
    // 2I - k(aaᵀ + bbᵀ): eigenvalue 2 - k(1 ± cos) along a ± b, and 2 along a × b.
    let along = (a + b).normalized
    var across = a - b
    let difference = across.length
    if difference < 1e-6 {
      across = along.cross(abs(along.x) < 0.7 ? Point3(1, 0, 0) : Point3(0, 1, 0)).normalized
    } else {
      across /= difference
    }
    let third = along.cross(across)
    let values = Point3(2 - k * (1 + cosine), 2 - k * (1 - cosine), 2)
    // Mahalanobis distance in units of the thin direction of a perfectly parallel pair.
    let thin = 2 * epsilon
    let e = Point3(d.dot(along), d.dot(across), d.dot(third))
    let squared = thin * (e.x * e.x / values.x + e.y * e.y / values.y + e.z * e.z / values.z)
    let root = 1 / (1 + squared * kernel)
    let weight = root * root
    sums.inliers += 1
    sums.weight += weight
    sums.squared += weight * squared
    sums.cost += squared * kernel * root
    for (direction, residual, value) in [(along, e.x, values.x), (across, e.y, values.y), (third, e.z, values.z)] {
      sums.system.add(
        Twist(rotation: lever.cross(direction), translation: direction), residual: -residual,
        weight: weight * thin / value)
    }
  }
}
