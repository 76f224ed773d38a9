import Geometry
import LinearAlgebra
import Registration

/// How the errors of poses compare with their covariances: NEES, the squared error in units of the covariance.
///
/// For errors e with covariance C in six dimensions, `eᵀ C⁻¹ e` has the mean 6 and lies below 12.59 in 95 % of the cases.
struct CalibrationTally {
  /// The 95 % quantile of chi squared with six degrees of freedom.
  static let limit = 12.5916
  private(set) var values: [Double] = []
  /// How many patches each covariance rests on.
  private var patches: [Double] = []

  /// Adds a pose with a covariance and its truth; false where it has none.
  mutating func add(_ result: RegistrationResult, truth: RigidTransform) -> Bool {
    guard case .known(let covariance) = result.uncertainty else { return false }
    let local = truth.rebased(sourceOrigin: result.offset, targetOrigin: result.offset)
    let error = (local * result.localTransform.inverse).logarithm
    let e = [error.rotation, error.translation].flatMap { [$0.x, $0.y, $0.z] }
    // In deviations, because radians and metres differ by orders of magnitude.
    let scale = (0..<6).map { covariance.rows[$0][$0].squareRoot() }
    var normalized = Matrix<Double>(rows: 6, columns: 6)
    for r in 0..<6 { for c in 0..<6 { normalized[r, c] = covariance.rows[r][c] / (scale[r] * scale[c]) } }
    let unit = zip(e, scale).map { $0 / $1 }
    guard let factor = try? Cholesky(normalized) else { return false }
    values.append(unit.dot(factor.solve(unit)))
    patches.append(covariance.patches)
    return true
  }

  /// Both tallies together.
  static func + (a: CalibrationTally, b: CalibrationTally) -> CalibrationTally {
    var sum = a
    sum.values += b.values
    sum.patches += b.patches
    return sum
  }

  /// Those that rest on so many patches or more.
  func resting(on least: Double) -> CalibrationTally {
    var tally = CalibrationTally()
    for (value, count) in zip(values, patches) where count >= least {
      tally.values.append(value)
      tally.patches.append(count)
    }
    return tally
  }

  /// Mean over 6, median over that of chi squared, and the share within the limit, as cells of a table.
  var cells: [String] {
    if values.isEmpty { return ["-", "-", "-"] }
    let within = Double(values.filter { $0 <= Self.limit }.count) / Double(values.count)
    func text(_ x: Double, _ places: Double) -> String { "\((x * places).rounded() / places)" }
    return [text(values.mean / 6, 100), text(values.median / 5.3481, 100), text(100 * within, 10)]
  }
}
