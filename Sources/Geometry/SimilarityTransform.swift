/// A similarity `p ↦ s R p + t` in double precision: a rigid motion of points that were scaled before, an element of Sim(3).
///
/// Frames are named as in ``RigidTransform``. The scale is positive; with scale 1 every function gives the bits of the
/// rigid motion.
public struct SimilarityTransform: Equatable, Sendable {
  /// How many times longer target lengths are than source lengths.
  public var scale: Double
  /// The rotation part.
  public var rotation: Rotation3
  /// The translation part, in metres of the target.
  public var translation: Point3

  /// The similarity with the given parts.
  public init(scale: Double = 1, rotation: Rotation3 = .identity, translation: Point3 = .zero) {
    (self.scale, self.rotation, self.translation) = (scale, rotation, translation)
  }

  /// The rigid motion of points that are scaled first: `p ↦ rigid(scale p)`.
  public init(_ rigid: RigidTransform, afterScaling scale: Double = 1) {
    self.init(scale: scale, rotation: rigid.rotation, translation: rigid.translation)
  }

  /// No change.
  public static let identity = SimilarityTransform()

  /// The similarity applied to a point.
  @inlinable @inline(__always)
  public func callAsFunction(_ p: Point3) -> Point3 { rotation.matrix * (p * scale) + translation }

  /// The inverse similarity.
  public var inverse: SimilarityTransform {
    let r = rotation.inverse
    return SimilarityTransform(scale: 1 / scale, rotation: r, translation: -r(translation) / scale)
  }

  /// The composition: first `b`, then `a`.
  public static func * (a: SimilarityTransform, b: SimilarityTransform) -> SimilarityTransform {
    SimilarityTransform(scale: a.scale * b.scale, rotation: a.rotation * b.rotation, translation: a(b.translation))
  }

  /// The same similarity written for coordinates whose origins have moved: if `p = p' + sourceOrigin` and
  /// `q = q' + targetOrigin`, the result maps p' to q'.
  public func rebased(sourceOrigin: Point3, targetOrigin: Point3) -> SimilarityTransform {
    SimilarityTransform(
      scale: scale, rotation: rotation, translation: rotation(sourceOrigin * scale) + translation - targetOrigin)
  }

  /// The four rows of the homogeneous 4x4 matrix; the 3x3 part is s R.
  public var rows: [[Double]] {
    (0..<3).map { r in (0..<3).map { scale * rotation.matrix[r, $0] } + [translation[r]] } + [[0, 0, 0, 1]]
  }
}

extension PointCloud {
  /// The cloud under a similarity: positions and sensor are scaled and moved, normals turned. Local positions are kept small:
  /// the origin moves with the cloud.
  public func transformed(by t: SimilarityTransform) -> PointCloud {
    let r = t.rotation.matrix
    return PointCloud(
      positions: positions.map { SIMD3<Float>(r * (Point3($0) * t.scale)) }, origin: t(origin),
      normals: normals?.map { SIMD3<Float>(r * Point3($0)) }, intensities: intensities, colors: colors,
      sensorPosition: sensorPosition.map { t($0) })
  }
}
