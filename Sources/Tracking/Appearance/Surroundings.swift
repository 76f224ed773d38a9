import Geometry
import PointClouds

/// The part of a scan around a box, in the frame of the box, with the ground that was found there.
struct Surroundings: Sendable {
  /// All points around, the ground included.
  let points: [SIMD3<Float>]
  /// The ground; nil where it is not seen.
  let ground: LocalGround?
  private let half: Point3

  /// How far around the box ground is looked for, metres: the rings of a scanner lie far apart there.
  static let groundReach = 5.0
  /// Points below this height above the ground are taken for ground, metres; low objects keep their upper 70 %.
  static let clearance = 0.2

  /// Cuts the surroundings of a box out of a scan.
  /// - Parameters:
  ///   - reach: how far beyond the sides of the box points will be asked for, metres.
  ///   - heightAboveGround: where the middle of the box is above the ground, metres; half the height where not known.
  init(_ cloud: PointCloud, around frame: BoxFrame, size: Point3, reach: Double, heightAboveGround: Double?) {
    half = size / 2
    let margin = max(reach, Surroundings.groundReach)
    points = BoxCrop(
      halfExtents: SIMD2(half.x, half.y) + margin, heights: (-half.z - 0.8)...(1.05 * half.z + 0.5))(cloud, in: frame)
    ground = LocalGround(
      points, expected: -(heightAboveGround ?? half.z), window: heightAboveGround == nil ? 0.6 : 0.8)
  }

  /// The points above the ground in the box widened by `reach`, thinned to one per cell.
  func objectPoints(reach: Point3, cell: Double, limit: Int) -> [SIMD3<Float>] {
    let limits = half + reach
    let clearance = min(Surroundings.clearance, 0.3 * 2 * half.z)
    let near = points.filter { point in
      let p = Point3(point)
      let floor = ground?.height(p.x, p.y) ?? -half.z
      return abs(p.x) <= limits.x && abs(p.y) <= limits.y && p.z <= limits.z && p.z > floor + clearance
    }
    return PointCells.thinned(near, cell: cell, limit: limit)
  }
}
