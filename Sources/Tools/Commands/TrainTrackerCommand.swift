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
      Drives are simulated as they are needed, and nothing else is trained on. A checkpoint is written every few steps; \
      with --resume a training that was stopped goes on from it and ends with the bytes that it would have ended with. The \
      same options give the same bytes for any number of threads.

      EXAMPLES
        plumb train tracker -o tracker.safetensors
        plumb train tracker -o small.safetensors --model s --steps 20000
        plumb train tracker -o tracker.safetensors --resume tracker.safetensors.checkpoint
      """)

  /// The networks that can be trained.
  enum Model: String, ExpressibleByArgument, CaseIterable {
    case tiny = "t"
    case small = "s"

    var shape: DenoiserShape { self == .tiny ? .tiny : .small }
  }

  /// Parts of the network that can be left out, to see what they are worth.
  enum Part: String, ExpressibleByArgument, CaseIterable {
    case noise, attention, memory, shares

    func leave(_ shape: inout DenoiserShape) {
      switch self {
      case .noise: shape.subtractsNoise = false
      case .attention: shape.attendsInBlocks = false
      case .memory: shape.remembers = false
      case .shares: shape.sharesNoise = false
      }
    }
  }

  @Option(name: [.customShort("o"), .long], help: "The weights to write (safetensors).")
  var output: String

  @Option(help: "The network: t, tiny, or s, small.")
  var model = Model.tiny

  @Option(help: "Denoising blocks, where not those of the model.")
  var blocks: Int?

  @Option(
    help: ArgumentHelp(
      "Leave a part out, to see what it is worth: noise, that blocks subtract from the latents; attention of the box in "
        + "the blocks; memory, templates and trajectory; shares, that blocks take of the noise (may be repeated).",
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
    guard checkpointEvery > 0 else { throw ValidationError("--checkpoint-every \(checkpointEvery): at least 1") }
  }

  func run() throws {
    common.apply()
    try OutputPlan(inputs: [], outputs: [("-o", output)], replacing: force).check()
    var shape = model.shape
    if let blocks { shape.blocks = blocks }
    for part in without { part.leave(&shape) }
    var settings = DenoiserTraining.Settings(shape: shape, steps: steps)
    (settings.batch, settings.rate, settings.seed) = (batch, Float(rate), seed)
    var run = TrackerTrainingRun(
      training: try begun(settings), checkpoint: checkpoint ?? resume ?? output + ".checkpoint",
      interval: checkpointEvery)
    let measure = try run()
    let trained = TrainedDenoiser(
      run.training.denoiser, parameters: run.training.parameters,
      notes: [
        .init("command", commandLine), .init("version", Plumb.version), .init("seed", "\(seed)"),
        .init("steps", "\(steps)"), .init("figures", measure.text),
      ])
    try AtomicFile.write(trained.bytes, to: output, replacing: force)
    Console.say("wrote", "\(output.terminalSafe), \(trained.parameters.count.grouped) parameters", tone: .good)
    guard Console.finish(json: json(measure, trained)) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
  }

  /// The command that gives these weights again.
  private var commandLine: String {
    let shape = (blocks.map { " --blocks \($0)" } ?? "") + without.map { " --without \($0.rawValue)" }.joined()
    return "plumb train tracker --model \(model.rawValue)\(shape) --steps \(steps) --batch \(batch) --rate \(rate) "
      + "--seed \(seed)"
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
    ])
  }
}
