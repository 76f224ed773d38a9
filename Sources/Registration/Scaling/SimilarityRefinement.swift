import Geometry
import Parallelism
import PointClouds
import Solvers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A point-to-plane ICP over rigid motions and scale: the last digits of a scale whose clouds nearly coincide.
///
/// Points of either cloud are paired with the nearest of the other: one direction alone draws the moved cloud inwards. The
/// residual of a moved point x with turned normal a and a target point q with normal m is `(x - q)·(a + m)/|a + m|` (the symmetric
/// objective of Rusinkiewicz, TOG 2019), with a Geman-McClure kernel that narrows to three deviations of the residuals. The
/// scale acts about the moved centre x̄, so its Jacobian is the normal component of `x - x̄`.
struct SimilarityRefinement: Sendable {
  /// Pairs are closer than this, metres.
  let gate: Double
  var motion = MotionModel.rigid
  var maximumIterations = 40
  /// Residual at which a pair counts a quarter at first, as a share of the gate.
  var kernelWidth = 0.25
  /// Below this share of full information the scale counts as open: the scatter of the normals of a flat wall.
  var openBelow = 0.003

  /// What a refinement ended with.
  struct Result: Sendable {
    /// The similarity that maps the source to the target.
    var transform: SimilarityTransform
    /// The information about the scale relative to a well-fixed one, in [0, 1]: the share of the squared relative distances
    /// of the centre from the surfaces that no rigid motion takes up.
    var observability: Double
    var pairs: Int
    var converged: Bool
  }

  /// Refines pose and scale of a source on a target.
  func callAsFunction(
    _ start: SimilarityTransform, _ source: PreparedCloud.Surface, on target: ReferenceSurface
  ) -> Result {
    let valid = source.normals.indices.filter { source.normals[$0].squaredLength > 0.5 }
    let (positions, normals) = (valid.map { source.positions[$0] }, valid.map { source.normals[$0] })
    let tree = KDTree(positions)
    let center = positions.mean
    var kernel = kernelWidth * gate
    let radius = positions.reduce(0.0) { max($0, (Point3($1) - center).squaredLength) }.squareRoot()
    var pose = start
    var result = Result(transform: start, observability: 0, pairs: 0, converged: false)
    for _ in 0..<maximumIterations {
      let pivot = pose(center)
      let sums = accumulate((positions, normals, tree), pose, pivot, target, kernel)
      result.pairs = sums.pairs
      if sums.weight > 0 { kernel = min(kernel, 3 * (sums.squared / sums.weight).squareRoot() + 1e-6 * gate) }
      let full = max(sums.lever, .leastNormalMagnitude)
      guard sums.pairs >= 12,
        let information = sums.system.scaleInformation(motion, damping: 1e-9),
        let step = sums.system.solution(motion, damping: 1e-9, leastScaleInformation: openBelow * full)
      else { break }
      result.observability = min(max(information / full, 0), 1)
      // One step changes no length by more than a tenth.
      let logScale = min(max(step.logScale, -0.1), 0.1)
      let turn = Rotation3(rotationVector: step.twist.rotation)
      pose = SimilarityTransform(
        scale: pose.scale * exp(logScale), rotation: turn * pose.rotation,
        translation: turn((pose.translation - pivot) * exp(logScale)) + pivot + step.twist.translation)
      let moved =
        (step.twist.rotation.length + abs(logScale)) * radius * pose.scale + step.twist.translation.length
      if moved < 1e-5 * gate {
        result.converged = true
        break
      }
    }
    result.transform = pose
    return result
  }

  private struct Sums: Sendable {
    var system = SimilaritySystem()
    var pairs = 0
    var weight = 0.0
    var squared = 0.0
    /// `Σ w |x - x̄|² / 3`: what the information about the scale would be if normals stood in all directions.
    var lever = 0.0

    mutating func add(_ x: Point3, _ a: Point3, _ q: Point3, _ m: Point3, pivot: Point3, kernel: Double) {
      guard a.dot(m) > 0.5 else { return }
      let n = (a + m).normalized
      let e = (x - q).dot(n)
      let root = 1 / (1 + e * e / (kernel * kernel))
      let w = root * root
      let arm = x - pivot
      pairs += 1
      weight += w
      squared += w * e * e
      lever += w * arm.squaredLength / 3
      system.add(Twist(rotation: arm.cross(n), translation: n), scale: arm.dot(n), residual: -e, weight: w)
    }

    static func + (a: Sums, b: Sums) -> Sums {
      Sums(
        system: a.system + b.system, pairs: a.pairs + b.pairs, weight: a.weight + b.weight,
        squared: a.squared + b.squared, lever: a.lever + b.lever)
    }
  }

  /// The sums over the pairs of both directions; the second search takes place in the source's lengths.
  private func accumulate(
    _ source: (positions: [SIMD3<Float>], normals: [SIMD3<Float>], tree: KDTree), _ pose: SimilarityTransform,
    _ pivot: Point3, _ target: ReferenceSurface, _ kernel: Double
  ) -> Sums {
    let rotation = pose.rotation.matrix
    let inverse = pose.inverse
    let n = source.positions.count
    return Parallel.reduce(
      n + target.positions.count, chunks: 128, Sums(),
      { range in
        var sums = Sums()
        for k in range {
          var (i, j) = (k, k - n)
          if k < n {
            let x = SIMD3<Float>(pose(Point3(source.positions[i])))
            guard let partner = target.tree.nearest(to: x, within: Float(gate)) else { continue }
            j = Int(partner.index)
          } else {
            let x = SIMD3<Float>(inverse(Point3(target.positions[j])))
            guard let partner = source.tree.nearest(to: x, within: Float(gate * inverse.scale)) else { continue }
            i = Int(partner.index)
          }
          sums.add(
            pose(Point3(source.positions[i])), rotation * Point3(source.normals[i]), Point3(target.positions[j]),
            Point3(target.normals[j]), pivot: pivot, kernel: kernel)
        }
        return sums
      }, +)
  }
}
