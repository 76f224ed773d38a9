import Foundation
import LinearAlgebra
import Solvers

/// A decoder `W₂ tanh(W₁ z)` from 16 latents over 64 units to 128 outputs, with the linear encoder that ridge regression
/// finds from 4000 samples: a stand-in for the networks of a diffusion model.
struct DecoderPair: Sendable {
  let inner, outer, encoder: Matrix<Double>

  init(gain: Double, using random: inout SeededGenerator) {
    inner = random.gaussianMatrix(rows: 64, columns: 16, times: 2 * gain / 4)
    outer = random.gaussianMatrix(rows: 128, columns: 64, times: 1.0 / 8)
    let latents = random.gaussianMatrix(rows: 16, columns: 4000)
    let hidden = inner * latents
    let images = outer * Matrix(rows: 64, columns: 4000, hidden.elements.map { tanh($0) })
    let gram = images.timesTransposed(images) + 0.1 * .identity(128)
    // Positive definite by its ridge.
    encoder = (try? Cholesky(gram))?.solve(images.timesTransposed(latents)).transposed ?? Matrix(rows: 16, columns: 128)
  }

  func decode(_ z: [Double]) -> [Double] { outer * (inner * z).map { tanh($0) } }

  /// The gradient of `|D(z) - x|²`.
  func gradient(_ z: [Double], _ x: [Double]) -> [Double] {
    let h = (inner * z).map { tanh($0) }
    let pull = outer.transposedTimes((outer * h).subtracting(x))
    return inner.transposedTimes(zip(h, pull).map { 2 * (1 - $0 * $0) * $1 })
  }
}

/// One latent, inverted in every way; errors are |z - z*|² / |z*|² in dB after 100 iterations.
struct DecoderTrial: Sendable {
  var encoder, forward, half, inertial, heavy, adaptive, gradient: Double
  /// The smallest cocoercivity on the way of the forward step, and the share of its steps that come nearer.
  var cocoercivity, monotonicShare: Double
  let residuals: [Double]

  init(_ pair: DecoderPair, latent z: [Double]) {
    let x = pair.decode(z)
    let start = pair.encoder * x
    func decibel(_ found: [Double]) -> Double {
      10 * log10(found.subtracting(z).squaredNorm / z.squaredNorm + 1e-300)
    }
    func solve(_ method: FixedPointInverse.Method, path: Bool = false) -> FixedPointReport {
      var solver = FixedPointInverse(method: method, iterations: 100)
      solver.keepsPath = path
      return solver.invert(x, decoder: pair.decode) { pair.encoder * $0 }
    }
    encoder = decibel(start)
    let run = solve(.forwardStep(relaxation: 1), path: true)
    forward = decibel(run.solution)
    residuals = run.residualNorms
    half = decibel(solve(.forwardStep(relaxation: 0.5)).solution)
    inertial = decibel(solve(.inertial(inertia: 0.5, step: 0.45)).solution)
    heavy = decibel(solve(.inertial(inertia: 0.9, step: 0.0129)).solution)
    adaptive = decibel(solve(.adaptive(rate: 0.1)).solution)
    let descent = FixedPointInverse(method: .adaptive(rate: 0.1), iterations: 100)
    gradient = decibel(descent(from: start) { pair.gradient($0, x) }.solution)
    cocoercivity = run.cocoercivity(zero: z) ?? .nan
    let distances = run.path.map { $0.point.subtracting(z).norm }.prefix { $0 > 1e-12 }
    let steps = max(1, distances.count - 1)
    monotonicShare = Double(zip(distances, distances.dropFirst()).count { $1 < $0 }) / Double(steps)
  }
}
