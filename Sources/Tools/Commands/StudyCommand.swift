import ArgumentParser
import Foundation
import PointClouds
import Rendering
import Studies

/// `plumb study`: runs the experiments of papers and says which come out as expected.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study", abstract: "Runs the experiments of the papers whose optimizers Plumb holds.",
    discussion: """
      Studies: \(StudyCatalog.all.map { $0.name }.joined(separator: ", ")); all runs every one.

      Each row shows its verdict, the row of the notes, the value, what is expected and what was measured. PASS and FAIL \
      compare the value with the expectation; a row with - is shown only. Rows called stand-in are scaled down or \
      synthetic. The same options give the same numbers.

      EXAMPLES
        plumb study inversion
        plumb study all --quick
        plumb study bbvi reversal --csv rows.csv --picture figures
        plumb study all --json > study.json

      Exit status: 0 no row fails; 1 a row fails.
      """)

  @Argument(help: "Which studies to run, or all.")
  var names: [String]

  @Flag(help: "Fewer steps and cases; all studies in about a minute.")
  var quick = false

  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Write the rows as a table.", valueName: "file.csv"))
  var csv: String?

  @Option(
    help: ArgumentHelp(
      "Draw the figures: into one file, or into a folder with a file per study.", valueName: "file.svg|folder"))
  var picture: String?

  @Flag(help: "Replace existing files.")
  var force = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    let known = StudyCatalog.all.map { $0.name }
    for name in names where name != "all" && !known.contains(name) {
      throw ValidationError("\(name): no study; there are \(known.joined(separator: ", ")) and all")
    }
    if names.isEmpty { throw ValidationError("no study is named; there are \(known.joined(separator: ", ")) and all") }
    if let csv, pathExtension(csv) != "csv" { throw ValidationError("--csv \(csv): the extension must be .csv") }
    if let picture, !["svg", ""].contains(pathExtension(picture)) {
      throw ValidationError("--picture \(picture): figures are drawn as .svg; a name without extension is a folder")
    }
  }

  func run() throws {
    common.apply()
    let studies = StudyCatalog.all.filter { names.contains("all") || names.contains($0.name) }
    if let folder = pictureFolder {
      do {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw CommandFailure(.cannotCreate, "--picture \(folder): the folder cannot be made")
      }
    }
    let pictures = picture.map { path in
      pictureFolder == nil ? [path] : studies.map { "\(path)/\($0.name).svg" }
    }
    let outputs = (csv.map { [("--csv", $0)] } ?? []) + (pictures ?? []).map { ("--picture", $0) }
    try OutputPlan(inputs: [], outputs: outputs, replacing: force).check()

    var reports: [StudyReport] = []
    let clock = Stopwatch()
    for study in studies {
      Console.progress(study.name)
      let watch = Stopwatch()
      let report = study.run(seed: seed, quick: quick)
      StudyText.say(report, seconds: watch.seconds)
      reports.append(report)
    }
    try write(reports)
    let failed = reports.flatMap { report in report.rows.filter { $0.outcome == .fail }.map { (report.name, $0.id) } }
    StudyText.say(summaryOf: reports, seconds: clock.seconds)
    guard Console.finish(json: StudyText.json(reports, version: Plumb.version)) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
    if !failed.isEmpty {
      let names = failed.map { "\($0.1) (\($0.0))" }.joined(separator: ", ")
      throw CommandFailure(.notAccepted, "not as expected: \(names)")
    }
  }

  private var pictureFolder: String? { picture.flatMap { pathExtension($0) == "svg" ? nil : $0 } }

  private func write(_ reports: [StudyReport]) throws {
    if let csv { try put(StudyText.csv(reports), to: csv) }
    guard let picture else { return }
    if let folder = pictureFolder {
      for report in reports { try put(StudyText.sheet([report]).svg, to: "\(folder)/\(report.name).svg") }
    } else {
      try put(StudyText.sheet(reports).svg, to: picture)
    }
  }

  private func put(_ text: String, to path: String) throws {
    try AtomicFile.write(Array(text.utf8), to: path, replacing: force)
    Console.say("wrote", path.terminalSafe, tone: .good)
  }
}
