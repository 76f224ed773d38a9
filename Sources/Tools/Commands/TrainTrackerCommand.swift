import ArgumentParser
import Networks
import PointClouds
import Rendering
import Tracking

/// `plumb train tracker`: trains the network that places boxes.
struct TrainTrackerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tracker", abstract: "Trains the network of plumb track on simulated drives.",
    discussion: """
      Drives are simulated as they are needed, and nothing else is trained on. With --rollouts a tracker with the weights of \
      --from follows objects through drives in which they are often hidden, and more than half of the samples are what it \
      asks its network there, with the right answers. A checkpoint is written every few steps; \
      with --resume a training that was stopped goes on from it and ends with the bytes that it would have ended with. The \
      same options give the same bytes for any number of threads.

      EXAMPLES
        plumb train tracker -o tracker.safetensors
        plumb train tracker -o small.safetensors --model s --steps 20000
        plumb train tracker -o tracker.safetensors --resume tracker.safetensors.checkpoint
        plumb train tracker -o better.safetensors --from tracker.safetensors --rollouts --steps 2000 --rate 3e-4
        plumb train tracker -o surer.safetensors --from tracker.safetensors --rollouts --confidence-only --steps 2000
      """)

  /// The networks that can be trained.
  enum Model: String, ExpressibleByArgument, CaseIterable {
    case tiny = "t"
    case small = "s"

    var shape: DenoiserShape { self == .tiny ? .tiny : .small }
  }

  /// Parts of the network that can be left out, to see what they are worth.
  enum Part: String, ExpressibleByArgument, CaseIterable {
    case noise, chain, latents, shares, attention, memory

    func leave(_ shape: inout DenoiserShape) {
      switch self {
      case .noise: shape.denoising = .noBlock
      case .chain: shape.denoising = .lastBlock
      case .latents: shape.subtractsNoise = false
      case .shares: shape.sharesNoise = false
      case .attention: shape.attendsInBlocks = false
      case .memory: shape.remembers = false
      }
    }
  }

  @Option(name: [.customShort("o"), .long], help: "The weights to write (safetensors).")
  var output: String

  @Option(help: "The network: t, tiny, or s, small.")
  var model = Model.tiny

  @Option(help: "Denoising blocks, where not those of the model.")
  var blocks: Int?

  @Option(help: "What weighs a key in every attention: softmax of the product, or gaussian, of the distance.")
  var kernel = AttentionKernel.softmax

  @Option(
    help: ArgumentHelp(
      "Leave a part out, to see what it is worth: noise, that blocks predict; chain, so that the last block predicts all "
        + "of it and not every block a part; latents, from which noise is subtracted; shares, that blocks take of the "
        + "noise; attention of the box in the blocks; memory, templates and trajectory (may be repeated).",
      valueName: "part"))
  var without: [Part] = []

  @Option(help: "How many steps.")
  var steps: Int = 4000

  @Option(help: "Samples per step.")
  var batch: Int = 32

  @Option(help: "The highest learning rate.")
  var rate: Double = 1e-3

  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Begin with these weights (safetensors) of the same network.", valueName: "file"))
  var from: String?

  @Flag(help: "Train also on what a tracker with the weights of --from asks.")
  var rollouts = false

  @Flag(help: "Train only how good the network says that its boxes are; the boxes stay those of --from.")
  var confidenceOnly = false

  @Option(help: ArgumentHelp("Go on from a checkpoint.", valueName: "file"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Where checkpoints go (default: that of --resume, or the output with .checkpoint).", valueName: "file"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("A checkpoint after so many steps.", valueName: "steps"))
  var checkpointEvery: Int = 250

  @Flag(help: "Replace existing weights.")
  var force = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard 1...10_000_000 ~= steps else { throw ValidationError("--steps \(steps): 1 to 10000000 are possible") }
    guard 1...4096 ~= batch else { throw ValidationError("--batch \(batch): 1 to 4096 are possible") }
    guard rate > 0, rate <= 1 else { throw ValidationError("--rate \(rate): above 0 and at most 1") }
    guard 1...16 ~= blocks ?? 1 else { throw ValidationError("--blocks \(blocks ?? 1): 1 to 16 are possible") }
    guard !confidenceOnly || from != nil else {
      throw ValidationError("--confidence-only: needs the weights of --from")
    }
    guard !rollouts || from != nil else { throw ValidationError("--rollouts: needs the weights of --from") }
    guard !Set([.noise, .chain]).isSubset(of: without) else {
      throw ValidationError("--without noise, --without chain: exclude each other")
    }
    guard checkpointEvery > 0 else { throw ValidationError("--checkpoint-every \(checkpointEvery): at least 1") }
  }

  func run() throws {
    common.apply()
    try OutputPlan(inputs: from.map { [$0] } ?? [], outputs: [("-o", output)], replacing: force).check()
    let settings = try self.settings()
    var run = TrackerTrainingRun(
      training: try begun(settings), checkpoint: checkpoint ?? resume ?? output + ".checkpoint",
      interval: checkpointEvery)
    let measure = try run()
    let trained = TrainedDenoiser(
      run.training.denoiser, parameters: run.training.parameters,
      notes: [
        .init("command", commandLine(settings)), .init("version", Plumb.version), .init("seed", "\(seed)"),
        .init("steps", "\(steps)"), .init("figures", measure.text),
      ] + Self.origin(settings))
    try AtomicFile.write(trained.bytes, to: output, replacing: force)
    Console.say("wrote", "\(output.terminalSafe), \(trained.parameters.count.grouped) parameters", tone: .good)
    guard Console.finish(json: json(measure, trained)) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
  }

  /// What is trained and how; reads the weights to begin with.
  private func settings() throws -> DenoiserTraining.Settings {
    var shape = model.shape
    if let blocks { shape.blocks = blocks }
    shape.kernel = kernel
    for part in without { part.leave(&shape) }
    var settings = DenoiserTraining.Settings(shape: shape, steps: steps)
    (settings.batch, settings.rate, settings.seed) = (batch, Float(rate), seed)
    settings.followsTracks = rollouts
    settings.part = confidenceOnly ? .confidence : .whole
    if let from {
      let start = try NetworkFile.read(from)
      guard start.denoiser.shape == shape else {
        throw CommandFailure(
          .damagedInput,
          "\(from): weights of another network (\(start.denoiser.shape.text)), \(shape.text) is asked for: give the "
            + "--model, --blocks, --kernel and --without that they were trained with")
      }
      settings.start = start
    }
    return settings
  }

  /// The command that gives these weights again; weights to begin with are named by their fingerprint.
  private func commandLine(_ settings: DenoiserTraining.Settings) -> String {
    let kernel = kernel == .softmax ? "" : " --kernel \(kernel.rawValue)"
    let shape = (blocks.map { " --blocks \($0)" } ?? "") + kernel + without.map { " --without \($0.rawValue)" }.joined()
    let start =
      (settings.start.map { " --from \($0.fingerprint)" } ?? "") + (rollouts ? " --rollouts" : "")
      + (confidenceOnly ? " --confidence-only" : "")
    return "plumb train tracker --model \(model.rawValue)\(shape)\(start) --steps \(steps) --batch \(batch) "
      + "--rate \(rate) --seed \(seed)"
  }

  /// How the weights to begin with came about: the fingerprint and the command of each, the last one first.
  private static func origin(_ settings: DenoiserTraining.Settings) -> [TensorFile.Note] {
    guard let start = settings.start else { return [] }
    let notes = start.notes.filter { $0.key == "command" || $0.key == "from" }.map(\.text)
    return [.init("from", (["\(start.fingerprint):"] + notes).joined(separator: " "))]
  }

  /// The training, from the checkpoint where one is named.
  private func begun(_ settings: DenoiserTraining.Settings) throws -> DenoiserTraining {
    guard let resume else { return DenoiserTraining(settings) }
    let bytes = try NetworkFile.bytes(resume)
    do throws(TensorFileError) {
      let training = try DenoiserTraining(settings, from: TensorFile(bytes, path: resume), path: resume)
      Console.say("resumed", "\(resume.terminalSafe) at step \(training.step.grouped)")
      return training
    } catch {
      throw CommandFailure(.damagedInput, error.description)
    }
  }

  private func json(_ measure: TrackerTrainingRun.Measure, _ trained: TrainedDenoiser) -> JSONValue {
    .members([
      "schema": "plumb.train.tracker/1", "version": .string(Plumb.version), "seed": .unsigned(seed),
      "output": .string(output), "model": .string(model.rawValue), "steps": .integer(steps),
      "parameters": .integer(trained.parameters.count),
      "held_out": .members([
        "samples": .integer(measure.samples), "success_prior": .number(measure.prior),
        "success_after_blocks": .array(measure.blocks.map(JSONValue.number)),
      ]),
      "noise_mismatch": .members([
        "queries_keys": .number(measure.balance.scores), "values_outputs": .number(measure.balance.values),
      ]),
    ])
  }
}

extension AttentionKernel: ExpressibleByArgument {}
