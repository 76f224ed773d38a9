import Geometry
import LinearAlgebra

/// How much the score scatters, with regard to how neighbouring residuals resemble each other.
///
/// The residuals of a smooth surface that both scans have sampled are not independent: neighbours share their surroundings,
/// the noise in them and whatever the smoothing does to the shape. So the overlap is cut into cubes, every one of which counts
/// as one observation (cluster-robust covariance; Liang, Zeger, Biometrika 1986). With the score s_c and the information H_c
/// of a cube c and the total H,
///
///     M = Σ_c z_c z_cᵀ,     z_c = (I - H_c H⁻¹)⁻¹ s_c,
///
/// where the factor gives back what the fit has taken from the residuals (Bell, McCaffrey 2002). M is averaged over the cubes
/// of eight shifted grids and drawn to κ H, κ = tr(H⁻¹ M) / 6, for 36 entries from some ten cubes are rough; finally it grows by
/// 1 + 2/K for the doubt in κ itself, with `K = (Σ z_cᵀ H⁻¹ z_c)² / Σ (z_cᵀ H⁻¹ z_c)²` cubes that count.
struct PatchScatter: Sendable {
  /// M after all of that, over the free coordinates.
  let scatter: Matrix<Double>
  /// K.
  let patches: Double

  /// The scatter of a score's terms.
  /// - Parameters:
  ///   - edge: of the cubes, metres.
  ///   - free: the coordinates of the twist that may move.
  ///   - ownShare: how much of M is taken from the cubes themselves, the rest from κ H.
  init(_ terms: [SurfaceScore.Term], edge: Double, free: [Int], ownShare: Double = 0.25) throws(FactorizationError) {
    let n = free.count
    let slopes = terms.map { t in
      let j = t.slope.coordinates
      return free.map { j[$0] }
    }
    var information = Matrix<Double>(rows: n, columns: n)
    for (t, j) in zip(terms, slopes) { information.addOuter(j, j, times: t.weight) }
    let inverse = try Cholesky(information).inverse
    var total = Matrix<Double>(rows: n, columns: n)
    var counts = 0.0
    for grid in 0..<8 {
      let shift = Point3(grid & 1 == 0 ? 0 : 0.5, grid & 2 == 0 ? 0 : 0.5, grid & 4 == 0 ? 0 : 0.5)
      var sizes: (sum: Double, squares: Double) = (0, 0)
      for cube in Self.cubes(terms, slopes, edge: edge, shift: shift) {
        var kept = Matrix<Double>.identity(n)
        kept.add(cube.information * inverse, times: -1)
        guard let z = Self.solution(kept, cube.score), z.allSatisfy(\.isFinite) else { continue }
        total.addOuter(z, z, times: 1.0 / 8)
        let size = z.dot(inverse * z)
        sizes = (sizes.sum + size, sizes.squares + size * size)
      }
      counts += sizes.squares > 0 ? sizes.sum * sizes.sum / sizes.squares / 8 : 0
    }
    let level = (inverse * total).trace / Double(n)
    let growth = 1 + 2 / max(counts, 1)
    scatter = ((growth * ownShare) * total + (growth * (1 - ownShare) * level) * information).symmetrized
    patches = counts
  }

  /// The sums over each cube, in the order in which the cubes are first met.
  private static func cubes(
    _ terms: [SurfaceScore.Term], _ slopes: [[Double]], edge: Double, shift: Point3
  ) -> [(score: [Double], information: Matrix<Double>)] {
    let n = slopes.first?.count ?? 0
    var places: [SIMD3<Int32>: Int] = [:]
    var cubes: [(score: [Double], information: Matrix<Double>)] = []
    for (t, j) in zip(terms, slopes) {
      let key = SIMD3<Int32>((t.point / edge + shift).rounded(.down))
      let place = places[key] ?? cubes.count
      if place == cubes.count {
        places[key] = place
        cubes.append(([Double](repeating: 0, count: n), Matrix(rows: n, columns: n)))
      }
      cubes[place].score.add(j, times: t.weight * t.residual)
      cubes[place].information.addOuter(j, j, times: t.weight)
    }
    return cubes
  }

  /// The solution of a small square system that is not symmetric, by its QR factors; nil for a singular one.
  private static func solution(_ a: Matrix<Double>, _ b: [Double]) -> [Double]? {
    guard let factors = try? QRFactors(a), factors.r.diagonal.allSatisfy({ $0 > 1e-9 }) else { return nil }
    return factors.r.transposed.solveLower(factors.q.transposedTimes(b), transposed: true)
  }
}
