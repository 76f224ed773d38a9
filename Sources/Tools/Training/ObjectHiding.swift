import Geometry
import LinearAlgebra
import Simulation

/// A way in which an object vanishes from its scans while what stands beside it stays.
enum ObjectHiding: Sendable {
  /// Its points alone are gone.
  case alone
  /// It lies in the shadow of something before it, wholly or in part: a sector about the line of sight, in units of half the
  /// object's diagonal.
  case shadow(ClosedRange<Double>)

  /// A way for one scan of a sample: none in three quarters of the cases.
  static func occasional(_ rng: inout SeededGenerator) -> ObjectHiding? {
    let (share, cut, isLeft) = (rng.uniform(), rng.uniform(-1, 1), rng.uniform() < 0.5)
    guard share < 0.25 else { return nil }
    if share < 0.06 { return .alone }
    return .shadow(share < 0.13 ? -1.5...1.5 : isLeft ? -1.5...cut : cut...1.5)
  }

  /// A way for several scans in a row.
  static func lasting(_ rng: inout SeededGenerator) -> ObjectHiding {
    let (share, cut) = (rng.uniform(), rng.uniform(-0.5, 1))
    if share < 0.5 { return .alone }
    return .shadow(share < 0.8 ? -1.5...1.5 : share < 0.9 ? -1.5...cut : -cut...1.5)
  }

  /// The scan of a frame without what is hidden.
  func callAsFunction(_ frame: DrivingClip.Frame) -> PointCloud {
    switch self {
    case .alone: Self.without(frame)
    case .shadow(let sector): Self.shaded(frame, sector)
    }
  }

  private static func without(_ frame: DrivingClip.Frame) -> PointCloud {
    let (box, half) = (frame.box, frame.box.size / 2)
    let c = Rotation3(radians: -box.yawRadians, about: Point3(0, 0, 1))
    return PointCloud(
      positions: frame.cloud.positions.filter { p in
        let own = c(Point3(p) - box.center)
        return abs(own.x) > 1.1 * half.x || abs(own.y) > 1.1 * half.y || own.z < 0.15 - half.z
      })
  }

  private static func shaded(_ frame: DrivingClip.Frame, _ sector: ClosedRange<Double>) -> PointCloud {
    let (center, size) = (frame.box.center, frame.box.size)
    let distance = (center.x * center.x + center.y * center.y).squareRoot()
    guard distance > 1 else { return frame.cloud }
    let sight = Point3(center.x / distance, center.y / distance, 0)
    let reach = 0.5 * (size.x * size.x + size.y * size.y).squareRoot()
    return PointCloud(
      positions: frame.cloud.positions.filter { point in
        let p = Point3(point)
        let (along, across) = (p.x * sight.x + p.y * sight.y, p.y * sight.x - p.x * sight.y)
        guard along > max(0.5, distance - reach - 1) else { return true }
        return !(sector.lowerBound * reach...sector.upperBound * reach ~= across * distance / along)
      })
  }
}
