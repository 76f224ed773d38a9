import Geometry

/// How the root mean square error of the 3DMatch protocol counts a rotation.
public enum RMSEVariant: String, Sendable, CaseIterable {
  /// As published: by the vector part q of the unit quaternion, which is half of a small rotation.
  case published = "protocol"
  /// By 2q, which moves every point p by |2q × p| = |Rp - p|.
  case exact
}

extension InformationMatrix {
  /// The root mean square distance, metres, by which a pose error E = T_gt⁻¹ T_est moves the true correspondences.
  ///
  /// `√(eᵀ Λ e / Λ₁₁)` with e = [t; q], t and q the translation and the vector part of the unit quaternion (w >= 0) of E
  /// (Choi, Zhou and Koltun, CVPR 2015; 3DMatch). Linearised, a rotation by a small angle vector ω moves a point by
  /// ω × p and q ≈ ω/2, so the published form counts rotations at half their size; ``RMSEVariant/exact`` takes 2q.
  ///
  /// - Returns: nil when the matrix states no correspondences (Λ₁₁ <= 0) or the result is not a number.
  public func rootMeanSquareError(of error: RigidTransform, _ variant: RMSEVariant) -> Double? {
    let (t, quaternion) = (error.translation, error.rotation.quaternion)
    let q = Point3(quaternion.x, quaternion.y, quaternion.z) * (variant == .exact ? 2 : 1)
    let e = [t.x, t.y, t.z, q.x, q.y, q.z]
    var square = 0.0
    for i in 0..<6 {
      var row = 0.0
      for j in 0..<6 { row += self[i, j] * e[j] }
      square += e[i] * row
    }
    let count = self[0, 0]
    guard count > 0, (square / count).isFinite else { return nil }
    // Rounding, or a matrix that is not positive, must not make a root imaginary.
    return max(square / count, 0).squareRoot()
  }
}
