import Geometry
import Solvers

/// Holds a pose by its matches in the directions that the surfaces hardly fix.
///
/// Where an overlap is flat along u, surfaces slide at next to no cost and their least error is where their borders happen to
/// fit. A match with points p, q knows better: across the slide it acts as a plane. With x = T p, the residual is
///
///     e = (q - x)·u,     weight λ (1 - |q - x|²/τ²)²
///
/// for a free translation u, and the same with u = (a × (x - c)) / |a × (x - c)| for a free rotation about an axis a through c,
/// the middle of the overlap. The other directions stay with the surfaces, which are far more precise there. (The idea of a
/// degenerate direction that another source of information has to fill: Zhang, Kaess, Singh, ICRA 2016.)
package struct MatchAnchors: Sendable {
  /// The matched points, metres.
  let source, target: [SIMD3<Float>]
  /// The directions to be held.
  let directions: [ObservedDirection]
  /// The points of the overlap in the target.
  let overlap: [Point3]
  /// Their middle, c.
  private let center: Point3
  /// Matches farther apart than this have no say, τ, metres.
  let reach: Double
  /// What a match counts, λ, where a surface point counts one: about as many as a keypoint stands for.
  private let weight = 8.0

  /// Anchors from matched points, the directions to be held and the points of the overlap in the target.
  /// - Parameter reach: matches farther apart than this have no say, metres.
  package init(
    source: [SIMD3<Float>], target: [SIMD3<Float>], directions: [ObservedDirection], overlap: [Point3], reach: Double
  ) {
    (self.source, self.target, self.directions) = (source, target, directions)
    (self.overlap, self.reach) = (overlap, reach)
    center = overlap.reduce(.zero, +) / Double(max(overlap.count, 1))
  }

  /// What the matches add to the equations of a step about `pivot`.
  func system(_ pose: RigidTransform, about pivot: Point3) -> SymmetricSystem6 {
    var system = SymmetricSystem6()
    for (p, q) in zip(source, target) {
      let x = pose(Point3(p))
      let miss = Point3(q) - x
      let share = 1 - miss.squaredLength / (reach * reach)
      guard share > 0 else { continue }
      for direction in directions {
        guard let u = self.direction(direction, at: x) else { continue }
        system.add(
          Twist(rotation: (x - pivot).cross(u), translation: u), residual: miss.dot(u), weight: weight * share * share)
      }
    }
    return system
  }

  /// How far the overlap moves from one pose to another, root mean square, metres.
  package func displacement(from a: RigidTransform, to b: RigidTransform) -> Double {
    let motion = b * a.inverse
    let squared = overlap.reduce(0) { $0 + (motion($1) - $1).squaredLength }
    return (squared / Double(max(overlap.count, 1))).squareRoot()
  }

  /// Where a point moves in a direction; nil on its axis.
  private func direction(_ direction: ObservedDirection, at x: Point3) -> Point3? {
    guard direction.kind == .rotation else { return direction.axis }
    let across = direction.axis.cross(x - center)
    let length = across.length
    return length > 1e-6 * reach ? across / length : nil
  }
}
