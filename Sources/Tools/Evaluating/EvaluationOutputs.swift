import ArgumentParser
import Evaluation
import PointClouds
import Rendering

/// The files that an evaluation writes.
struct EvaluationOutputs: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "FILE.json gets tables and scores; a FOLDER/ keeps the results of every item, and a run that was killed goes on there.",
      valueName: "file|folder/"))
  var output: String?

  @Option(help: ArgumentHelp("Write the tables as CSV.", valueName: "file"))
  var csv: String?

  @Option(help: ArgumentHelp("Write one HTML page with tables, curves and the worst pairs.", valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "Write the poses or boxes as files of the benchmark's own form (est.log, NN.txt, labels).", valueName: "folder"))
  var estimates: String?

  @Option(
    help: ArgumentHelp(
      "Hold the results against others: an earlier -o, or estimates with --reference.", valueName: "other"))
  var compare: String?

  /// Whether a path names a file and no folder.
  static func isFile(_ path: String) -> Bool { pathExtension(path) == "json" && !path.hasSuffix("/") }

  /// The file for tables and scores.
  var file: String? { output.flatMap { EvaluationOutputs.isFile($0) ? $0 : nil } }

  /// The folder for the results of every item.
  var folder: String? { output.flatMap { EvaluationOutputs.isFile($0) ? nil : $0 } }

  /// An option that needs the results of all shards, if one is given.
  var lateOption: String? {
    csv != nil
      ? "--csv" : report != nil ? "--report" : compare != nil ? "--compare" : estimates != nil ? "--estimates" : nil
  }

  /// The files with their options.
  var named: [(option: String, path: String)] {
    [("-o", file), ("--csv", csv), ("--report", report)].compactMap { option, path in path.map { (option, $0) } }
  }

  /// Refuses extensions that name no format.
  func checkExtensions() throws {
    if let report, pathExtension(report) != "html" {
      throw ValidationError("--report \(report): the extension must be .html")
    }
    if let csv, pathExtension(csv) != "csv" { throw ValidationError("--csv \(csv): the extension must be .csv") }
  }

  /// Refuses outputs that cannot be written, before anything is computed.
  func check(inputs: [String], replacing: Bool) throws {
    try OutputPlan(inputs: inputs, outputs: named, replacing: replacing).check()
  }
}
