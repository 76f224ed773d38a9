import Foundation
import LinearAlgebra
import Testing

@Suite struct FactorizationTests {
  /// A symmetric positive definite matrix.
  private func definite(_ n: Int, seed: UInt64 = 3) -> Matrix<Double> {
    var random = SeededGenerator(seed: seed)
    let g = random.gaussianMatrix(rows: n + 2, columns: n)
    return g.transposedTimes(g)
  }

  private func distance(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
    (a - b).largestMagnitude / max(b.largestMagnitude, 1)
  }

  @Test(arguments: [1, 2, 7, 40]) func choleskyFactorsAndSolves(n: Int) throws {
    let a = definite(n)
    let factor = try Cholesky(a)
    #expect(distance(factor.lower.timesTransposed(factor.lower), a) < 1e-13)
    #expect(factor.lower == factor.lower.lowerTriangle)
    #expect(distance(factor.inverse * a, .identity(n)) < 1e-9)
    let b = (0..<n).map { Double($0) - 1 }
    #expect((a * factor.solve(b)).subtracting(b).norm < 1e-9)
    let eigen = try SymmetricEigen(a)
    #expect(abs(factor.logDeterminant - eigen.values.reduce(0) { $0 + log($1) }) < 1e-9)
  }

  @Test func choleskyNamesTheMinorThatIsNotPositive() {
    #expect(throws: FactorizationError.notPositiveDefinite(order: 2)) {
      try Cholesky(Matrix(rows: 2, columns: 2, [1, 2, 2, 1]))
    }
    #expect(throws: FactorizationError.notFinite) { try Cholesky(Matrix(rows: 1, columns: 1, [.nan])) }
  }

  /// numpy.linalg: eigvalsh([[2, 1, 0], [1, 3, -1], [0, -1, 4]]) and svd([[1, 2], [3, 4], [5, 6]]).
  @Test func valuesAgreeWithNumPy() throws {
    let eigen = try SymmetricEigen(Matrix(rows: 3, columns: 3, [2, 1, 0, 1, 3, -1, 0, -1, 4]))
    let expected = [3 - 3.0.squareRoot(), 3, 3 + 3.0.squareRoot()]
    #expect(eigen.values.subtracting(expected).norm < 1e-14)
    let svd = try SingularValues(Matrix(rows: 3, columns: 2, [1, 2, 3, 4, 5, 6]))
    #expect(svd.values.subtracting([9.525518091565104, 0.5143005806586446]).norm < 1e-13)
  }

  @Test func eigenvectorsAreOrthonormalAndReassemble() throws {
    let a = definite(9) - 3.0 * Matrix.identity(9)
    let eigen = try SymmetricEigen(a)
    #expect(distance(eigen.vectors.timesTransposed(eigen.vectors), .identity(9)) < 1e-13)
    #expect(distance(eigen.reassembled { $0 }, a) < 1e-13)
    #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test(arguments: [(5, 3), (3, 5), (4, 4), (1, 1), (6, 0), (70, 60)])
  func singularValuesReassemble(m: Int, n: Int) throws {
    var random = SeededGenerator(seed: 8)
    let a = random.gaussianMatrix(rows: m, columns: n)
    let svd = try SingularValues(a)
    #expect(distance(svd.left * Matrix(diagonal: svd.values) * svd.rightTransposed, a) < 1e-13)
    #expect(distance(svd.left.transposedTimes(svd.left), .identity(min(m, n))) < 1e-13)
    #expect(svd.rank() == min(m, n))
  }

  @Test func rankCountsWhatIsLarge() throws {
    let column = Matrix<Double>(rows: 3, columns: 1, [1, 2, 3])
    #expect(try SingularValues(column.timesTransposed(column)).rank() == 1)
    #expect(try SingularValues(Matrix(rows: 2, columns: 2)).rank() == 0)
  }

  @Test(arguments: [(4, 4), (9, 3), (1, 1)]) func qrFactorsAreOrthonormalAndTriangular(m: Int, n: Int) throws {
    var random = SeededGenerator(seed: 5)
    let a = random.gaussianMatrix(rows: m, columns: n)
    let factors = try QRFactors(a)
    #expect(distance(factors.q * factors.r, a) < 1e-13)
    #expect(distance(factors.q.transposedTimes(factors.q), .identity(n)) < 1e-13)
    #expect(factors.r.transposed == factors.r.transposed.lowerTriangle)
    #expect(factors.r.diagonal.allSatisfy { $0 >= 0 })
  }

  @Test func rootsSquareToTheMatrix() throws {
    let a = definite(6)
    let root = try a.positiveRoot()
    #expect(distance(root * root, a) < 1e-12)
    #expect(distance(try a.inversePositiveRoot() * root, .identity(6)) < 1e-9)
    let flat = Matrix<Double>(diagonal: [4, 0])
    #expect(distance(try flat.inversePositiveRoot(), Matrix(diagonal: [0.5, 0])) < 1e-15)
  }

  /// The laws of Pusz and Woronowicz: G A⁻¹ G = B, A # B = B # A, (C A Cᵀ) # (C B Cᵀ) = C (A # B) Cᵀ.
  @Test func geometricMeanObeysItsLaws() throws {
    let (a, b) = (definite(5, seed: 1), definite(5, seed: 2))
    let mean = try a.geometricMean(b)
    #expect(distance(mean * (try Cholesky(a).inverse) * mean, b) < 1e-8)
    #expect(distance(try b.geometricMean(a), mean) < 1e-9)
    var random = SeededGenerator(seed: 7)
    let c = random.gaussianMatrix(rows: 5, columns: 5)
    let moved = try (c * a).timesTransposed(c).geometricMean((c * b).timesTransposed(c))
    #expect(distance(moved, (c * mean).timesTransposed(c)) < 1e-8)
    #expect(distance(try a.geometricMean(a), a) < 1e-10)
  }
}
