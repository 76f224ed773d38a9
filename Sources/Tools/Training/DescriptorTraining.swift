import Parallelism
import Registration
import Simulation

/// Fits a descriptor map to simulated pairs and measures what it gains on others.
struct DescriptorTraining: Sendable {
  /// The kinds of scenes; each counts the same.
  let kinds: [SimulatedPair.Kind]
  /// Pairs of every kind to fit to.
  let pairs: Int
  /// The seed of all pairs.
  let seed: UInt64
  /// How the map is fitted.
  let fit: DescriptorMapFit
  /// Whether every pair is also fitted to the other way round.
  var swapsPairs = false
  /// Pairs of every kind to measure on.
  var heldOut = 24

  /// The means over the held-out pairs of a kind.
  struct Gain: Sendable {
    let kind: SimulatedPair.Kind
    /// How many pairs were measured.
    var pairs = 0
    /// Inlier ratio of mutual matches, fixed and mapped.
    var share = (fixed: 0.0, mapped: 0.0)
    /// Mutual matches, fixed and mapped.
    var matches = (fixed: 0.0, mapped: 0.0)
  }

  /// What a training finds.
  struct Outcome: Sendable {
    let map: DescriptorMap
    let eigenvalues: [Double]
    let gains: [Gain]
  }

  /// Trains and measures.
  /// - Parameter provenance: the first lines of the map's provenance.
  /// - Throws: ``DescriptorMapError`` when the pairs do not fix a map.
  func callAsFunction(provenance: [String]) throws(DescriptorMapError) -> Outcome {
    var scatters: [DescriptorScatter] = []
    for kind in kinds {
      let scatter = gather(kind)
      scatters.append(scatter)
      Console.say(
        "gathered", "\(kind.rawValue): \(scatter.pairs.grouped) pairs, \(scatter.matches.grouped) true matches")
    }
    let solution = try fit(scatters)
    let unnamed = try solution.map(provenance: [])
    let gains = kinds.map { gain(of: unnamed, $0) }
    var lines = provenance
    for (kind, scatter) in zip(kinds, scatters) {
      lines.append("fitted to \(scatter.pairs) \(kind.rawValue) pairs with \(scatter.matches) true matches")
    }
    lines += gains.map { "held out, \(DescriptorTraining.text($0))" }
    return Outcome(map: try solution.map(provenance: lines), eigenvalues: solution.eigenvalues, gains: gains)
  }

  /// The gain as a line.
  static func text(_ gain: Gain) -> String {
    func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
    return "\(gain.pairs) \(gain.kind.rawValue) pairs: inlier ratio \(percent(gain.share.fixed)) fixed, "
      + "\(percent(gain.share.mapped)) mapped; matches \(Int(gain.matches.fixed.rounded())) fixed, "
      + "\(Int(gain.matches.mapped.rounded())) mapped"
  }

  /// The scatter of all pairs of a kind, added up in their order.
  private func gather(_ kind: SimulatedPair.Kind) -> DescriptorScatter {
    let source = TrainingPairs(kind: kind, seed: seed)
    let dimension = DescriptorExtractor(voxel: 1).dimension
    var sum = DescriptorScatter(dimension: dimension)
    forEachPair(source, pairs, "fitting to \(kind.rawValue)s") { pair in
      var own = DescriptorScatter(dimension: dimension)
      own.add(pair, bothWays: swapsPairs)
      return own
    } then: {
      sum.add($0)
    }
    return sum
  }

  /// What a map gains on the held-out pairs of a kind.
  private func gain(of map: DescriptorMap, _ kind: SimulatedPair.Kind) -> Gain {
    var gain = Gain(kind: kind)
    let source = TrainingPairs(kind: kind, seed: seed, isHeldOut: true)
    forEachPair(source, heldOut, "measuring \(kind.rawValue)s") {
      ($0.inliers(nil), $0.inliers(map))
    } then: {
      gain.pairs += 1
      gain.share.fixed += $0.share
      gain.share.mapped += $1.share
      gain.matches.fixed += Double($0.matches)
      gain.matches.mapped += Double($1.matches)
    }
    let n = Double(max(1, gain.pairs))
    gain.share = (gain.share.fixed / n, gain.share.mapped / n)
    gain.matches = (gain.matches.fixed / n, gain.matches.mapped / n)
    return gain
  }

  /// Works on pairs a few at a time and hands on what comes of them in their order; unusable pairs are passed over.
  private func forEachPair<T: Sendable>(
    _ source: TrainingPairs, _ count: Int, _ activity: String, _ work: @Sendable (RegisteredPair) -> T,
    then take: (T) -> Void
  ) {
    let batch = 8
    for start in stride(from: 0, to: count, by: batch) {
      Console.progress("\(activity): \(start) of \(count)")
      for result in Parallel.map(min(batch, count - start), grain: 1, { source(start + $0).map(work) }) {
        if let result { take(result) }
      }
    }
  }
}
