import Geometry
import PointClouds

/// The modified Chamfer distance of RPMNet: how well an estimate lays both clouds on the whole, clean model.
///
///     mean over source p of min |T p - r|²  +  mean over target q of min |q - (T T_gt⁻¹) r|²
///
/// over the points r of the model in the target's frame, in square metres (Yew and Lee, CVPR 2020, with squared distances
/// as its code has them). The nearest point is searched in single precision and its distance taken in double precision.
public struct ModifiedChamferDistance: Sendable {
  private let model: [Point3]
  private let tree: KDTree

  /// Prepares the model: the whole object, in the target's frame.
  public init(model: [Point3]) {
    self.model = model
    tree = KDTree(model.map { SIMD3<Float>($0) })
  }

  /// The distance of an estimate; nil when a cloud has no point or a number is not finite.
  public func callAsFunction(
    source: [Point3], target: [Point3], estimate: RigidTransform, truth: RigidTransform
  ) -> Double? {
    // The model moved by T T_gt⁻¹ is as far from q as the model is from q moved back.
    let back = truth * estimate.inverse
    guard let a = mean(source, moved: estimate), let b = mean(target, moved: back), (a + b).isFinite else { return nil }
    return a + b
  }

  /// The distance of an estimate for a pair that was drawn from a model; nil for other pairs, and where the model cannot be
  /// read any more.
  static func of(_ estimate: RigidTransform, _ item: PairItem) -> Double? {
    guard let source = item.source.part, let target = item.target.part, let truth = item.truth else { return nil }
    let pairs = ModelNetPairs()
    guard let model = try? pairs.model(item.source.path, row: source.row),
      let moved = try? pairs(item.source.path, source), let fixed = try? pairs(item.target.path, target)
    else { return nil }
    func points(_ positions: [SIMD3<Float>]) -> [Point3] { positions.map { Point3($0) } }
    return ModifiedChamferDistance(model: points(model))(
      source: points(moved.positions), target: points(fixed.positions), estimate: estimate, truth: truth)
  }

  private func mean(_ points: [Point3], moved motion: RigidTransform) -> Double? {
    var squares: [Double] = []
    for p in points {
      let moved = motion(p)
      guard let nearest = tree.nearest(to: SIMD3<Float>(moved)) else { return nil }
      squares.append((model[Int(nearest.index)] - moved).squaredLength)
    }
    return squares.mean
  }
}
