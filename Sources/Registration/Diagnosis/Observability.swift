import Geometry
import Solvers

/// In which directions the overlap fixes the pose, from the point-to-plane information of the inliers.
///
/// With N inliers of weight 1, normals m and levers `c = (x - x̄) × m / ρ` scaled by the radius of gyration ρ of the
/// overlap, H has blocks `Σ c cᵀ`, `Σ c mᵀ`, `Σ m mᵀ`. The Schur complements
///
///     S_t = H_tt - H_tr H_rr⁻¹ H_rt,    S_r = H_rr - H_rt H_tt⁻¹ H_tr
///
/// say what is known of the translation when the rotation is open, and the reverse (Zhang, Singh, ICRA 2016; DCReg 2025).
/// Their eigenvalues over N lie in [0, 1]; one near zero is a direction along which the surfaces slide.
package struct Observability: Sendable {
  /// Below this share of full information a direction counts as free: the scatter of the normals of a flat wall.
  var freeBelow = 0.003

  /// The measure with its default threshold.
  package init() {}

  /// The six directions, weakest first.
  /// - Parameters:
  ///   - points: the inliers in target coordinates, relative to any origin.
  ///   - normals: their unit target normals.
  ///   - motion: only its free directions are listed.
  package func callAsFunction(points: [Point3], normals: [Point3], motion: MotionModel = .rigid) -> [ObservedDirection]
  {
    let n = Double(points.count)
    guard points.count >= 3 else { return [] }
    let center = points.reduce(Point3.zero, +) / n
    let gyration = max((points.reduce(0) { $0 + ($1 - center).squaredLength } / n).squareRoot(), 1e-30)
    var system = SymmetricSystem6()
    for (p, m) in zip(points, normals) {
      system.add(Twist(rotation: ((p - center) / gyration).cross(m), translation: m), residual: 0, weight: 1 / n)
    }
    system = motion.restricted(system, diagonal: 0)
    let translation = system.translation - system.coupling.transpose * pseudoInverse(system.rotation) * system.coupling
    let rotation = system.rotation - system.coupling * pseudoInverse(system.translation) * system.coupling.transpose
    return
      (directions(translation, .translation)
      + directions(rotation, .rotation).filter { d in
        (0..<3).contains { abs(d.axis[$0]) > 0.5 && motion.turns(about: $0) }
      })
      .sorted { $0.observability < $1.observability }
  }

  private func directions(_ s: Matrix3, _ kind: ObservedDirection.Kind) -> [ObservedDirection] {
    let eigen = s.symmetricEigen
    return [eigen.vectors.x, eigen.vectors.y, eigen.vectors.z].enumerated().map { k, axis in
      let value = min(max(eigen.values[k], 0), 1)
      // The sign of an axis says nothing: the largest component is positive.
      let largest = [axis.x, axis.y, axis.z].max { abs($0) < abs($1) }!
      return ObservedDirection(
        kind: kind, axis: largest < 0 ? -axis : axis, observability: value,
        isObserved: value >= freeBelow)
    }
  }

  /// The inverse on the directions that are observed at all.
  private func pseudoInverse(_ m: Matrix3) -> Matrix3 {
    let eigen = m.symmetricEigen
    var inverse = Matrix3.zero
    for (k, axis) in [eigen.vectors.x, eigen.vectors.y, eigen.vectors.z].enumerated() where eigen.values[k] > 1e-6 {
      inverse += Matrix3(outer: axis, axis / eigen.values[k])
    }
    return inverse
  }
}
