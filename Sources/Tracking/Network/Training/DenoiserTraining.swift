import Networks

/// The training of a ``BoxDenoiser``, step by step. It can be written down after any step and taken up again, and goes on
/// with the same bits.
public struct DenoiserTraining: Sendable {
  /// How training goes.
  public struct Settings: Sendable {
    /// The network.
    public var shape: DenoiserShape
    /// How many steps.
    public var steps: Int
    /// Samples per step.
    public var batch = 32
    /// The highest learning rate.
    public var rate: Float = 1e-3
    /// The seed of the first weights and of all samples.
    public var seed: UInt64 = 1
    /// The network to begin with, of the same shape; nil begins with weights of the seed.
    public var start: TrainedDenoiser?
    /// Whether samples come also of what a tracker with the network to begin with asks.
    public var followsTracks = false
    /// What is trained.
    public var part = DenoiserPart.whole

    /// Settings.
    public init(shape: DenoiserShape, steps: Int) { (self.shape, self.steps) = (shape, steps) }

    /// What must be the same when training is taken up again.
    var text: String {
      "steps=\(steps) batch=\(batch) rate=\(rate) seed=\(seed)" + (start.map { " from=\($0.fingerprint)" } ?? "")
        + (followsTracks ? " rollouts=1" : "") + (part == .whole ? "" : " part=\(part.rawValue)")
    }

    var learningRate: LearningRate {
      LearningRate(peak: rate, end: rate / 100, warmUp: min(500, steps / 10), steps: steps)
    }
  }

  /// A question with its answer.
  public typealias Sample = (input: DenoisingInput, target: DenoisingTarget)

  /// How training goes.
  public let settings: Settings
  /// The network.
  public let denoiser: BoxDenoiser
  /// How many steps were taken.
  public private(set) var step = 0
  private var weights: [Float]
  private var average: WeightAverage
  private var moments: AdamW.State

  /// Into how many parts a batch is cut, each of which is worked on by one thread.
  private static let parts = 4

  /// Begins.
  public init(_ settings: Settings) {
    (self.settings, denoiser) = (settings, BoxDenoiser(settings.shape))
    precondition(settings.start?.denoiser.shape ?? settings.shape == settings.shape, "a start of another shape")
    weights = settings.start?.parameters ?? denoiser.layout.startValues(seed: settings.seed)
    average = WeightAverage(weights)
    moments = AdamW.State(count: weights.count)
  }

  /// Whether all steps were taken.
  public var isDone: Bool { step >= settings.steps }

  /// The averaged weights so far.
  public var parameters: [Float] { average.values }

  /// One step; returns the mean loss of its samples.
  /// - Parameter sample: the sample of a number below the size of a batch.
  @discardableResult
  public mutating func advance(_ sample: @Sendable (Int) -> Sample) -> Double {
    let (denoiser, weights, count, part) = (self.denoiser, self.weights, settings.batch, settings.part)
    let parts = min(DenoiserTraining.parts, count)
    var (loss, gradient) = BatchGradient(parts: parts)(parts, length: weights.count) { number, gradient in
      let samples = (count * number / parts..<count * (number + 1) / parts).map(sample)
      return denoiser.train(samples.map(\.input), samples.map(\.target), weights, &gradient, part: part)
    }
    // The mean over the parts of their sums.
    let share = Float(parts) / Float(count)
    for i in gradient.indices { gradient[i] *= share }
    loss *= Double(share)
    GradientClipping()(&gradient)
    AdamW().step(
      &self.weights, gradient: gradient, rate: settings.learningRate(step), &moments, denoiser.layout,
      only: denoiser.ranges(of: part))
    average.update(self.weights)
    step += 1
    return loss
  }

  /// Everything that is needed to go on.
  public var checkpoint: TensorFile {
    let layout = denoiser.layout
    let tensors =
      layout.tensors(weights, prefix: "weights.") + layout.tensors(average.values, prefix: "average.")
      + layout.tensors(moments.first, prefix: "first.") + layout.tensors(moments.second, prefix: "second.")
    return TensorFile(
      tensors: tensors,
      notes: [
        .init(TrainedDenoiser.shapeNote, settings.shape.text), .init("settings", settings.text),
        .init("step", "\(step)"),
      ])
  }

  /// Goes on from a checkpoint.
  /// - Throws: when it is none, or one of a training with other settings.
  public init(_ settings: Settings, from file: TensorFile, path: String) throws(TensorFileError) {
    self.init(settings)
    let denoiser = try BoxDenoiser(file, path: path)
    guard denoiser.shape == settings.shape, file.note("settings") == settings.text,
      let step = file.note("step").flatMap({ Int($0) }), 0...settings.steps ~= step
    else {
      throw TensorFileError(
        path,
        "is no checkpoint of this training (\(file.note("settings") ?? "no settings") in it, \(settings.text) "
          + "asked for): give the same options or begin anew")
    }
    let layout = denoiser.layout
    weights = try layout.values(file, prefix: "weights.", path: path)
    average = WeightAverage(try layout.values(file, prefix: "average.", path: path), steps: step)
    moments = AdamW.State(
      first: try layout.values(file, prefix: "first.", path: path),
      second: try layout.values(file, prefix: "second.", path: path), steps: step)
    self.step = step
  }
}
