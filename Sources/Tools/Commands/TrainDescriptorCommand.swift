import ArgumentParser
import PointClouds
import Registration
import Rendering
import Simulation

/// `plumb train descriptor`: fits the linear map of descriptors.
struct TrainDescriptorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "descriptor", abstract: "Fits the linear map of descriptors to simulated pairs.",
    discussion: """
      The map is solved for in closed form: it makes the differences of true matches white and keeps the directions in \
      which places differ most. What it gains is measured on scenes that it was not fitted to. The same options give the \
      same bytes. The map in Sources/Registration/Features/Maps becomes part of the next build.

      EXAMPLES
        plumb train descriptor -o descriptor.map
        plumb train descriptor -o streets.map --kinds street --pairs 60 --dimension 48
      """)

  @Option(name: [.customShort("o"), .long], help: "The map to write.")
  var output: String

  @Option(
    help: ArgumentHelp("Kinds of scenes, each of which counts the same.", valueName: "kind,kind"),
    transform: { try Self.kinds($0) })
  var kinds = SimulatedPair.Kind.allCases

  @Option(help: "How many pairs of every kind.")
  var pairs: Int = 240

  @Option(help: "How many values a mapped descriptor has.")
  var dimension: Int = 64

  @Flag(help: "Fit to every pair in both directions: to the matches of the target's keypoints too.")
  var swapPairs = false

  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 1

  @Flag(help: "Replace an existing map.")
  var force = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    let most = DescriptorExtractor(voxel: 1).dimension
    guard 1...1_000_000 ~= pairs else { throw ValidationError("--pairs \(pairs): 1 to 1000000 are possible") }
    guard 1...most ~= dimension else { throw ValidationError("--dimension \(dimension): 1 to \(most) are possible") }
  }

  func run() throws {
    common.apply()
    try OutputPlan(inputs: [], outputs: [("-o", output)], replacing: force).check()
    let names = kinds.map(\.rawValue).joined(separator: ",")
    let provenance = [
      "plumb train descriptor --kinds \(names) --pairs \(pairs) --dimension \(dimension)\(swapPairs ? " --swap-pairs" : "") "
        + "--seed \(seed)",
      "version \(Plumb.version)",
    ]
    var training = DescriptorTraining(
      kinds: kinds, pairs: pairs, seed: seed, fit: DescriptorMapFit(dimension: dimension), heldOut: min(24, pairs))
    training.swapsPairs = swapPairs
    let outcome: DescriptorTraining.Outcome
    do throws(DescriptorMapError) {
      outcome = try training(provenance: provenance)
    } catch {
      throw CommandFailure(.usage, "\(error); try more --pairs or a smaller --dimension")
    }
    for gain in outcome.gains { Console.say("held out", DescriptorTraining.text(gain)) }
    let values = [0, dimension / 4, dimension / 2, dimension - 1].map { outcome.eigenvalues[$0].significant(3) }
    Console.say("eigenvalues", values.joined(separator: ", ") + " (first, quarter, half, last)")
    try AtomicFile.write(outcome.map.table, to: output, replacing: force)
    Console.say("wrote", "\(output.terminalSafe)", tone: .good)
    guard Console.finish(json: json(outcome)) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
  }

  private func json(_ outcome: DescriptorTraining.Outcome) -> JSONValue {
    .members([
      "schema": "plumb.train.descriptor/1", "version": .string(Plumb.version), "seed": .unsigned(seed),
      "output": .string(output), "descriptor_format": .integer(outcome.map.format),
      "dimension": .integer(dimension), "eigenvalues": .array(outcome.eigenvalues.map(JSONValue.number)),
      "held_out": .array(
        outcome.gains.map {
          .members([
            "kind": .string($0.kind.rawValue), "pairs": .integer($0.pairs),
            "inlier_ratio": .members(["fixed": .number($0.share.fixed), "mapped": .number($0.share.mapped)]),
            "matches": .members(["fixed": .number($0.matches.fixed), "mapped": .number($0.matches.mapped)]),
          ])
        }),
    ])
  }

  /// The kinds of a list with commas, in a fixed order.
  private static func kinds(_ text: String) throws -> [SimulatedPair.Kind] {
    let names = text.split(separator: ",").map(String.init)
    let all = SimulatedPair.Kind.allCases
    for name in names where SimulatedPair.Kind(rawValue: name) == nil {
      throw ValidationError("\(name): no kind of scene; there are \(all.map(\.rawValue).joined(separator: ", "))")
    }
    guard !names.isEmpty else { throw ValidationError("no kind of scene is named") }
    return all.filter { names.contains($0.rawValue) }
  }
}
