import Networks
import Parallelism
import Solvers

/// How far the attention layers of a network are from the balance that the noise of stochastic gradients gives to factors
/// of one map: means over heads, zero at the balance, at most 2. No loss shows it: predictions are the same for all members
/// of the family. See docs/solvers.md, "Noise equilibrium".
///
/// The balance is that of plain gradient descent; AdamW rescales its steps and has another one. Growth over a training says
/// that one factor takes over, which costs precision where weights are rounded.
public struct NoiseBalance: Sendable, Equatable {
  /// Of queries and keys.
  public var scores: Double
  /// Of values and outputs.
  public var values: Double

  /// A balance.
  public init(scores: Double, values: Double) { (self.scores, self.values) = (scores, values) }
}

extension BoxDenoiser {
  /// The balance, from the gradient of each sample by itself.
  public func noiseBalance(_ samples: [DenoiserTraining.Sample], _ parameters: [Float]) -> NoiseBalance {
    // Where boxes look at the search region, places are added to keys and values: nothing is shared there.
    let attentions = blocks.map(\.searchAttention) + refinements.map(\.attention)
    let (scores, values) = (attentions.flatMap(\.sharedScores), attentions.flatMap(\.sharedValues))
    let shared = scores + values
    var sums = shared.map { GradientBalance(channels: $0.channels.count) }
    let own = Parallel.map(samples.count, grain: 1) { number in
      var gradient = [Float](repeating: 0, count: parameters.count)
      _ = train([samples[number].input], [samples[number].target], parameters, &gradient)
      return shared.map {
        var balance = GradientBalance(channels: $0.channels.count)
        let rows = $0.rows(in: gradient)
        balance.add(first: rows.first, second: rows.second)
        return balance
      }
    }
    for one in own { for k in sums.indices { sums[k].add(one[k]) } }
    func mean(_ part: ArraySlice<GradientBalance>) -> Double {
      part.isEmpty ? 0 : part.reduce(0) { $0 + $1.mismatch } / Double(part.count)
    }
    return NoiseBalance(scores: mean(sums[..<scores.count]), values: mean(sums[scores.count...]))
  }
}
