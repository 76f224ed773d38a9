import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The motions that a registration may find, named by their degrees of freedom.
public enum MotionModel: Int, Sendable, CaseIterable {
  /// Any rigid motion.
  case rigid = 6
  /// A turn about the target's z axis and a translation: scans that were levelled.
  case yaw = 4
  /// A translation alone.
  case translation = 3

  /// Whether the motions of the model turn about an axis of the target, 0 to 2.
  public func turns(about axis: Int) -> Bool { self == .rigid || self == .yaw && axis == 2 }

  /// The solution of `(H + λ diag H) x = g` over the free directions; the others stay zero exactly.
  public func solution(of system: SymmetricSystem6, damping lambda: Double = 0) -> Twist? {
    restricted(system, diagonal: 1).solution(damping: lambda)
  }

  /// The system without its fixed rotations: their rows and columns are zero but for the diagonal.
  public func restricted(_ system: SymmetricSystem6, diagonal: Double) -> SymmetricSystem6 {
    var system = system
    for i in 0..<3 where !turns(about: i) {
      for k in 0..<3 {
        system.rotation[i, k] = 0
        system.rotation[k, i] = 0
        system.coupling[i, k] = 0
      }
      system.rotation[i, i] = diagonal
      system.gradient.rotation[i] = 0
    }
    return system
  }

  /// The rotation R of the model that maximises `tr Rᵀ M`: the nearest to a rotation M, and the best alignment of points with
  /// the cross-covariance M. About z it turns by `atan2(M₁₀ - M₀₁, M₀₀ + M₁₁)`.
  func rotation(nearest m: Matrix3) -> Rotation3 {
    switch self {
    case .rigid: Rotation3(nearest: m)
    case .yaw: Rotation3(rotationVector: Point3(0, 0, atan2(m[1, 0] - m[0, 1], m[0, 0] + m[1, 1])))
    case .translation: .identity
    }
  }

  /// The motion of the model whose rotation is nearest to a pose's, moving `center` to the same place.
  public func nearest(to pose: RigidTransform, center: Point3) -> RigidTransform {
    if self == .rigid { return pose }
    let rotation = rotation(nearest: pose.rotation.matrix)
    return RigidTransform(rotation: rotation, translation: pose(center) - rotation(center))
  }
}
