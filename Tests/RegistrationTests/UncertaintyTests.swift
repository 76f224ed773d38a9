import Geometry
import LinearAlgebra
import PointClouds
import Registration
import Simulation
import Testing

/// What `Registrar.Settings.covariance` says about a pose.
@Suite struct UncertaintyTests {
  private let pair = SimulatedPair(.object, seed: 7)

  private func covariance(
    _ method: Registrar.Settings.Covariance, _ source: PointCloud, _ target: PointCloud
  ) throws -> (result: RegistrationResult, covariance: PoseCovariance) {
    var settings = Registrar.Settings()
    settings.covariance = method
    let result = try Registrar(settings: settings)(source: source, target: target)
    guard case .known(let covariance) = result.uncertainty else {
      throw RegistrationError("no covariance: \(result.uncertainty.map { "\($0)" } ?? "nil")")
    }
    return (result, covariance)
  }

  @Test func nothingIsSaidUnlessItIsAskedFor() throws {
    #expect(try Registrar()(source: pair.source, target: pair.target).uncertainty == nil)
  }

  @Test func theCovarianceIsSymmetricPositiveAndFitsTheError() throws {
    let (result, found) = try covariance(.laplace, pair.source, pair.target)
    var matrix = Matrix<Double>(rows: 6, columns: 6)
    for r in 0..<6 { for c in 0..<6 { matrix[r, c] = found.rows[r][c] } }
    #expect(matrix.isFinite && (matrix - matrix.transposed).largestMagnitude == 0)
    let error = (pair.targetFromSource * result.targetFromSource.inverse).logarithm
    let e = [error.rotation, error.translation].flatMap { [$0.x, $0.y, $0.z] }
    // In six dimensions one error in ten thousand lies beyond 27.9, and one in ten thousand below 0.15.
    let size = e.dot(try Cholesky(matrix).solve(e))
    #expect(size > 0.15 && size < 27.9, "\(size)")
    #expect(found.patches >= 4 && found.isCalibrated == (found.patches >= 6))
  }

  @Test func theVariationalFitAgreesWhereManyPointsMakeThePosteriorGaussian() throws {
    let (_, laplace) = try covariance(.laplace, pair.source, pair.target)
    let (_, fitted) = try covariance(.variational, pair.source, pair.target)
    for k in 0..<6 { #expect(abs(fitted.rows[k][k] / laplace.rows[k][k] - 1) < 0.35) }
    #expect(fitted.method == .variational && !fitted.isCalibrated)
  }

  /// A frame change of the target by G turns `exp(ξ) T` into `exp(Ad(G) ξ) G T`.
  @Test func theCovarianceFollowsAChangeOfTheTargetsFrame() throws {
    let shift = RigidTransform(translation: Point3(0.25, -0.5, 0.125))
    let (_, here) = try covariance(.laplace, pair.source, pair.target)
    let (_, there) = try covariance(.laplace, pair.source, pair.target.transformed(by: shift))
    var adjoint = Matrix<Double>.identity(6)
    for c in 0..<3 {
      var axis = Point3.zero
      axis[c] = 1
      // v' = v + t × ω
      let column = shift.translation.cross(axis)
      for r in 0..<3 { adjoint[3 + r, c] = column[r] }
    }
    let before = Matrix(rows: 6, columns: 6, here.rows.flatMap { $0 })
    let after = Matrix(rows: 6, columns: 6, there.rows.flatMap { $0 })
    let moved = (adjoint * before).timesTransposed(adjoint)
    for k in 0..<6 { #expect(abs(moved[k, k] / after[k, k] - 1) < 0.2, "\(k): \(moved[k, k]) \(after[k, k])") }
  }

  @Test func aWallThatSlidesHasAReasonInPlaceOfANumber() throws {
    var random = SeededGenerator(seed: 3)
    func wall() -> PointCloud {
      PointCloud(
        positions: (0..<5000).map { _ in
          SIMD3<Float>(Point3(random.uniform(-2, 2), random.uniform(-2, 2), 0.002 * random.gaussian()))
        })
    }
    var settings = Registrar.Settings()
    (settings.covariance, settings.initial) = (.laplace, .identity)
    let result = try Registrar(settings: settings)(source: wall(), target: wall())
    guard case .unknown(let reason) = result.uncertainty else {
      Issue.record("a number for a pose that is open: \(String(describing: result.uncertainty))")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test func directionsThatAreForbiddenHaveNoError() throws {
    var settings = Registrar.Settings()
    (settings.covariance, settings.motion, settings.initial) = (.laplace, .translation, .identity)
    let source = pair.source.transformed(by: pair.targetFromSource)
    let result = try Registrar(settings: settings)(source: source, target: pair.target)
    guard case .known(let covariance) = result.uncertainty else {
      Issue.record("no number: \(String(describing: result.uncertainty))")
      return
    }
    for r in 0..<6 { for c in 0..<6 where r < 3 || c < 3 { #expect(covariance.rows[r][c] == 0) } }
    #expect(covariance.rows[3][3] > 0 && !covariance.isCalibrated)
  }
}
