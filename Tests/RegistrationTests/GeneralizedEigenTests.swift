import LinearAlgebra
import Testing

/// Rows of normal numbers.
func normalRows(_ count: Int, dimension: Int, seed: UInt64) -> [Double] {
  var rng = SeededGenerator(seed: seed)
  return (0..<count * dimension).map { _ in rng.gaussian() }
}

@Suite struct GeneralizedEigenTests {
  /// A symmetric matrix with eigenvalues of both signs, or a positive definite one.
  private func symmetric(_ n: Int, seed: UInt64, definite: Bool) -> [Double] {
    let x = normalRows(definite ? 2 * n : n, dimension: n, seed: seed)
    var result = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0..<n {
        result[i * n + j] =
          definite
          ? (0..<2 * n).reduce(0) { $0 + x[$1 * n + i] * x[$1 * n + j] } / Double(n)
          : x[i * n + j] + x[j * n + i]
      }
    }
    return result
  }

  private func product(_ a: [Double], _ v: ArraySlice<Double>) -> [Double] {
    let (n, v) = (v.count, Array(v))
    return (0..<n).map { i in (0..<n).reduce(0) { $0 + a[i * n + $1] * v[$1] } }
  }

  @Test("A v = λ B v, V B Vᵀ = I, and λ descends", arguments: [1, 2, 7, 40])
  func law(n: Int) throws {
    let (a, b) = (symmetric(n, seed: 1, definite: false), symmetric(n, seed: 2, definite: true))
    let eigen = try #require(GeneralizedEigen(a, b, dimension: n))
    #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 >= $1 })
    for k in 0..<n {
      let v = eigen.vectors[k * n..<(k + 1) * n]
      let (av, bv) = (product(a, v), product(b, v))
      #expect(zip(av, bv).allSatisfy { abs($0 - eigen.values[k] * $1) < 1e-9 })
      for l in 0..<n {
        let scalar = zip(eigen.vectors[l * n..<(l + 1) * n], bv).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(scalar - (k == l ? 1 : 0)) < 1e-10)
      }
      #expect((v.max { abs($0) < abs($1) } ?? 0) > 0)
    }
  }

  @Test func whatHasNoSolutionGivesNone() {
    #expect(GeneralizedEigen([1, 0, 0, 1], [1, 0, 0, 0], dimension: 2) == nil)
    #expect(GeneralizedEigen([1, 0, 0, 1], [1, 0, 0, -1], dimension: 2) == nil)
    #expect(GeneralizedEigen([1, .nan, .nan, 1], [1, 0, 0, 1], dimension: 2) == nil)
    #expect(GeneralizedEigen([], [], dimension: 0)?.values == [])
  }

  @Test("scatter matrices equal their definition, in one go or in parts")
  func scatter() {
    let (n, count) = (5, 31)
    let rows = normalRows(count, dimension: n, seed: 3)
    var (whole, part, rest) = (
      ScatterMatrix(dimension: n), ScatterMatrix(dimension: n), ScatterMatrix(dimension: n)
    )
    whole.add(rows)
    part.add(Array(rows[..<(4 * n)]))
    rest.add(Array(rows[(4 * n)...]))
    part.add(rest)
    part.add([])
    let mean = (0..<n).map { k in (0..<count).reduce(0) { $0 + rows[$1 * n + k] } / Double(count) }
    #expect(whole.count == count && part.count == count)
    for (k, l) in (0..<n).flatMap({ k in (0..<n).map { (k, $0) } }) {
      let raw = (0..<count).reduce(0) { $0 + rows[$1 * n + k] * rows[$1 * n + l] } / Double(count)
      for matrix in [whole, part] {
        #expect(abs(matrix.mean[k] - mean[k]) < 1e-12)
        #expect(abs(matrix.moment()[k * n + l] - raw) < 1e-12)
        #expect(abs(matrix.moment(about: mean)[k * n + l] - (raw - mean[k] * mean[l])) < 1e-12)
      }
    }
    #expect(ScatterMatrix(dimension: 2).moment() == [0, 0, 0, 0])
  }
}
