import Geometry
import Parallelism
import Solvers

/// The last touch of the refinement: aligns points to the smooth surface that the target's points imply.
///
/// Around a moved source point x with turned normal a, target points q with normals m within the gate g imply, by implicit
/// moving least squares (Kolluri, ACM TALG 2008; used for scan matching by Deschaud, ICRA 2018), the signed distance and
/// the normal
///
///     f(x) = Σ wⱼ σⱼ (x - qⱼ)·mⱼ / Σ wⱼ,     n(x) ∝ Σ wⱼ σⱼ mⱼ
///     wⱼ = (1 - |x - qⱼ|²/g²)² (a·mⱼ)²,        σⱼ = sign(a·mⱼ)
///
/// Smoothing cuts corners alike on both sides, so the residual is `f(x)` less the distance of the source point from the surface
/// that the source's own points imply: a cloud on itself has no residual at all.
///
/// Every weight fades to zero before its point leaves the sum, and the side of a normal does not matter. So, unlike the
/// nearest-neighbour assignments of ICP, the equations are continuous in the pose: the iteration ends in one pose, not in
/// one of many that depend on the start, and says honestly whether it converged. Steps perturb on the left about the
/// source's centre.
package struct SurfaceAlignment: Sendable {
  /// Points farther than this have no influence, metres.
  var gate: Double
  var maximumIterations = 40
  /// Stop when a step moves no point by more than this, metres; ten times as much still counts as converged.
  var tolerance: Double
  /// Distance at which a point counts a quarter, as a share of the gate (Geman-McClure).
  var kernelWidth = 0.4
  /// The motions that are allowed.
  var motion = MotionModel.rigid
  /// Every so many-th point finds the way, where there are thousands; 1: all of them from the start. A few points may slide
  /// elsewhere than all of them where a direction is nearly free.
  var stride = 4
  /// What holds the pose where the surfaces do not.
  package var anchors: MatchAnchors?

  /// An alignment with the reach of a point and the motion that ends the iteration, metres.
  package init(gate: Double, tolerance: Double) {
    self.gate = gate
    self.tolerance = tolerance
  }

  /// The pose after the iteration; the inliers are the source points that the surface reaches.
  ///
  /// Every fourth point (``stride``) finds the way to about a hundredth of the gate, all of them the end: where that lies does not depend
  /// on the way.
  package func callAsFunction(
    _ source: PreparedCloud.Surface, on target: PreparedCloud.Surface, from start: RigidTransform
  ) -> RefinementResult {
    let moved = MovedPoints(source, gate: gate)
    let surface = OrientedPoints(target.positions, normals: target.normals, cell: Float(gate) * 1.0001)
    var (pose, iterations) = (start, 0)
    if stride > 1, moved.count > 1000 * stride, maximumIterations > 1 {
      let way = iterate(moved, every: stride, on: surface, from: start, until: 0.01 * gate)
      // A few points may go astray where all of them would not.
      if way.converged { (pose, iterations) = (way.transform, way.iterations) }
    }
    var result = iterate(moved, every: 1, on: surface, from: pose, until: tolerance)
    result.iterations += iterations
    return result
  }

  private func iterate(
    _ moved: MovedPoints, every step: Int, on surface: OrientedPoints, from start: RigidTransform,
    until tolerance: Double
  ) -> RefinementResult {
    let (center, radius) = (moved.center, moved.radius)
    var pose = start
    var result = RefinementResult(transform: start, converged: false, iterations: 0, inliers: 0, rmse: 0, cost: 1)
    var pace = Pace()
    for iteration in 1...maximumIterations {
      let pivot = pose(center)
      var sums = accumulate(moved, every: step, pose, pivot, surface)
      if let anchors { sums.system = sums.system + anchors.system(pose, about: pivot) }
      result = RefinementResult(
        transform: pose, converged: false, iterations: iteration, inliers: sums.inliers,
        rmse: sums.weight > 0 ? (sums.squared / sums.weight).squareRoot() : 0,
        cost: 1 - sums.agreement / Double(max(moved.count, 1)))
      guard sums.inliers >= 6, let newton = self.motion.solution(of: sums.system, damping: 1e-9) else { return result }
      let motion = newton.rotation.length * radius + newton.translation.length
      result.converged = motion < 10 * tolerance
      pose = pose.perturbed(by: pace.lengthened(newton, radius: radius), about: pivot)
      if motion < tolerance {
        result.transform = pose
        return result
      }
    }
    return result
  }

  /// Aitken's acceleration: steps that shrink by a steady factor r are summed up as a geometric series, `1 / (1 - r)`.
  private struct Pace {
    private var last: Twist?
    private var wasLengthened = false

    mutating func lengthened(_ step: Twist, radius: Double) -> Twist {
      defer { last = step }
      guard let last, !wasLengthened else {
        wasLengthened = false
        return step
      }
      let scale = radius * radius
      let along = step.rotation.dot(last.rotation) * scale + step.translation.dot(last.translation)
      let ratio = along / max(last.rotation.squaredLength * scale + last.translation.squaredLength, 1e-300)
      guard ratio > 0.15, ratio < 0.85 else { return step }
      wasLengthened = true
      return Twist(rotation: step.rotation / (1 - ratio), translation: step.translation / (1 - ratio))
    }
  }

  private struct Sums: Sendable {
    var system = SymmetricSystem6()
    var inliers = 0
    var weight = 0.0
    var squared = 0.0
    var agreement = 0.0

    static func + (a: Sums, b: Sums) -> Sums {
      Sums(
        system: a.system + b.system, inliers: a.inliers + b.inliers, weight: a.weight + b.weight,
        squared: a.squared + b.squared, agreement: a.agreement + b.agreement)
    }
  }

  private func accumulate(
    _ moved: MovedPoints, every step: Int, _ pose: RigidTransform, _ pivot: Point3, _ surface: OrientedPoints
  ) -> Sums {
    let rotation = pose.rotation.matrix
    let kernel = 1 / (kernelWidth * gate * kernelWidth * gate)
    let radius = Float(gate)
    return Parallel.reduce(
      (moved.count + step - 1) / step, chunks: 64, Sums(),
      { range in
        var sums = Sums()
        for k in range {
          let i = k * step
          let x = rotation * Point3(moved.positions[i]) + pose.translation
          let a = rotation * Point3(moved.normals[i])
          guard let local = Self.implied(at: SIMD3<Float>(x), facing: SIMD3<Float>(a), radius, surface) else {
            continue
          }
          let residual = local.distance - moved.ownDistance(i)
          let root = 1 / (1 + residual * residual * kernel)
          let weight = local.confidence * root * root
          sums.inliers += 1
          sums.weight += weight
          sums.squared += weight * residual * residual
          sums.agreement += local.confidence * root
          sums.system.add(
            Twist(rotation: (x - pivot).cross(local.normal), translation: local.normal), residual: -residual,
            weight: weight)
        }
        return sums
      }, +)
  }

  /// The signed distance to the implied surface, its unit normal, and a confidence in [0, 1] that fades with the weight and
  /// with the scatter of the normals; nil where no target point has influence.
  @inline(__always)
  static func implied(
    at x: SIMD3<Float>, facing a: SIMD3<Float>, _ radius: Float, _ surface: OrientedPoints
  ) -> (distance: Double, normal: Point3, confidence: Double)? {
    typealias V = SIMD4<Float>
    let (grid, nx, ny, nz) = (surface.grid, surface.nx, surface.ny, surface.nz)
    let (qx, qy, qz) = (V(repeating: x.x), V(repeating: x.y), V(repeating: x.z))
    let inverse = V(repeating: 1 / (radius * radius))
    let lanes = SIMD4<Int32>(0, 1, 2, 3)
    var (w, f, mx, my, mz) = (V.zero, V.zero, V.zero, V.zero, V.zero)
    grid.forEachRun(near: x, radius: radius) { run in
      var j = run.lowerBound
      while j < run.upperBound {
        let (dx, dy, dz) = (qx - load4(grid.xs + j), qy - load4(grid.ys + j), qz - load4(grid.zs + j))
        let rest = SIMD4<Int32>(repeating: Int32(truncatingIfNeeded: run.upperBound - j))
        let share = 1 - (dx * dx + dy * dy + dz * dz) * inverse
        let inside = (share .> 0) .& (lanes .< rest)
        if any(inside) {
          let (ux, uy, uz) = (load4(nx + j), load4(ny + j), load4(nz + j))
          let cosine = ux * a.x + uy * a.y + uz * a.z
          let signed = (share * share * cosine).replacing(with: 0, where: .!inside)
          // Twice the cosine: once for the agreement, once for the agreement with its sign.
          let magnitude = cosine.replacing(with: -cosine, where: cosine .< 0)
          let weighted = signed * magnitude
          w += signed * cosine
          f += weighted * (dx * ux + dy * uy + dz * uz).replacing(with: 0, where: .!inside)
          mx += weighted * ux
          my += weighted * uy
          mz += weighted * uz
        }
        j += 4
      }
    }
    let total = w.sum()
    guard total > 1e-4 else { return nil }
    let normal = Point3(Double(mx.sum()), Double(my.sum()), Double(mz.sum())) / Double(total)
    let length = normal.length
    guard length > 0.1 else { return nil }
    let distance = Double(f.sum()) / (Double(total) * length)
    return (distance, normal / length, length * Double(total / (total + 0.5)))
  }
}
