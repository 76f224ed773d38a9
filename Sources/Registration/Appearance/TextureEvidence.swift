import Geometry
import Solvers

/// Where the brightness of two surfaces fixes their pose: target points with the gradient of the brightness, scaled so that it
/// counts as a unit normal does in the information of the pose. Empty where the brightness does not agree.
struct TextureEvidence: Sendable {
  var points: [Point3] = []
  var gradients: [Point3] = []

  /// In which directions surface and texture together fix the pose.
  func directions(
    _ points: [Point3], _ normals: [Point3], motion: MotionModel, by observability: Observability
  ) -> [ObservedDirection] {
    if self.points.isEmpty { return observability(points: points, normals: normals, motion: motion) }
    // The measure is a mean over its points: the factor leaves what the normals say alone as it is.
    let share = (Double(points.count + self.points.count) / Double(max(points.count, 1))).squareRoot()
    return observability(
      points: points + self.points, normals: (normals + gradients).map { $0 * share }, motion: motion)
  }
}

extension Registrar {
  /// A refined pose aligned by the texture as well, where the brightness of the surfaces agrees under it; the pose as it was
  /// otherwise.
  ///
  /// Shapes may have slid in the refinement, out of reach of the texture: the pose that it began with is tried as well.
  /// - Parameter start: what the refinement began with.
  func textured(
    _ pair: PreparedPair, _ refined: RefinementResult, from start: RigidTransform, _ appearance: PairAppearance
  ) -> (refined: RefinementResult, texture: TextureEvidence) {
    let alignment = PhotometricAlignment(voxel: pair.voxel, motion: settings.motion)
    let found = [start, refined.transform].map {
      alignment(pair.source.fine, appearance.source.fine, on: pair.target.fine, appearance.target.fine, from: $0)
    }
    let best = found[0].correlation > found[1].correlation ? found[0] : found[1]
    guard !best.evidence.points.isEmpty else { return (refined, TextureEvidence()) }
    var better = refined
    (better.transform, better.converged) = (best.transform, best.converged)
    return (better, best.evidence)
  }
}
