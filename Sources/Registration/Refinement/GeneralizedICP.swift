import Geometry
import Parallelism
import PointClouds
import Solvers

/// A surface that others are aligned to: points with unit normals and a search tree.
struct ReferenceSurface: Sendable {
  let positions: [SIMD3<Float>]
  let normals: [SIMD3<Float>]
  let tree: KDTree

  /// Keeps the points that have a normal.
  init(_ surface: PreparedCloud.Surface) {
    let valid = surface.normals.indices.filter { surface.normals[$0].squaredLength > 0.5 }
    positions = valid.map { surface.positions[$0] }
    normals = valid.map { surface.normals[$0] }
    tree = KDTree(positions)
  }
}

/// What a refinement ended with.
struct RefinementResult: Sendable {
  var transform: RigidTransform
  /// The last step was below the tolerance, and there were enough inliers to fix a pose.
  var converged: Bool
  var iterations: Int
  /// Source points with a partner within the gate.
  var inliers: Int
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
struct GeneralizedICP: Sendable {
  /// Pairs are closer than this, metres.
  var gate: Double
  var maximumIterations = 30
  /// Stop when a step moves no point by more than this, metres.
  var tolerance: Double
  /// Thickness of the discs relative to their radius, squared.
  var epsilon = 1e-3
  /// Residual at which a pair counts half, as a share of the gate.
  var kernelWidth = 0.4

  func callAsFunction(_ source: PreparedCloud.Surface, on target: ReferenceSurface, from start: RigidTransform)
    -> RefinementResult
  {
    let valid = source.normals.indices.filter { source.normals[$0].squaredLength > 0.5 }
    let positions = valid.map { source.positions[$0] }
    let normals = valid.map { source.normals[$0] }
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
      if step.rotation.length * radius + step.translation.length < tolerance {
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
