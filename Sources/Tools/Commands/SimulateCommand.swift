import Rendering
import ArgumentParser
import Foundation
import Geometry
import PointClouds
import Simulation

/// `plumb simulate`: writes pairs of simulated scans with their exact relative pose.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Writes a pair of simulated scans and their exact relative pose.",
    discussion: """
      For each kind K the folder gets K_source.ply, K_target.ply and K_truth.txt, the 4x4 matrix T (row by row) with \
      p_target = T · p_source. The same options give the same bytes.

      EXAMPLES
        plumb simulate room -o scans
        plumb simulate all --seed 7 -o scans --points 20000
      """)

  /// What to simulate.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case room, street, object, all
  }

  @Argument(help: "What to scan: room, street, object or all.")
  var kind: Kind

  @Option(name: [.customShort("o"), .long], help: "The folder to write to; it is made when missing.")
  var output: String

  @Option(help: "At most so many points per cloud.")
  var points: Int = 36_000

  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 1

  @Flag(help: "Replace existing files.")
  var force = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if points < 1 { throw ValidationError("--points must be at least 1, not \(points)") }
  }

  func run() throws {
    common.apply()
    let kinds = SimulatedPair.Kind.allCases.filter { kind == .all || kind.rawValue == $0.rawValue }
    do {
      try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(.cannotCreate, "\(output): the folder cannot be made")
    }
    let plan = OutputPlan(
      inputs: [], outputs: kinds.flatMap { kind in files(kind).map { ("output", $0) } }, replacing: force)
    try plan.check()
    var written: [JSONValue] = []
    for kind in kinds {
      var settings = SimulatedPair.Settings()
      settings.points = points
      let pair = SimulatedPair(kind, seed: seed, settings: settings)
      let paths = files(kind)
      let writer = CloudWriter(format: .ply, encoding: .binary, precision: .single)
      try writer(pair.source, to: paths[0], replacing: force)
      try writer(pair.target, to: paths[1], replacing: force)
      try AtomicFile.write(Array(Self.text(pair.targetFromSource).utf8), to: paths[2], replacing: force)
      let overlap = "overlap \(Int((pair.overlap * 100).rounded())) % within \(pair.overlapRadius) m"
      Console.say(
        "wrote",
        "\(paths.map(\.terminalSafe).joined(separator: "  "))  \(pair.source.count.grouped) and "
          + "\(pair.target.count.grouped) points, \(overlap)", tone: .good)
      written.append(contentsOf: paths.map(JSONValue.string))
    }
    let document = JSONValue.members([
      "schema": "plumb.simulate/1", "version": .string(Plumb.version), "seed": .integer(Int(truncatingIfNeeded: seed)),
      "output": .array(written),
    ])
    guard Console.finish(json: document) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
  }

  private func files(_ kind: SimulatedPair.Kind) -> [String] {
    ["source.ply", "target.ply", "truth.txt"].map { "\(output)/\(kind.rawValue)_\($0)" }
  }

  /// The homogeneous matrix in round-trip form.
  private static func text(_ t: RigidTransform) -> String {
    t.rows.map { $0.map { "\($0)" }.joined(separator: " ") + "\n" }.joined()
  }
}
