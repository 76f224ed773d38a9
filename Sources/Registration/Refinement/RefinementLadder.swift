import Geometry
import PointClouds
import Solvers

/// From coarse to fine: plane-to-plane ICP at v with a wide gate, at v/2 with a narrow one, then on the smooth surface that
/// the points at v/2 imply.
///
/// A level is kept only when it does not raise the robust cost at the narrow gate. Where the overlap leaves a direction nearly
/// free, surfaces slide at next to no cost: matches hold the pose then (``MatchAnchors``), and all of it is undone when it
/// loses the matches that the start explains. Refinement must not walk off a right answer.
package struct RefinementLadder: Sendable {
  /// Edge of the working voxel, metres.
  let voxel: Double
  /// Largest distance of a pair, metres; 3 voxels, then 1.5 when nil.
  let gate: Double?
  /// The motions that are allowed.
  var motion = MotionModel.rigid

  /// The share of the matches' support that a refinement may lose.
  var mayLose = 0.3
  /// Directions with less than this share of full information may have slid.
  var weakBelow = 0.02

  /// A refinement at a voxel, metres, with its gate and the motions that are allowed.
  package init(voxel: Double, gate: Double?, motion: MotionModel = .rigid) {
    (self.voxel, self.gate, self.motion) = (voxel, gate, motion)
  }

  /// The last step.
  var smooth: SurfaceAlignment {
    var smooth = SurfaceAlignment(gate: min(gate ?? .infinity, 1.5 * voxel), tolerance: 1e-5 * voxel)
    smooth.motion = motion
    return smooth
  }

  /// The refined pose and what it rests on at the finest level; not converged where the refinement was undone.
  /// - Parameter matches: what the start was found by; nil for a start that was given.
  package func callAsFunction(
    _ pair: PreparedPair, from start: RigidTransform, matches: MatchSet? = nil
  ) -> RefinementResult {
    var coarse = GeneralizedICP(gate: gate ?? 3 * voxel, tolerance: 1e-3 * voxel)
    var smooth = self.smooth
    var fine = GeneralizedICP(gate: smooth.gate, tolerance: 1e-2 * voxel)
    (coarse.motion, fine.motion) = (motion, motion)
    let coarseTarget = ReferenceSurface(pair.target.coarse)
    let first = coarse(pair.source.coarse, on: coarseTarget, from: start)
    let narrow = GeneralizedICP(gate: fine.gate, maximumIterations: 1, tolerance: 0)
    let before = narrow(pair.source.coarse, on: coarseTarget, from: start).cost
    let after = narrow(pair.source.coarse, on: coarseTarget, from: first.transform).cost
    let kept = after <= before ? first.transform : start
    let second = fine(pair.source.fine, on: ReferenceSurface(pair.target.fine), from: kept)
    var result = smooth(pair.source.fine, on: pair.target.fine, from: second.transform)
    guard let matches else { return result }
    if let anchors = anchors(pair, on: coarseTarget, result.transform, matches) {
      smooth.stride = 1
      result = smooth(pair.source.fine, on: pair.target.fine, from: second.transform)
      smooth.anchors = anchors
      let held = smooth(pair.source.fine, on: pair.target.fine, from: start)
      // Within a voxel the surfaces know better than keypoints.
      if anchors.displacement(from: result.transform, to: held.transform) > voxel { result = held }
    }
    let had = matches.support(of: start, within: 2 * voxel)
    if had.inliers >= 12, matches.support(of: result.transform, within: 2 * voxel).sum < (1 - mayLose) * had.sum {
      (smooth.maximumIterations, smooth.anchors) = (1, nil)
      result = smooth(pair.source.fine, on: pair.target.fine, from: start)
      (result.transform, result.converged) = (start, false)
    }
    return result
  }

  /// What holds a pose that the surfaces leave nearly open in some direction; nil where they fix all of them.
  private func anchors(
    _ pair: PreparedPair, on target: ReferenceSurface, _ pose: RigidTransform, _ matches: MatchSet
  ) -> MatchAnchors? {
    let overlap = OverlapMeasure(distance: 2 * voxel)(pair.source.coarse, on: target, pose)
    let weak = Observability()(points: overlap.points, normals: overlap.normals, motion: motion)
      .filter { $0.observability < weakBelow }
    return weak.isEmpty
      ? nil
      : MatchAnchors(
        source: matches.source, target: matches.target, directions: weak, overlap: overlap.points, reach: 2 * voxel)
  }
}
