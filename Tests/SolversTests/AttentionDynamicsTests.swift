import LinearAlgebra
import Solvers
import Testing

@Suite struct AttentionDynamicsTests {
  private func layer(_ kernel: KernelAttention.Kernel, seed: UInt64 = 6) -> (
    KernelAttention, Matrix<Double>, Matrix<Double>
  ) {
    var random = SeededGenerator(seed: seed)
    let heads = (0..<2).map { _ in
      KernelAttention.Head(
        query: random.gaussianMatrix(rows: 4, columns: 2), key: random.gaussianMatrix(rows: 4, columns: 2),
        value: random.gaussianMatrix(rows: 4, columns: 2), output: random.gaussianMatrix(rows: 2, columns: 3))
    }
    return (
      KernelAttention(heads: heads, kernel: kernel, tokens: 3), random.gaussianMatrix(rows: 6, columns: 4),
      random.gaussianMatrix(rows: 6, columns: 3)
    )
  }

  @Test(arguments: KernelAttention.Kernel.allCases) func gradientsAgreeWithCentralDifferences(
    kernel: KernelAttention.Kernel
  ) {
    let (layer, x, targets) = layer(kernel)
    let found = layer.lossAndGradients(x, targets: targets)
    #expect(abs(found.loss - (layer(x) - targets).squaredNorm / 36) < 1e-14)
    for h in 0..<2 {
      let query = gradientError(
        {
          var moved = layer
          moved.heads[h].query.elements = $0
          return moved.lossAndGradients(x, targets: targets).loss
        }, gradient: found.heads[h].query.elements, at: layer.heads[h].query.elements)
      let key = gradientError(
        {
          var moved = layer
          moved.heads[h].key.elements = $0
          return moved.lossAndGradients(x, targets: targets).loss
        }, gradient: found.heads[h].key.elements, at: layer.heads[h].key.elements)
      #expect(query < 1e-6 && key < 1e-6)
    }
  }

  @Test func weightsAreSharesUnlessTheGaussianIsBare() {
    for kernel in KernelAttention.Kernel.allCases {
      let (layer, x, _) = layer(kernel)
      let weights = layer.weights(layer.heads[0], x)
      let sums = (0..<6).map { weights.row($0).reduce(0, +) }
      #expect(weights.elements.allSatisfy { $0 >= 0 && $0 <= 1 })
      #expect(sums.allSatisfy { kernel == .gaussian ? $0 <= 3 : abs($0 - 1) < 1e-14 })
    }
  }

  /// Samples do not see each other, and reordering a sample's tokens reorders its outputs.
  @Test func samplesAreSeparateAndTokensEquivariant() {
    let (layer, x, _) = layer(.softmax)
    let all = layer(x)
    let first = layer(Matrix(rows: 3, columns: 4, Array(x.elements.prefix(12))))
    #expect(first.elements == Array(all.elements.prefix(9)))
    let swapped = layer(Matrix(rows: 3, columns: 4, x.row(1) + x.row(0) + x.row(2)))
    #expect(swapped.row(0).subtracting(first.row(1)).norm < 1e-14)
  }

  @Test func conditioningCountsTheRankAndPredictsDescent() throws {
    let (layer, x, _) = layer(.softmax)
    let conditioning = try AttentionConditioning(layer, x)
    #expect(conditioning.rank == 6 && conditioning.fitsAll)
    let losses = conditioning.losses(after: 200, targets: [1, -1, 0, 2, 1, 0])
    for (now, next) in zip(losses, losses.dropFirst()) {
      #expect(next <= now * conditioning.rate * conditioning.rate + 1e-15)
    }
    let narrow = try AttentionConditioning(layer, Matrix(rows: 12, columns: 4, x.elements + x.elements))
    #expect(!narrow.fitsAll && narrow.rate == 1)
  }
}
