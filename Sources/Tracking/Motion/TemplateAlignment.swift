import Geometry
import PointClouds
import Solvers

/// Robust ICP of an object's template onto the points of a scan in x, y, z and yaw, with a prior on the pose.
///
/// It minimises over T = (x, y, z, yaw)
///
///     E(T) = 1/2 κ/σ² Σ w ρ(e) + 1/2 (T - T̄)ᵀ A⁻¹ (T - T̄),   e = q - T(p)
///
/// by Gauss-Newton steps. Pairs (p, q) join every template point p with the nearest scan point, and every scan point q near
/// the box with the nearest template point: the first ignore clutter, the second explain what was measured. Along the
/// normal of the template a residual counts fully and along its surface only in part, because the rings of a scanner do
/// not stick to the surface. Weights `(r² / (r² + |e|²))²` belong to the kernel `ρ = r² |e|² / (r² + |e|²)` of Geman and
/// McClure; r shrinks from step to step, a trimming (Chetverikov et al., ICPR 2002) without a hard limit, down to what the
/// spacing of the points allows. κ keeps many dependent points from outweighing the prior. With the prior of
/// a Kalman filter the minimum is the iterated update of that filter (Bell, Cathey, 1993).
struct TemplateAlignment: Sendable {
  /// Standard deviation of a residual, σ, metres.
  var deviation = 0.1
  /// The number of independent points that a scan is worth at most: κ = min(1, this / pairs).
  var independentPoints = 100.0
  /// The weight of a residual along the surface, where there is a plane.
  var tangentWeight = 0.3
  /// The weight of pairs that start at a scan point.
  var scanWeight = 0.3
  /// How far outside the box scan points may lie that look for a partner, metres.
  var margin = 0.5
  /// The last radius of the kernel where points lie close together, metres.
  var finalRadius = 0.15
  /// The largest last radius, where points lie far apart, metres.
  var largestFinalRadius = 0.5
  /// What is left of the radius after a step.
  var shrinkage = 0.8
  /// The most steps.
  var maximumSteps = 25

  /// A pose with what speaks for it.
  struct Result: Sendable {
    var pose: PlanarPose
    /// The information matrix of the posterior: pairs and prior.
    var information: Matrix4
    /// E at the pose, in units of a squared standard deviation.
    var energy: Double
  }

  func callAsFunction(
    _ template: ObjectTemplate, onto scan: AlignedScan, from start: SIMD4<Double>, prior: PosePrior,
    firstRadius: Double
  ) -> Result {
    let last = max(finalRadius, min(largestFinalRadius, max(template.spacing, scan.spacing)))
    let pairs = Double(max(1, min(template.entries.count, scan.points.count)))
    let scale = min(1, independentPoints / pairs) / (deviation * deviation)
    var radius = max(firstRadius, last)
    var pose = PlanarPose(start)
    for _ in 0..<maximumSteps {
      let sums = sums(template, scan, pose, radius)
      let gradient = sums.gradient * scale - prior.information * (pose.values - prior.mean)
      guard let inverse = (sums.matrix * scale + prior.information).inverseOfPositiveDefinite else { break }
      let step = (inverse * gradient).clamped(lowerBound: [-0.5, -0.5, -0.2, -0.1], upperBound: [0.5, 0.5, 0.2, 0.1])
      pose.values += step
      let isSettled = abs(step.x) + abs(step.y) + abs(step.z) < 1e-3 && abs(step.w) < 3e-4
      if isSettled && radius <= last { break }
      radius = max(last, radius * (isSettled ? shrinkage * shrinkage : shrinkage))
    }
    let sums = sums(template, scan, pose, last)
    return Result(
      pose: pose, information: sums.matrix * scale + prior.information,
      energy: 0.5 * (sums.cost * scale + prior.squaredDistance(pose.values)))
  }

  private func sums(_ template: ObjectTemplate, _ scan: AlignedScan, _ pose: PlanarPose, _ radius: Double) -> PairSums {
    var sums = PairSums(pose: pose, squaredRadius: radius * radius, tangentWeight: tangentWeight)
    let reach = Float(2.5 * radius)
    for entry in template.entries {
      let p = pose(Point3(entry.position))
      if let near = scan.tree.nearest(to: SIMD3<Float>(p), within: reach) {
        sums.add(entry, Point3(scan.points[Int(near.index)]), share: 1)
      } else {
        sums.cost += Double(entry.weight) * sums.squaredRadius
      }
    }
    let limits = scan.halfExtents + Point3(repeating: margin)
    for point in scan.points {
      let q = Point3(point)
      let p = pose.inverse(q)
      guard abs(p.x) <= limits.x, abs(p.y) <= limits.y, abs(p.z) <= limits.z else { continue }
      if let near = template.tree.nearest(to: SIMD3<Float>(p), within: reach) {
        sums.add(template.entries[Int(near.index)], q, share: scanWeight)
      } else {
        sums.cost += scanWeight * sums.squaredRadius
      }
    }
    return sums
  }
}

/// The normal equations of one Gauss-Newton step over pairs, and their cost.
private struct PairSums {
  let pose: PlanarPose
  let squaredRadius: Double
  let tangentWeight: Double
  var matrix = Matrix4.zero
  var gradient = SIMD4<Double>.zero
  var cost = 0.0

  /// Adds a pair; the Jacobian of T(p) is (I | ẑ × R p).
  @inline(__always)
  mutating func add(_ entry: ObjectTemplate.Entry, _ q: Point3, share: Double) {
    let turned = pose.rotated(Point3(entry.position))
    let e = q - turned - Point3(pose.values.x, pose.values.y, pose.values.z)
    let squared = e.squaredLength
    let robust = squaredRadius / (squaredRadius + squared)
    let full = share * Double(entry.weight)
    cost += full * robust * squared
    let weight = full * robust * robust
    let isFlat = entry.normal != .zero
    let any = isFlat ? weight * tangentWeight : weight
    add([1, 0, 0, -turned.y], e.x, any)
    add([0, 1, 0, turned.x], e.y, any)
    add([0, 0, 1, 0], e.z, any)
    if isFlat {
      let n = pose.rotated(Point3(entry.normal))
      add([n.x, n.y, n.z, n.y * turned.x - n.x * turned.y], e.dot(n), weight - any)
    }
  }

  @inline(__always)
  private mutating func add(_ j: SIMD4<Double>, _ residual: Double, _ weight: Double) {
    let weighted = j * weight
    matrix += Matrix4(outer: j, weighted)
    gradient += weighted * residual
  }
}
