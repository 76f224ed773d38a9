import Geometry
import PointClouds
import Solvers

/// How a sensor moved during a sweep, found by registering the scan to another one.
package struct SweepMotion: Sendable {
  /// The twist of the whole sweep.
  package var twist: Twist
  /// Root mean square point-to-plane residual of both scans as they were measured and as they are now, metres.
  package var rmse: (before: Double, after: Double)
  /// Whether the iteration ended.
  package var converged: Bool

  /// A motion with what it did to the residuals.
  package init(twist: Twist, rmse: (before: Double, after: Double), converged: Bool) {
    (self.twist, self.rmse, self.converged) = (twist, rmse, converged)
  }

  /// The turn, when the other scan is of the same place at any other time, see ``SweepTurns``.
  package static func turn(of scan: TimedScan, with other: TimedScan) throws(RegistrationError) -> SweepMotion {
    let result = try registered(other.cloud, scan.cloud)
    let turns = try SweepTurns(scan, other, pose: result.targetFromSource, voxel: result.voxel)
    return SweepMotion(twist: turns.first, rmse: turns.rmse, converged: true)
  }

  /// The whole motion, when the other scan is the next sweep of a sensor that turns without pause: with a steady motion the
  /// pose of the next sweep is `exp(ξ)`.
  ///
  /// The scans are straightened by ξ, and registering them gives ξ anew: the zero of `T ξ = ξ - log(pose of the straightened
  /// scans)` is found by ``FixedPointInverse`` from ξ = 0. Bent alike, two scans meet nearly as well as straight ones, so T is
  /// close to the identity and few steps are needed.
  package static func steady(of scan: TimedScan, before next: TimedScan) throws(RegistrationError) -> SweepMotion {
    var failure: RegistrationError?
    var rmse: [Double] = []
    let solver = FixedPointInverse(iterations: 12, tolerance: 1e-5)
    let report = solver(from: [Double](repeating: 0, count: 6)) { z in
      let warp = SweepWarp(twist(z))
      do throws(RegistrationError) {
        let result = try registered(next.still(warp), scan.still(warp))
        rmse.append(result.diagnosis.rmse)
        return z.subtracting(result.targetFromSource.logarithm.coordinates)
      } catch {
        failure = error
        return [.nan]
      }
    }
    if let failure { throw failure }
    return SweepMotion(
      twist: twist(report.solution), rmse: (rmse.first ?? 0, rmse.last ?? 0), converged: report.outcome == .converged)
  }

  private static func registered(
    _ source: PointCloud, _ target: PointCloud
  ) throws(RegistrationError) -> RegistrationResult {
    let result = try Registrar()(source: source, target: target)
    guard result.verdict != .failed else {
      throw RegistrationError("the scans do not register: \(result.reasons.joined(separator: "; "))")
    }
    return result
  }

  private static func twist(_ z: [Double]) -> Twist {
    Twist(rotation: Point3(z[0], z[1], z[2]), translation: Point3(z[3], z[4], z[5]))
  }
}
