import Geometry
import Solvers

/// A cheap point-to-plane ICP of one hypothesis on the nearest-point grid: enough to compare hypotheses at their best.
///
/// Residual `e = (x - q)·m` with target normal m, weight `(1 + (e / 0.4 g)²)⁻²` at gate g (Geman-McClure), pairs only where
/// the normals are within 60 degrees.
struct HypothesisRefinement: Sendable {
  /// Edge of the working voxel, metres.
  let voxel: Double
  /// Largest distance of a pair, in voxels, one entry per iteration.
  var gates: [Float] = [4, 4, 4, 4, 3, 3, 2, 2, 1.5, 1.5, 1.5, 1.5]
  /// Fewer pairs than this end the iteration.
  var minimumPairs = 20

  /// The refined pose; the given one where too few points find a partner.
  func callAsFunction(_ start: RigidTransform, source: CheckedCloud, target: CheckedCloud) -> RigidTransform {
    var pose = start
    for gate in gates {
      let (system, pairs) = normalEquations(pose, source, target, gate: gate * Float(voxel))
      guard pairs >= minimumPairs, let step = system.solution(damping: 1e-4) else { break }
      let center = pose.translation
      pose = RigidTransform(
        rotation: Rotation3(rotationVector: step.rotation) * pose.rotation, translation: center + step.translation)
    }
    return pose
  }

  /// The linearised problem for a rotation about the current translation.
  private func normalEquations(
    _ pose: RigidTransform, _ source: CheckedCloud, _ target: CheckedCloud, gate: Float
  ) -> (SymmetricSystem6, pairs: Int) {
    let fast = FastTransform(pose)
    let scale = 1 / (0.4 * gate * 0.4 * gate)
    var (system, pairs) = (SymmetricSystem6(), 0)
    for i in source.keypoints.indices {
      let x = fast(source.keypoints[i])
      let j = target.grid.index(near: x)
      if j < 0 { continue }
      let (d, m) = (x - target.surface.positions[j], target.surface.normals[j])
      if d.squaredLength > gate * gate || fast.turn(source.normals[i]).dot(m) < 0.5 { continue }
      let e = d.dot(m)
      let root = 1 / (1 + e * e * scale)
      let lever = (x - fast.translation).cross(m)
      system.add(
        Twist(rotation: Point3(lever), translation: Point3(m)), residual: -Double(e), weight: Double(root * root))
      pairs += 1
    }
    return (system, pairs)
  }
}
