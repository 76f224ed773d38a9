#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A rigid motion `p ↦ R p + t` in double precision, an element of SE(3).
///
/// Names say the frames: `targetFromSource` maps source coordinates to target coordinates, and in a product
/// `worldFromTarget * targetFromSource` the frames in the middle cancel.
///
/// The tangent space is written as a ``Twist`` (rotation first, then translation) and perturbs **on the left**:
/// `T ← exp(ξ) T`. This is stated here and nowhere else.
public struct RigidTransform: Equatable, Sendable {
  /// The rotation part.
  public var rotation: Rotation3
  /// The translation part, in metres.
  public var translation: Point3

  /// The motion with the given parts.
  public init(rotation: Rotation3 = .identity, translation: Point3 = .zero) {
    self.rotation = rotation
    self.translation = translation
  }

  /// No motion.
  public static let identity = RigidTransform()

  /// The motion applied to a point.
  @inlinable @inline(__always)
  public func callAsFunction(_ p: Point3) -> Point3 { rotation.matrix * p + translation }

  /// The inverse motion.
  public var inverse: RigidTransform {
    let r = rotation.inverse
    return RigidTransform(rotation: r, translation: -r(translation))
  }

  /// The composition: first `b`, then `a`.
  public static func * (a: RigidTransform, b: RigidTransform) -> RigidTransform {
    RigidTransform(rotation: a.rotation * b.rotation, translation: a(b.translation))
  }

  /// The same motion written for coordinates whose origins have moved: if `p = p' + sourceOrigin` and
  /// `q = q' + targetOrigin`, the result maps p' to q'.
  public func rebased(sourceOrigin: Point3, targetOrigin: Point3) -> RigidTransform {
    RigidTransform(rotation: rotation, translation: rotation(sourceOrigin) + translation - targetOrigin)
  }

  /// The four rows of the homogeneous 4x4 matrix.
  public var rows: [[Double]] {
    (0..<3).map { r in [rotation.matrix[r, 0], rotation.matrix[r, 1], rotation.matrix[r, 2], translation[r]] }
      + [[0, 0, 0, 1]]
  }
}

/// A tangent vector of SE(3): a small rotation vector in radians and a small translation in metres.
public struct Twist: Equatable, Sendable {
  /// The rotation vector, radians.
  public var rotation: Point3
  /// The translation, metres.
  public var translation: Point3

  /// The twist with the given parts.
  @inlinable
  public init(rotation: Point3 = .zero, translation: Point3 = .zero) {
    self.rotation = rotation
    self.translation = translation
  }
}

extension RigidTransform {
  /// This motion followed by a small one: a rotation about `pivot` (in target coordinates), then a translation.
  public func perturbed(by step: Twist, about pivot: Point3) -> RigidTransform {
    let turn = Rotation3(rotationVector: step.rotation)
    return RigidTransform(
      rotation: turn * rotation, translation: turn(translation - pivot) + pivot + step.translation)
  }

  /// The exponential map of SE(3).
  public init(exponential twist: Twist) {
    let w = twist.rotation
    let theta = w.length
    let skew = Matrix3(skew: w)
    // V = I + a [w]x + b [w]x², a = (1 - cos θ)/θ², b = (θ - sin θ)/θ³, by their series near zero.
    let t2 = theta * theta
    let series = theta < 0.05
    let a = series ? 0.5 - t2 / 24 + t2 * t2 / 720 : (1 - cos(theta)) / t2
    let b = series ? 1.0 / 6 - t2 / 120 + t2 * t2 / 5040 : (theta - sin(theta)) / (t2 * theta)
    let v = Matrix3.identity + skew * a + skew * skew * b
    self.init(rotation: Rotation3(rotationVector: w), translation: v * twist.translation)
  }

  /// The logarithm, inverse of ``init(exponential:)`` for rotations below 180 degrees.
  public var logarithm: Twist {
    let w = rotation.rotationVector
    let theta = w.length
    let skew = Matrix3(skew: w)
    // V⁻¹ = I - [w]x / 2 + c [w]x², c = (1 - (θ/2) cot(θ/2))/θ².
    let t2 = theta * theta
    let c = theta < 0.05 ? 1.0 / 12 + t2 / 720 + t2 * t2 / 30240 : (1 - theta / 2 / tan(theta / 2)) / t2
    let inverseV = Matrix3.identity - skew * 0.5 + skew * skew * c
    return Twist(rotation: w, translation: inverseV * translation)
  }
}
