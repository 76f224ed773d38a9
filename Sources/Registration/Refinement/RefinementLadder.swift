import Geometry
import PointClouds
import Solvers

/// From coarse to fine: plane-to-plane ICP at v with a wide gate, at v/2 with a narrow one, then on the smooth surface that
/// the points at v/2 imply.
///
/// A level is kept only when it does not raise the robust cost at the narrow gate: refinement must not walk off a right
/// answer.
struct RefinementLadder: Sendable {
  /// Edge of the working voxel, metres.
  let voxel: Double
  /// Largest distance of a pair, metres; 3 voxels, then 1.5 when nil.
  let gate: Double?
  /// The motions that are allowed.
  var motion = MotionModel.rigid

  /// The refined pose and what it rests on at the finest level.
  func callAsFunction(_ pair: PreparedPair, from start: RigidTransform) -> RefinementResult {
    var coarse = GeneralizedICP(gate: gate ?? 3 * voxel, tolerance: 1e-3 * voxel)
    var fine = GeneralizedICP(gate: min(gate ?? .infinity, 1.5 * voxel), tolerance: 1e-2 * voxel)
    var smooth = SurfaceAlignment(gate: fine.gate, tolerance: 1e-7 * voxel)
    (coarse.motion, fine.motion, smooth.motion) = (motion, motion, motion)
    let coarseTarget = ReferenceSurface(pair.target.coarse)
    let first = coarse(pair.source.coarse, on: coarseTarget, from: start)
    let narrow = GeneralizedICP(gate: fine.gate, maximumIterations: 1, tolerance: 0)
    let before = narrow(pair.source.coarse, on: coarseTarget, from: start).cost
    let after = narrow(pair.source.coarse, on: coarseTarget, from: first.transform).cost
    let kept = after <= before ? first.transform : start
    let second = fine(pair.source.fine, on: ReferenceSurface(pair.target.fine), from: kept)
    return smooth(pair.source.fine, on: pair.target.fine, from: second.transform)
  }
}
