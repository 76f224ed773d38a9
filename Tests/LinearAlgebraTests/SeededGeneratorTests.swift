import LinearAlgebra
import Testing

@Suite struct SeededGeneratorTests {
  @Test func theSameSeedGivesTheSameStream() {
    var (a, b) = (SeededGenerator(seed: 4), SeededGenerator(seed: 4))
    #expect(a.gaussians(10) == b.gaussians(10))
    var (c, d) = (SeededGenerator(seed: 4, stream: 0), SeededGenerator(seed: 4, stream: 1))
    #expect(c.next() != d.next())
  }

  /// Moments of a standard normal number: 0, 1, 0, 3, each within five standard errors.
  @Test func gaussianMomentsAreThoseOfTheNormalDistribution() {
    var random = SeededGenerator(seed: 11)
    let numbers = random.gaussians(100_000)
    let moments = (1...4).map { power in
      numbers.reduce(0) { sum, x in sum + (0..<power).reduce(1.0) { p, _ in p * x } } / 100_000
    }
    #expect(abs(moments[0]) < 0.016 && abs(moments[1] - 1) < 0.023)
    #expect(abs(moments[2]) < 0.062 && abs(moments[3] - 3) < 0.16)
  }

  @Test func permutationsHoldEveryNumberOnce() {
    var random = SeededGenerator(seed: 2)
    #expect(random.permutation(50).sorted() == Array(0..<50))
    #expect(random.permutation(0).isEmpty && random.permutation(1) == [0])
    let indices = (0..<1000).map { _ in random.index(below: 3) }
    #expect(Set(indices) == [0, 1, 2])
  }
}
