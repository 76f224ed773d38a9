import Foundation
import Geometry
import LinearAlgebra
import PointClouds
import Solvers

/// The turn of the sensor in each of two sweeps that see the same place, with the pose between them.
///
/// Both sweeps are bent by their own motion, and a place that was seen at different moments of the two shows by how much. With
/// the pose T (this scan from the other) and twists (ω, 0), (ω', 0), point-to-plane residuals
///
///     r = n · (T exp(s' ω') p' - exp(s ω) p)
///
/// of nearest points are minimised over twelve numbers by Gauss-Newton steps with a Geman-McClure kernel. Translations within a
/// sweep stay out: shifting both places by the same motion hardly changes r, so two scans do not fix them.
package struct SweepTurns: Sendable {
  /// The motion in each sweep.
  package private(set) var first = Twist()
  /// See ``first``.
  package private(set) var second = Twist()
  /// The start of the first sweep from the start of the second.
  package private(set) var firstFromSecond: RigidTransform
  /// Root mean square residual of the pairs within the gate before and after, metres.
  package private(set) var rmse = (before: 0.0, after: 0.0)
  /// How many pairs the last step had.
  package private(set) var pairs = 0

  /// A step that turns by less than this ends the iteration, radians.
  private static let tolerance = 1e-6
  /// A turn of 0.2 rad in a sweep is as unusual as a residual of a twentieth of the gate: what nothing fixes stays zero.
  private static let prior = 0.2

  /// Finds the turns of two scans.
  /// - Parameters:
  ///   - pose: the first scan from the second as they are, to a few voxels.
  ///   - voxel: the working resolution, metres.
  package init(_ first: TimedScan, _ second: TimedScan, pose: RigidTransform, voxel: Double) throws(RegistrationError) {
    firstFromSecond = pose
    for iteration in 0..<40 {
      let gate = max(1.5 * pow(0.85, Double(iteration)), 0.5) * voxel
      let system = Self.system(
        first.still(SweepWarp(self.first)), second.still(SweepWarp(self.second)), first.shares, second.shares,
        firstFromSecond, gate: gate, voxel: voxel)
      guard system.count >= 100 else {
        throw RegistrationError("the scans meet in \(system.count) points, at least 100 are needed to find the motion")
      }
      (pairs, rmse.after) = (system.count, system.rmse)
      if iteration == 0 { rmse.before = system.rmse }
      guard let step = self.step(system, gate: gate) else {
        throw RegistrationError("the scans leave their pose open")
      }
      apply(step)
      if iteration > 8, step.squaredNorm < Self.tolerance * Self.tolerance { break }
    }
  }

  private typealias System = (matrix: Matrix<Double>, gradient: [Double], count: Int, rmse: Double)

  private static func system(
    _ first: PointCloud, _ second: PointCloud, _ shares: [Double], _ otherShares: [Double], _ pose: RigidTransform,
    gate: Double, voxel: Double
  ) -> System {
    let surface = NormalEstimation(radius: Float(voxel))(first.positions)
    let tree = KDTree(first.positions)
    let moved = (0..<second.count).map { pose(second.position($0)) - first.origin }
    let nearest = tree.nearest(to: moved.map { SIMD3<Float>($0) }, within: Float(gate))
    let back = pose.rotation.inverse
    let kernel = 1 / (0.15 * voxel * 0.15 * voxel)
    var system: System = (Matrix(rows: 12, columns: 12), [Double](repeating: 0, count: 12), 0, 0)
    var (weight, squared) = (0.0, 0.0)
    for (i, found) in nearest.enumerated() where found.index >= 0 {
      let j = Int(found.index)
      let n = Point3(surface.normals[j])
      guard n.squaredLength > 0.5, surface.curvature(j) < 0.05 else { continue }
      let (x, p) = (moved[i] + first.origin, first.position(j))
      let r = (x - p).dot(n)
      let root = 1 / (1 + r * r * kernel)
      let w = root * root
      let own = second.position(i).cross(back(n)) * otherShares[i]
      let j12 = [x.cross(n), n, p.cross(n) * -shares[j], own].flatMap { [$0.x, $0.y, $0.z] }
      system.matrix.addOuter(j12, j12, times: w)
      system.gradient.add(j12, times: -w * r)
      system.count += 1
      (weight, squared) = (weight + w, squared + w * r * r)
    }
    system.rmse = weight > 0 ? (squared / weight).squareRoot() : 0
    return system
  }

  private func step(_ system: System, gate: Double) -> [Double]? {
    var (matrix, gradient) = (system.matrix, system.gradient)
    let stiffness = (0.05 * gate / Self.prior) * (0.05 * gate / Self.prior)
    for (k, value) in [first.rotation, second.rotation].flatMap({ [$0.x, $0.y, $0.z] }).enumerated() {
      matrix[6 + k, 6 + k] += stiffness
      gradient[6 + k] -= stiffness * value
    }
    return (try? Cholesky(matrix))?.solve(gradient)
  }

  private mutating func apply(_ x: [Double]) {
    let twist = Twist(rotation: Point3(x[0], x[1], x[2]), translation: Point3(x[3], x[4], x[5]))
    firstFromSecond = firstFromSecond.perturbed(by: twist, about: .zero)
    first.rotation += Point3(x[6], x[7], x[8])
    second.rotation += Point3(x[9], x[10], x[11])
  }
}
