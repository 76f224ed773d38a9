import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How far an estimated pose is from the true one.
public struct PoseError: Sendable, Equatable {
  /// The angle between the two rotations (RRE), degrees, in [0, 180].
  public var rotationDegrees: Double
  /// The distance of the two translations (RTE), metres.
  public var translation: Double
  /// Estimate minus truth of the Euler angles about x, y and z, degrees, not wrapped.
  public var eulerDegrees: Point3
  /// Estimate minus truth of the translations, metres.
  public var translationDifference: Point3

  /// The errors of an estimate.
  public init(truth: RigidTransform, estimate: RigidTransform) {
    rotationDegrees = PoseError.angleDegrees(
      truth.rotation.matrix.transpose * estimate.rotation.matrix)
    translationDifference = estimate.translation - truth.translation
    translation = translationDifference.length
    eulerDegrees = PoseError.eulerDegrees(estimate.rotation) - PoseError.eulerDegrees(truth.rotation)
  }

  /// The angle of a rotation matrix: `atan2(|(R32 - R23, R13 - R31, R21 - R12)| / 2, (tr R - 1) / 2)`, accurate near 0 and
  /// near 180 degrees, where the arc cosine of the trace is not.
  private static func angleDegrees(_ r: Matrix3) -> Double {
    let axis = Point3(r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1])
    return atan2(axis.length / 2, (r.trace - 1) / 2) * 180 / .pi
  }

  /// The angles (a, b, c) of `R = Rz(c) Ry(b) Rx(a)`: the convention of Deep Closest Point and RPMNet (`xyz` of SciPy,
  /// about fixed axes). Where b is ±90 degrees only one turn is left, and c is zero.
  static func eulerDegrees(_ rotation: Rotation3) -> Point3 {
    let r = rotation.matrix
    let cosine = (r[0, 0] * r[0, 0] + r[1, 0] * r[1, 0]).squareRoot()
    let b = atan2(-r[2, 0], cosine)
    let angles =
      cosine > 1e-7
      ? Point3(atan2(r[2, 1], r[2, 2]), b, atan2(r[1, 0], r[0, 0])) : Point3(atan2(-r[1, 2], r[1, 1]), b, 0)
    return angles * (180 / .pi)
  }
}
