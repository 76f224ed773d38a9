import LinearAlgebra
import Testing

@Suite struct MatrixTests {
  @Test func productsOfEveryOrientationAgreeWithTheSum() {
    var random = SeededGenerator(seed: 1)
    let a = random.gaussianMatrix(rows: 3, columns: 5)
    let b = random.gaussianMatrix(rows: 5, columns: 4)
    var expected = Matrix<Double>(rows: 3, columns: 4)
    for r in 0..<3 { for c in 0..<4 { expected[r, c] = (0..<5).reduce(0) { $0 + a[r, $1] * b[$1, c] } } }
    for product in [a * b, a.transposed.transposedTimes(b), a.timesTransposed(b.transposed)] {
      #expect((product - expected).largestMagnitude < 1e-14)
    }
    let x = random.gaussians(5)
    #expect((a * x).subtracting((0..<3).map { a.row($0).dot(x) }).norm < 1e-14)
    #expect((a.transposed.transposedTimes(x)).subtracting(a * x).norm < 1e-14)
  }

  @Test func singlePrecisionMultipliesToo() {
    let a = Matrix<Float>(rows: 2, columns: 2, [1, 2, 3, 4])
    #expect((a * a).elements == [7, 10, 15, 22])
    #expect(a * [1, -1] == [-1, -1])
  }

  @Test func emptyMatricesHaveProducts() {
    let none = Matrix<Double>(rows: 0, columns: 3)
    #expect((none * Matrix(rows: 3, columns: 2)).elements.isEmpty)
    #expect((none.transposed * none).elements == [Double](repeating: 0, count: 9))
    #expect(none.transposedTimes([]) == [0, 0, 0])
  }

  @Test func outerProductsAddUp() {
    var m = Matrix<Double>.identity(2)
    m.addOuter([1, 2], [3, 4], times: 2)
    #expect(m.elements == [7, 8, 12, 17])
    #expect(m.trace == 24 && m.lowerTriangle.elements == [7, 0, 12, 17])
    #expect(m.symmetrized.elements == [7, 10, 10, 17])
    #expect(m.transposed.transposed == m && m.prefix(columns: 1).elements == [7, 12])
  }
}
