import Geometry
import Parallelism
import Solvers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A point-to-plane ICP over rigid motions and scale: the last digits of a scale whose clouds nearly coincide.
///
/// The residual of a moved point x with turned normal a and its nearest target point q with normal m is `(x - q)·(a + m)/|a + m|`
/// (the symmetric objective of Rusinkiewicz, TOG 2019), with a Geman-McClure kernel. The scale acts about the moved
/// centre x̄, so its Jacobian is the normal component of `x - x̄`.
struct SimilarityRefinement: Sendable {
  /// Pairs are closer than this, metres.
  let gate: Double
  var motion = MotionModel.rigid
  var maximumIterations = 40
  /// Residual at which a pair counts a quarter, as a share of the gate.
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
    let center = positions.mean
    let radius = positions.reduce(0.0) { max($0, (Point3($1) - center).squaredLength) }.squareRoot()
    var pose = start
    var result = Result(transform: start, observability: 0, pairs: 0, converged: false)
    for _ in 0..<maximumIterations {
      let pivot = pose(center)
      let sums = accumulate(positions, normals, pose, pivot, target)
      result.pairs = sums.pairs
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
    /// `Σ w |x - x̄|² / 3`: what the information about the scale would be if normals stood in all directions.
    var lever = 0.0

    static func + (a: Sums, b: Sums) -> Sums {
      Sums(system: a.system + b.system, pairs: a.pairs + b.pairs, lever: a.lever + b.lever)
    }
  }

  private func accumulate(
    _ positions: [SIMD3<Float>], _ normals: [SIMD3<Float>], _ pose: SimilarityTransform, _ pivot: Point3,
    _ target: ReferenceSurface
  ) -> Sums {
    let rotation = pose.rotation.matrix
    let kernel = 1 / (kernelWidth * gate * kernelWidth * gate)
    return Parallel.reduce(
      positions.count, chunks: 64, Sums(),
      { range in
        var sums = Sums()
        for i in range {
          let x = pose(Point3(positions[i]))
          guard let partner = target.tree.nearest(to: SIMD3<Float>(x), within: Float(gate)) else { continue }
          let j = Int(partner.index)
          let (a, m) = (rotation * Point3(normals[i]), Point3(target.normals[j]))
          guard a.dot(m) > 0.5 else { continue }
          let n = (a + m).normalized
          let e = (x - Point3(target.positions[j])).dot(n)
          let root = 1 / (1 + e * e * kernel)
          let weight = root * root
          let lever = x - pivot
          sums.pairs += 1
          sums.lever += weight * lever.squaredLength / 3
          sums.system.add(
            Twist(rotation: lever.cross(n), translation: n), scale: lever.dot(n), residual: -e, weight: weight)
        }
        return sums
      }, +)
  }
}
