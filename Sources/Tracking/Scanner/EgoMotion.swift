import Geometry
import Solvers

/// How a scanner moved from one scan to the next, from what both see of their surroundings.
///
/// A scanner on a vehicle nods: a thousandth of a radian moves what is 50 m away by 5 cm, which few points on a distant object
/// can tell from a movement of its own. What stands still all around tells it to a fraction of that. The surfels of the later
/// scan are laid onto planes of the earlier one by robust Gauss-Newton steps, first coarse ones, then fine ones; what moves on
/// its own is outvoted.
public struct EgoMotion: Sendable {
  /// From the axes of the earlier scan to those of the later one, metres.
  public let transform: RigidTransform
  /// The share of the surfels that found their plane.
  public let explained: Double

  /// The scales of the robust residuals, metres, one Gauss-Newton step each: with the coarse surfels alone, then with all.
  private static let scales: [[Double]] = [[1, 0.7, 0.5, 0.35, 0.25, 0.2], [0.3, 0.2, 0.12, 0.08, 0.06, 0.06]]
  /// A residual's standard deviation beyond that of the plane's own points, metres.
  private static let noise = 0.02
  /// Fewer surfels that found their plane say nothing.
  private static let leastSurfels = 60
  /// Where a smaller share found its plane, something else than the scanner has moved.
  private static let leastExplained = 0.4

  /// The largest standard deviations of a translation (metres) and of a turn (radians) that count as seen.
  private static let limits = (translation: 0.02, rotation: 5e-4)

  /// The motion between two known poses of the scanner.
  public init(worldFromEarlier: RigidTransform, worldFromLater: RigidTransform) {
    (transform, explained) = (worldFromLater.inverse * worldFromEarlier, 1)
  }

  /// The motion between two scans; nil where they do not show it.
  public init?(from earlier: SurfelMap, to later: SurfelMap) {
    var pose = RigidTransform()
    var sums = Sums()
    for (k, scales) in Self.scales.enumerated() {
      for scale in scales {
        sums = Sums()
        for level in 0...k { sums.add(later.levels[level], on: earlier.levels[level], pose, scale) }
        guard let step = Self.restrained(sums.system).solution() else { return nil }
        pose = pose.perturbed(by: Twist(rotation: -step.rotation, translation: -step.translation), about: .zero)
      }
    }
    let found = Double(sums.found) / Double(max(1, sums.asked))
    guard sums.found >= Self.leastSurfels, found >= Self.leastExplained, Self.fixes(sums.system) else { return nil }
    (transform, explained) = (pose.inverse, found)
  }

  /// Whether the planes fix all six directions: the deviations are those of independent residuals.
  private static func fixes(_ system: SymmetricSystem6) -> Bool {
    var system = system
    for k in 0..<6 {
      var axis = Point3.zero
      axis[k % 3] = 1
      system.gradient = k < 3 ? Twist(rotation: axis) : Twist(translation: axis)
      guard let column = system.solution() else { return false }
      let variance = k < 3 ? column.rotation[k] : column.translation[k - 3]
      let limit = k < 3 ? limits.rotation : limits.translation
      guard variance < limit * limit else { return false }
    }
    return true
  }

  private struct Sums {
    var system = SymmetricSystem6()
    /// Surfels whose plane lay within three scales, and all that had a plane of like direction nearby.
    var (found, asked) = (0, 0)

    mutating func add(
      _ moved: SurfelMap.Level, on planes: SurfelMap.Level, _ pose: RigidTransform, _ scale: Double
    ) {
      let rotation = pose.rotation.matrix
      for surfel in moved.surfels {
        let p = pose(Point3(surfel.center))
        guard let plane = planes.nearest(SIMD3<Float>(p)) else { continue }
        let n = Point3(plane.normal)
        guard abs((rotation * Point3(surfel.normal)).dot(n)) > 0.9 else { continue }
        let residual = n.dot(p - Point3(plane.center))
        asked += 1
        if abs(residual) < 3 * scale { found += 1 }
        let robust = scale * scale / (scale * scale + residual * residual)
        let weight = robust * robust / (EgoMotion.noise * EgoMotion.noise + Double(plane.variance))
        system.add(Twist(rotation: p.cross(n), translation: n), residual: residual, weight: weight)
      }
    }
  }

  /// With what is known of any scanner: it hardly moves by more than metres and turns by more than degrees.
  private static func restrained(_ system: SymmetricSystem6) -> SymmetricSystem6 {
    var restrained = system
    restrained.rotation += Matrix3(diagonal: Point3(1, 1, 1) / (0.05 * 0.05))
    restrained.translation += Matrix3(diagonal: Point3(1, 1, 1) / (2 * 2))
    return restrained
  }
}
