import Geometry
import Solvers

/// A cheap point-to-plane ICP of one hypothesis on the nearest-point grid: enough to compare hypotheses at their best.
///
/// Residual `e = (x - q)·m` with target normal m, weight `(1 + (e / 0.4 g)²)⁻²` at gate g (Geman-McClure), pairs only where
/// the normals are within 60 degrees.
struct HypothesisRefinement: Sendable {
  /// Edge of the working voxel, metres.
  let voxel: Double
  /// Largest distance of a pair, in voxels, one entry per iteration.
  var gates: [Float] = [4, 4, 4, 4, 3, 3, 2, 2, 1.5, 1.5, 1.5, 1.5]
  /// Fewer pairs than this end the iteration.
  var minimumPairs = 20
  /// The motions that are allowed.
  var motion = MotionModel.rigid

  /// The refined pose; the given one where too few points find a partner.
  func callAsFunction(_ start: RigidTransform, source: CheckedCloud, target: CheckedCloud) -> RigidTransform {
    var pose = start
    for gate in gates {
      let (system, pairs) = normalEquations(pose, source, target, gate: gate * Float(voxel))
      guard pairs >= minimumPairs, let step = motion.solution(of: system, damping: 1e-4) else { break }
      let center = pose.translation
      pose = RigidTransform(
        rotation: Rotation3(rotationVector: step.rotation) * pose.rotation, translation: center + step.translation)
    }
    return pose
  }

  /// The linearised problem for a rotation about the current translation.
  private func normalEquations(
    _ pose: RigidTransform, _ source: CheckedCloud, _ target: CheckedCloud, gate: Float
  ) -> (SymmetricSystem6, pairs: Int) {
    let fast = FastTransform(pose)
    let scale = 1 / (0.4 * gate * 0.4 * gate)
    var (sums, pairs) = (PointToPlaneSums(), 0)
    source.keypoints.withUnsafeBufferPointer { keypoints in
      source.normals.withUnsafeBufferPointer { normals in
        target.surface.positions.withUnsafeBufferPointer { positions in
          target.surface.normals.withUnsafeBufferPointer { targetNormals in
            target.grid.lookUp(keypoints, moved: fast) { i, x, j in
              if j < 0 { return }
              let (d, m) = (x - positions[j], targetNormals[j])
              if d.squaredLength > gate * gate || fast.turn(normals[i]).dot(m) < 0.5 { return }
              let e = d.dot(m)
              let root = 1 / (1 + e * e * scale)
              sums.add((x - fast.translation).cross(m), m, residual: -e, weight: root * root)
              pairs += 1
            }
          }
        }
      }
    }
    return (sums.system, pairs)
  }
}

/// The normal equations of single-precision residuals with Jacobian (lever, normal): summed in single precision over 128
/// of them at a time, then in double.
private struct PointToPlaneSums {
  // Row i of Σ w J (J, e, 1)ᵀ.
  private typealias Row<Scalar: SIMDScalar> = SIMD8<Scalar>
  private var part = Six(Row<Float>.zero)
  private var total = Six(Row<Double>.zero)
  private var pending = 0

  private struct Six<Value> {
    var a, b, c, d, e, f: Value
    init(_ value: Value) { (a, b, c, d, e, f) = (value, value, value, value, value, value) }
  }

  @inline(__always)
  mutating func add(_ r: SIMD3<Float>, _ t: SIMD3<Float>, residual: Float, weight: Float) {
    let row = weight * Row<Float>(r.x, r.y, r.z, t.x, t.y, t.z, residual, 1)
    part.a += row * r.x
    part.b += row * r.y
    part.c += row * r.z
    part.d += row * t.x
    part.e += row * t.y
    part.f += row * t.z
    pending += 1
    if pending == 128 { flush() }
  }

  @inline(never)
  private mutating func flush() {
    total.a += Row<Double>(part.a)
    total.b += Row<Double>(part.b)
    total.c += Row<Double>(part.c)
    total.d += Row<Double>(part.d)
    total.e += Row<Double>(part.e)
    total.f += Row<Double>(part.f)
    (part, pending) = (Six(.zero), 0)
  }

  var system: SymmetricSystem6 {
    mutating get {
      flush()
      let s = total
      var system = SymmetricSystem6()
      system.rotation = Matrix3(
        columns: Point3(s.a[0], s.a[1], s.a[2]), Point3(s.b[0], s.b[1], s.b[2]), Point3(s.c[0], s.c[1], s.c[2]))
      // Row r of the coupling belongs to rotation r.
      system.coupling = Matrix3(
        rows: Point3(s.a[3], s.a[4], s.a[5]), Point3(s.b[3], s.b[4], s.b[5]), Point3(s.c[3], s.c[4], s.c[5]))
      system.translation = Matrix3(
        columns: Point3(s.d[3], s.d[4], s.d[5]), Point3(s.e[3], s.e[4], s.e[5]), Point3(s.f[3], s.f[4], s.f[5]))
      system.gradient = Twist(rotation: Point3(s.a[6], s.b[6], s.c[6]), translation: Point3(s.d[6], s.e[6], s.f[6]))
      return system
    }
  }
}
