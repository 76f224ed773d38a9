import Geometry
import LinearAlgebra
import Parallelism
import Solvers

/// The equations that the last step of the refinement solves, as a function of the pose: at the refined pose they are zero.
///
/// With the residual r, the unit normal n and the confidence c of a moved source point x (``SurfaceAlignment``), the score is
///
///     s(ξ) = Σ c r / (1 + r²/κ²)² J,     J = ((x - x̄) × n / ρ, n)
///
/// Twists ξ perturb on the left about the middle x̄ of the overlap, (rotation times ρ, translation), all in metres: ρ is the
/// radius of gyration of the overlap. Surfaces are looked up anew at every pose, so that the derivative of the score holds what
/// the surfaces really do, not what fixed partners would.
struct SurfaceScore: Sendable {
  /// One source point's share of the score.
  struct Term: Sendable {
    /// The moved point, metres.
    let point: Point3
    /// J.
    let slope: Twist
    /// c / (1 + r²/κ²)².
    let weight: Double
    /// r, metres.
    let residual: Double
  }

  /// The pose that twists perturb.
  let pose: RigidTransform
  /// x̄.
  private(set) var center: Point3
  /// ρ, metres.
  private(set) var lever: Double
  private let gate: Float
  private let kernel: Double
  private let points: MovedPoints
  private let surface: OrientedPoints

  /// The score of an alignment about a pose; nil where the surfaces do not meet in six points.
  init?(
    _ alignment: SurfaceAlignment, _ source: PreparedCloud.Surface, on target: PreparedCloud.Surface,
    about pose: RigidTransform
  ) {
    points = MovedPoints(source, gate: alignment.gate)
    self.pose = pose
    gate = Float(alignment.gate)
    kernel = 1 / (alignment.kernelWidth * alignment.gate * alignment.kernelWidth * alignment.gate)
    surface = OrientedPoints(target.positions, normals: target.normals, cell: gate * 1.0001)
    (center, lever) = (.zero, 1)
    let met = terms(at: pose).compactMap(\.self)
    guard met.count >= 6 else { return nil }
    let total = met.reduce(0) { $0 + $1.weight }
    let middle = met.reduce(Point3.zero) { $0 + $1.point * $1.weight } / total
    lever = max((met.reduce(0) { $0 + ($1.point - middle).squaredLength * $1.weight } / total).squareRoot(), 1e-30)
    center = middle
  }

  /// The terms at a twist, in the order of the source's points; nil where no surface is.
  func terms(at twist: [Double]) -> [Term?] { terms(at: moved(twist)) }

  /// The sum of the terms at a twist.
  func callAsFunction(at twist: [Double]) -> [Double] {
    let pose = moved(twist)
    let sum = Parallel.reduce(
      points.count, chunks: 64, SymmetricSystem6(),
      { range in
        var sum = SymmetricSystem6()
        for i in range {
          guard let t = term(i, at: pose) else { continue }
          sum.gradient.rotation += t.slope.rotation * (t.weight * t.residual)
          sum.gradient.translation += t.slope.translation * (t.weight * t.residual)
        }
        return sum
      }, +)
    return sum.gradient.coordinates
  }

  /// The pose at a twist.
  func moved(_ twist: [Double]) -> RigidTransform {
    let (w, v) = (Point3(twist[0], twist[1], twist[2]) / lever, Point3(twist[3], twist[4], twist[5]))
    return pose.perturbed(by: Twist(rotation: w, translation: v), about: center)
  }

  private func terms(at pose: RigidTransform) -> [Term?] {
    Parallel.map(points.count, grain: 256) { term($0, at: pose) }
  }

  @inline(__always)
  private func term(_ i: Int, at pose: RigidTransform) -> Term? {
    let (x, a) = (pose(Point3(points.positions[i])), pose.rotation(Point3(points.normals[i])))
    guard let local = SurfaceAlignment.implied(at: SIMD3<Float>(x), facing: SIMD3<Float>(a), gate, surface) else {
      return nil
    }
    let residual = local.distance - points.ownDistance(i)
    let root = 1 / (1 + residual * residual * kernel)
    return Term(
      point: x, slope: Twist(rotation: (x - center).cross(local.normal) / lever, translation: local.normal),
      weight: local.confidence * root * root, residual: residual)
  }
}

extension Twist {
  /// The six numbers, rotation first.
  var coordinates: [Double] {
    [rotation.x, rotation.y, rotation.z, translation.x, translation.y, translation.z]
  }
}
