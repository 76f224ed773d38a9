import Geometry
import Networks
import Parallelism
import PointClouds
import Tracking

/// Trains a tracker's network on simulated drives, writes checkpoints, and measures on drives that it never saw.
struct TrackerTrainingRun {
  /// Where training stands.
  var training: DenoiserTraining
  /// The file of checkpoints.
  let checkpoint: String
  /// Steps between two checkpoints.
  let interval: Int
  /// Held-out drives to measure on.
  var heldOut = 256
  /// How many of their samples the balance of the layers is measured on.
  var balanced = 32
  private var heldOutSamples: [DenoiserTraining.Sample]?

  init(training: DenoiserTraining, checkpoint: String, interval: Int) {
    (self.training, self.checkpoint, self.interval) = (training, checkpoint, interval)
  }

  /// What the held-out samples say.
  struct Measure: Sendable {
    /// How many samples show the object.
    var samples = 0
    /// Success of the prior boxes: the mean overlap with the right ones in percent.
    var prior = 0.0
    /// Success of the boxes after every block, and at last.
    var blocks: [Double] = []
    /// How far the attention layers are from the balance of gradient noise.
    var balance = NoiseBalance(scores: 0, values: 0)

    /// The balance as a line.
    var balanceText: String {
      "mismatch \(balance.scores.decimals(2)) of queries and keys, \(balance.values.decimals(2)) of values and outputs (0 at the "
        + "balance of gradient noise, at most 2)"
    }

    /// As a line.
    var text: String {
      "Success \((blocks.last ?? 0).decimals(1)) on \(samples) held-out samples (prior boxes \(prior.decimals(1)); after "
        + "each block \(blocks.map { $0.decimals(1) }.joined(separator: " ")))"
    }
  }

  /// Takes all steps that are left.
  mutating func callAsFunction() throws -> Measure {
    var samples = TrackerSamples(training.settings)
    var (loss, count) = (0.0, 0)
    var measured: Measure?
    while !training.isDone {
      samples.move(to: training.step)
      let (step, source) = (training.step, samples)
      loss += training.advance { source.sample(step: step, $0) }
      count += 1
      let steps = "step \(training.step.grouped) of \(training.settings.steps.grouped)"
      let success = measured.map { ", Success \(($0.blocks.last ?? 0).decimals(1))" } ?? ""
      Console.progress("\(steps), loss \((loss / Double(count)).decimals(3))\(success)")
      guard training.step % interval == 0 || training.isDone else { continue }
      try AtomicFile.write(training.checkpoint.bytes(.single), to: checkpoint, replacing: true)
      let found = measure()
      measured = found
      Console.remark("trained", "\(steps), loss \((loss / Double(count)).decimals(3)), \(found.text)")
      Console.remark("balance", found.balanceText)
      (loss, count) = (0, 0)
    }
    return measured ?? measure()
  }

  /// Places the boxes of held-out samples, which are made the first time.
  private mutating func measure() -> Measure {
    let (settings, network, parameters) = (training.settings, training.denoiser, training.parameters)
    let samples =
      heldOutSamples
      ?? Parallel.map(heldOut, grain: 1) { TrackerSamples.heldOut(settings, $0) }.filter(\.1).map(\.sample)
    heldOutSamples = samples
    let all = Parallel.map(samples.count, grain: 1) { number -> [Double]? in
      let sample = samples[number]
      guard let answer = network([sample.input], parameters).first else { return nil }
      let truth = Self.box(sample.target.box, sample.input.size)
      return ([.zero] + answer.boxes).map { Self.box($0, sample.input.size).intersectionOverUnion(with: truth) }
    }
    let found = all.compactMap { $0 }
    guard let first = found.first else { return Measure() }
    let means = first.indices.map { k in 100 * found.reduce(0) { $0 + $1[k] } / Double(found.count) }
    return Measure(
      samples: found.count, prior: means[0], blocks: Array(means.dropFirst()),
      balance: network.noiseBalance(Array(samples.prefix(balanced)), parameters))
  }

  private static func box(_ pose: SIMD4<Float>, _ size: Point3) -> Box3 {
    Box3(center: Point3(Double(pose.x), Double(pose.y), Double(pose.z)), size: size, yawRadians: Double(pose.w))
  }
}
