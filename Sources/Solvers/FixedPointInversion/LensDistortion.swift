import LinearAlgebra

/// A lens that bends rays: radial and tangential distortion of image-plane coordinates.
///
///     x' = x (1 + k₁ r² + k₂ r⁴) + 2 p₁ x y + p₂ (r² + 2x²),   y' = y (1 + k₁ r² + k₂ r⁴) + p₁ (r² + 2y²) + 2 p₂ x y
///
/// with coordinates in units of the focal length. Source: Brown, Photogrammetric Engineering 1966.
public struct LensDistortion: Sendable {
  /// k₁ and k₂.
  public var radial: SIMD2<Double>
  /// p₁ and p₂.
  public var tangential: SIMD2<Double>

  /// A lens with its coefficients.
  public init(radial: SIMD2<Double>, tangential: SIMD2<Double> = .zero) {
    self.radial = radial
    self.tangential = tangential
  }

  /// Where an undistorted point is seen.
  public func distorted(_ z: SIMD2<Double>) -> SIMD2<Double> {
    let r2 = (z * z).sum()
    let (p, factor) = (tangential, 1 + r2 * (radial.x + r2 * radial.y))
    return z * factor
      + SIMD2(
        2 * p.x * z.x * z.y + p.y * (r2 + 2 * z.x * z.x), p.x * (r2 + 2 * z.y * z.y) + 2 * p.y * z.x * z.y)
  }

  /// The point that is seen at a place, by iteration from the place itself; nil where it does not converge, as beyond the
  /// range in which the distortion grows with the radius.
  public func undistorted(
    _ seen: SIMD2<Double>,
    solver: FixedPointInverse = FixedPointInverse(
      method: .forwardStep(relaxation: 1), iterations: 100, tolerance: 1e-12)
  ) -> SIMD2<Double>? {
    let report = solver(from: [seen.x, seen.y]) { z in
      let difference = distorted(SIMD2(z[0], z[1])) - seen
      return [difference.x, difference.y]
    }
    return report.outcome == .converged ? SIMD2(report.solution[0], report.solution[1]) : nil
  }
}
