import ArgumentParser
import Evaluation

/// Which benchmark is evaluated and by which rules.
struct DatasetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The layout of the benchmark: auto recognises it, else \(BenchmarkReader.datasets.joined(separator: ", ")).",
      valueName: "name"))
  var dataset = "auto"

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "Measure by this protocol: \(Measuring.names.joined(separator: ", ")) (default: that of the benchmark).",
      valueName: "name"))
  var protocolName: String?

  @Option(help: ArgumentHelp("Score the results against this benchmark; no cloud is opened.", valueName: "GT"))
  var reference: String?

  @Option(help: ArgumentHelp("The time of every pose of a KITTI trajectory, one per line.", valueName: "file"))
  var times: String?

  @Option(help: "KITTI tracking: read labels in the rectified camera frame; off as some published code does.")
  var rect = Switch.on

  @Option(help: "3DMatch: RMSE as published, which counts rotations at half their size, or exact.")
  var rmse: RMSEVariant?

  @Option(help: "KITTI odometry: compose a refined truth as published code stores it, or in the exact order.")
  var truth = OdometryTruth.published

  @Option(
    name: .customLong("first-entry"),
    help:
      "3DMatch, protocol A: count the first pair of every scene, or drop it by mistake as Predator's evaluator does.")
  var firstEntry: FirstEntry?

  @Flag(help: "Allow lists to name files outside their folder.")
  var allowOutside = false

  /// On or off.
  enum Switch: String, ExpressibleByArgument, CaseIterable, Sendable { case on, off }

  /// What becomes of the first pair of a scene.
  enum FirstEntry: String, ExpressibleByArgument, CaseIterable, Sendable { case counted, dropped }

  /// Sets the variants of the protocol that were asked for.
  func change(_ options: inout PairEvaluation.Options) {
    if let rmse { options.rmse = rmse }
    if let firstEntry { options.dropsFirstEntry = firstEntry == .dropped }
  }

  /// The variants of the protocol.
  var options: PairEvaluation.Options {
    var options = PairEvaluation.Options()
    change(&options)
    return options
  }

  /// Refuses names that do not exist.
  func checkNames() throws(CommandFailure) {
    if dataset != "auto", !BenchmarkReader.datasets.contains(dataset) {
      throw CommandFailure(
        .usage,
        "--dataset \(dataset): no such layout; known are auto, \(BenchmarkReader.datasets.joined(separator: ", "))")
    }
    _ = try namedProtocol()
  }

  /// Reads benchmarks as the options say.
  func reader() -> BenchmarkReader {
    var reader = BenchmarkReader()
    reader.dataset = dataset == "auto" ? nil : dataset
    (reader.allowsOutside, reader.isRectified, reader.odometryTruth) = (allowOutside, rect == .on, truth)
    return reader
  }

  /// The protocol that is asked for; nil when none is.
  func namedProtocol() throws(CommandFailure) -> Measuring? {
    guard let protocolName else { return nil }
    guard let found = Measuring(name: protocolName) else {
      throw CommandFailure(
        .usage, "--protocol \(protocolName): no such protocol; known are \(Measuring.names.joined(separator: ", "))")
    }
    return found
  }

  /// The protocol that is asked for, if it can judge a layout; nil when none is asked for.
  func namedProtocol(for layout: Layout) throws(CommandFailure) -> Measuring? {
    guard let found = try namedProtocol() else { return nil }
    guard found.fits(layout) else {
      let fitting = Measuring.names.filter { Measuring(name: $0)?.fits(layout) == true }
      throw CommandFailure(
        .usage,
        "--protocol \(found.name ?? ""): does not judge \(layout.rawValue); "
          + (fitting.isEmpty ? "nothing does" : "possible are \(fitting.joined(separator: ", "))"))
    }
    return found
  }

  /// The options again, for workers.
  var words: [String] {
    ["--dataset", dataset, "--rect", rect.rawValue, "--truth", truth.rawValue]
      + (allowOutside ? ["--allow-outside"] : [])
  }
}

extension RMSEVariant: ExpressibleByArgument {}
extension OdometryTruth: ExpressibleByArgument {}
