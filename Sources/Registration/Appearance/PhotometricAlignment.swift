import Geometry
import Parallelism
import PointClouds
import Solvers

/// Aligns two surfaces by shape and brightness (colored ICP, Park, Zhou, Koltun, ICCV 2017): where the shape lets them slide,
/// the texture says where to.
///
/// A moved source point x with brightness c has the nearest target point q with normal m, brightness C and gradient d, and
/// two residuals,
///
///     g = (x - q)·m,     e = C + d·(x' - q) - c - b,     x' = x - g m,
///
/// b the median of the latter, for two exposures. Each kind counts in units of its own robust deviation
/// (1.4826 x median of the absolute residuals) under a Geman-McClure kernel, so neither a weight nor a unit of length has to be
/// chosen. The brightness is smoothed less and less, so that it draws from afar first. Steps perturb on the left about the
/// source's centre.
struct PhotometricAlignment: Sendable {
  /// Edge of the working voxel, metres.
  let voxel: Double
  var motion = MotionModel.rigid
  /// Radii of the smoothing in voxels, coarse to fine.
  var radii: [Double] = [6, 3, 1.5]
  /// Largest distance of a pair, voxels.
  var gate = 1.5
  var maximumIterations = 40
  /// The least correlation of the partners' brightness at which it counts as evidence.
  var leastCorrelation = 0.5

  /// What an alignment ended with.
  struct Result: Sendable {
    var transform: RigidTransform
    var converged = false
    /// The correlation of the brightness of partners, in [-1, 1].
    var correlation = 0.0
    /// Where the texture fixes the pose.
    var evidence = TextureEvidence()
  }

  /// The pose after the iteration.
  func callAsFunction(
    _ source: PreparedCloud.Surface, _ sourceBrightness: [Float], on target: PreparedCloud.Surface,
    _ targetBrightness: [Float], from start: RigidTransform
  ) -> Result {
    var result = Result(transform: start)
    for radius in radii {
      let r = Float(radius * voxel)
      let moved = TexturedSurface(source, brightness: sourceBrightness, radius: r)
      let fixed = TexturedSurface(target, brightness: targetBrightness, radius: r)
      guard moved.positions.count >= 6, fixed.positions.count >= 6 else { return result }
      let tree = KDTree(fixed.positions)
      align(&result, moved, fixed, tree)
    }
    return result
  }

  private func align(_ result: inout Result, _ source: TexturedSurface, _ target: TexturedSurface, _ tree: KDTree) {
    let center = source.positions.mean
    let radius = source.positions.reduce(0.0) { max($0, (Point3($1) - center).squaredLength) }.squareRoot()
    var pose = result.transform
    result.converged = false
    for _ in 0..<maximumIterations {
      let residuals = residuals(pose, source, target, tree)
      let scale = Deviations(residuals, least: 1e-3 * voxel)
      let pivot = pose(center)
      let system = Self.system(residuals, scale, pivot, target)
      result.transform = pose
      result.correlation = Self.correlation(residuals, source, target)
      result.evidence =
        result.correlation < leastCorrelation ? TextureEvidence() : Self.evidence(residuals, scale, target)
      guard residuals.count >= 12, let step = motion.solution(of: system, damping: 1e-6) else { return }
      // No step leaves the reach of the gradient.
      let moves = step.rotation.length * radius + step.translation.length
      let share = min(1, voxel / max(moves, .leastNormalMagnitude))
      pose = pose.perturbed(
        by: Twist(rotation: step.rotation * share, translation: step.translation * share), about: pivot)
      if moves < 1e-3 * voxel {
        result.transform = pose
        result.converged = true
        return
      }
    }
  }

  /// One source point with its partner.
  private struct Residual: Sendable {
    var source, target: Int32
    var point: Point3
    var shape: Double
    var look: Double
  }

  private func residuals(
    _ pose: RigidTransform, _ source: TexturedSurface, _ target: TexturedSurface, _ tree: KDTree
  ) -> [Residual] {
    let rotation = pose.rotation.matrix
    let reach = Float(gate * voxel)
    return Parallel.map(source.positions.count, grain: 256) { i -> Residual? in
      let x = pose(Point3(source.positions[i]))
      guard let partner = tree.nearest(to: SIMD3<Float>(x), within: reach) else { return nil }
      let j = Int(partner.index)
      let m = Point3(target.normals[j])
      guard (rotation * Point3(source.normals[i])).dot(m) > 0.5 else { return nil }
      let d = x - Point3(target.positions[j])
      let shape = d.dot(m)
      let look =
        Double(target.brightness[j]) + Point3(target.gradients[j]).dot(d - m * shape) - Double(source.brightness[i])
      return Residual(
        source: Int32(truncatingIfNeeded: i), target: partner.index, point: x, shape: shape, look: look)
    }.compactMap { $0 }
  }

  /// The robust deviations of both kinds of residuals, and the median of the second.
  private struct Deviations {
    let shape, look, bias: Double

    init(_ residuals: [Residual], least: Double) {
      func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
      let bias = median(residuals.map(\.look))
      self.bias = bias
      shape = max(1.4826 * median(residuals.map { abs($0.shape) }), least)
      look = max(1.4826 * median(residuals.map { abs($0.look - bias) }), 1e-4)
    }
  }

  /// The weight of a residual in units of its deviation: a quarter at two of them.
  private static func weight(_ e: Double) -> Double {
    let root = 1 / (1 + e * e / 4)
    return root * root
  }

  private static func system(
    _ residuals: [Residual], _ scale: Deviations, _ pivot: Point3, _ target: TexturedSurface
  ) -> SymmetricSystem6 {
    Parallel.reduce(
      residuals.count, chunks: 64, SymmetricSystem6(),
      { range in
        var system = SymmetricSystem6()
        for r in residuals[range] {
          let lever = r.point - pivot
          let m = Point3(target.normals[Int(r.target)]) / scale.shape
          let g = r.shape / scale.shape
          system.add(Twist(rotation: lever.cross(m), translation: m), residual: -g, weight: weight(g))
          let d = Point3(target.gradients[Int(r.target)]) / scale.look
          let e = (r.look - scale.bias) / scale.look
          system.add(Twist(rotation: lever.cross(d), translation: d), residual: -e, weight: weight(e))
        }
        return system
      }, +)
  }

  private static func evidence(
    _ residuals: [Residual], _ scale: Deviations, _ target: TexturedSurface
  ) -> TextureEvidence {
    var evidence = TextureEvidence()
    for r in residuals {
      let j = Int(r.target)
      let root = weight((r.look - scale.bias) / scale.look).squareRoot()
      evidence.points.append(Point3(target.positions[j]))
      evidence.gradients.append(Point3(target.gradients[j]) * (root * scale.shape / scale.look))
    }
    return evidence
  }

  private static func correlation(
    _ residuals: [Residual], _ source: TexturedSurface, _ target: TexturedSurface
  ) -> Double {
    let n = Double(max(residuals.count, 1))
    var (a, b, aa, bb, ab) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for r in residuals {
      let (x, y) = (Double(source.brightness[Int(r.source)]), Double(target.brightness[Int(r.target)]))
      a += x
      b += y
      aa += x * x
      bb += y * y
      ab += x * y
    }
    let spread = (aa - a * a / n) * (bb - b * b / n)
    return spread > 0 ? (ab - a * b / n) / spread.squareRoot() : 0
  }
}
