import Foundation
import LinearAlgebra
import Solvers
import Testing

@Suite struct NoiseEquilibriumTests {
  /// Where both sides have the same rank, the balanced layers balance; the function stays always.
  @Test func balancingKeepsTheFunctionAndEndsTheMismatch() throws {
    var random = SeededGenerator(seed: 4)
    let layers = FactorizedLayers(
      outer: random.gaussianMatrix(rows: 6, columns: 4), inner: random.gaussianMatrix(rows: 4, columns: 5))
    let noise = GradientNoise(
      deviation: 0.1 * random.gaussianMatrix(rows: 6, columns: 5),
      inputCovariance: Matrix(diagonal: [1, 2, 3, 0.5, 1]),
      noiseCovariance: .identity(6))
    let balanced = try layers.balanced(noise)
    #expect(layers.mismatch(noise) > 0.1)
    #expect(balanced.mismatch(noise) < 1e-11)
    #expect((balanced.product - layers.product).norm < 1e-11 * layers.product.norm)
    #expect(try balanced.balanced(noise).outer.elements.count == 24)
    // The point does not depend on the start within the family.
    let turn = random.gaussianMatrix(rows: 4, columns: 4)
    let back = try Cholesky(turn.transposedTimes(turn)).solve(turn.transposed)
    let moved = FactorizedLayers(outer: layers.outer * turn, inner: back * layers.inner)
    let again = try moved.balanced(noise)
    #expect(abs(again.outer.squaredNorm / balanced.outer.squaredNorm - 1) < 1e-7)
  }

  /// Gradients alone tell the same mismatch as the moments of inputs and residuals.
  @Test func gradientsTellTheMismatchOfFactorizedLayers() {
    var random = SeededGenerator(seed: 6)
    let layers = FactorizedLayers(
      outer: random.gaussianMatrix(rows: 3, columns: 4), inner: random.gaussianMatrix(rows: 4, columns: 5))
    var noise = GradientNoise(inputs: 5, outputs: 3)
    var (balance, half) = (GradientBalance(channels: 4), GradientBalance(channels: 4))
    for k in 0..<40 {
      let (x, r) = (random.gaussians(5), random.gaussians(3))
      noise.add(input: x, residual: r)
      // Of |U W x - y|²: dW = 2 Uᵀ r xᵀ, dU = 2 r (W x)ᵀ.
      let (back, seen) = (layers.outer.transposedTimes(r), layers.inner * x)
      let inner = Matrix(rows: 4, columns: 5, back.flatMap { b in x.map { 2 * b * $0 } })
      let outer = Matrix(rows: 4, columns: 3, seen.flatMap { s in r.map { 2 * s * $0 } })
      if k % 2 == 0 { balance.add(first: inner, second: outer) } else { half.add(first: inner, second: outer) }
    }
    balance.add(half)
    #expect(layers.mismatch(noise) > 0.1)
    #expect(abs(balance.mismatch - layers.mismatch(noise)) < 1e-12)
    #expect(GradientBalance(channels: 4).mismatch == 0)
  }

  /// E |r|² x xᵀ and E |x|² r rᵀ of many samples approach the closed form.
  @Test func momentsOfSamplesApproachTheClosedForm() {
    var random = SeededGenerator(seed: 5)
    let deviation = random.gaussianMatrix(rows: 2, columns: 3, times: 0.7)
    let variances = [0.5, 1, 2]
    var sampled = GradientNoise(inputs: 3, outputs: 2)
    for _ in 0..<60_000 {
      let x = variances.map { $0.squareRoot() * random.gaussian() }
      sampled.add(input: x, residual: (deviation * x).adding(random.gaussians(2, times: 0.5)))
    }
    let exact = GradientNoise(
      deviation: deviation, inputCovariance: Matrix(diagonal: variances), noiseCovariance: 0.25 * .identity(2))
    #expect((sampled.inner - exact.inner).norm < 0.05 * exact.inner.norm)
    #expect((sampled.outer - exact.outer).norm < 0.05 * exact.outer.norm)
  }

  /// At the balanced factor the drift -4γ (|a|² - |b|²) + s (Tr Σ_a - Tr Σ_b) is zero.
  @Test func rescalingEndsTheDrift() throws {
    let (a, b, noiseA, noiseB, decay, share) = (2.0, 5.0, 3.0, 0.7, 0.1, 0.3)
    let factor = try #require(
      FactorizedLayers.rescaling(
        squaredNorms: (a, b), noise: (noiseA, noiseB), decay: decay, stepOverBatch: share))
    let f2 = factor * factor
    // Gradients scale against their parameters.
    let drift = -4 * decay * (a * f2 - b / f2) + share * (noiseA / f2 - noiseB * f2)
    #expect(abs(drift) < 1e-12)
    #expect(
      FactorizedLayers.rescaling(squaredNorms: (1, 1), noise: (0, 0), decay: 0, stepOverBatch: 1) == nil)
  }

  @Test func layersOfZerosAreBalanced() throws {
    let layers = FactorizedLayers(outer: Matrix(rows: 2, columns: 3), inner: Matrix(rows: 3, columns: 2))
    let noise = GradientNoise(outer: .identity(2), inner: .identity(2))
    #expect(layers.mismatch(noise) == 0)
    #expect(try layers.balanced(noise).product.norm == 0)
  }
}
