import Geometry
import PointClouds
import Solvers

/// From coarse to fine: plane-to-plane ICP at v with a wide gate, at v/2 with a narrow one, then on the smooth surface that
/// the points at v/2 imply.
///
/// A level is kept only when it does not raise the robust cost at the narrow gate, and all of it is undone when it loses
/// the matches that the start explains: where the overlap leaves a direction free, surfaces slide at no cost, and
/// refinement must not walk off a right answer.
package struct RefinementLadder: Sendable {
  /// Edge of the working voxel, metres.
  let voxel: Double
  /// Largest distance of a pair, metres; 3 voxels, then 1.5 when nil.
  let gate: Double?
  /// The motions that are allowed.
  var motion = MotionModel.rigid

  /// The share of the matches' support that a refinement may lose.
  var mayLose = 0.3

  /// A refinement at a voxel, metres, with its gate and the motions that are allowed.
  package init(voxel: Double, gate: Double?, motion: MotionModel = .rigid) {
    (self.voxel, self.gate, self.motion) = (voxel, gate, motion)
  }

  /// The refined pose and what it rests on at the finest level; not converged where the refinement was undone.
  /// - Parameter matches: what the start was found by; nil for a start that was given.
  package func callAsFunction(
    _ pair: PreparedPair, from start: RigidTransform, matches: MatchSet? = nil
  ) -> RefinementResult {
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
    var result = smooth(pair.source.fine, on: pair.target.fine, from: second.transform)
    if let matches {
      let (had, has) = (
        matches.support(of: start, within: 2 * voxel), matches.support(of: result.transform, within: 2 * voxel)
      )
      if had.inliers >= 12, has.sum < (1 - mayLose) * had.sum {
        smooth.maximumIterations = 1
        result = smooth(pair.source.fine, on: pair.target.fine, from: start)
        (result.transform, result.converged) = (start, false)
      }
    }
    return result
  }
}
