import Rendering
import ArgumentParser
import PointClouds

/// `plumb inspect`: what a file holds and what may spoil a registration.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Says what point-cloud files hold and what may spoil a registration.",
    discussion: """
      EXAMPLES
        plumb inspect scan1.ply
        plumb inspect scans/*.pcd --json | jq '.files[] | [.path, .points, .spacing]'

      A broken file among several does not stop the others; the exit status is that of the first broken one.
      """)

  @Argument(help: "Files to look at; - is stdin.")
  var files: [String]

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let reader = reading.reader(common)
    var entries: [JSONValue] = []
    var failures: [CommandFailure] = []
    for path in files {
      Console.progress(path.terminalSafe)
      do throws(CloudFileError) {
        let summary = CloudSummary(path: path, try reader(path))
        if !entries.isEmpty { Console.blank() }
        for line in summary.lines { Console.say(line.label, line.text.terminalSafe, tone: line.tone) }
        entries.append(summary.json)
      } catch {
        let failure = CommandFailure(error)
        if files.count == 1 { throw failure }
        failures.append(failure)
        entries.append(
          .members([
            "path": .string(path),
            "error": .members([
              "code": .integer(Int(failure.status.rawValue)), "message": .string(failure.message),
            ]),
          ]))
      }
    }
    let document = JSONValue.members([
      "schema": "plumb.inspect/1", "version": .string(Plumb.version), "files": .array(entries),
    ])
    guard failures.count < files.count else {
      // Nothing to answer with: every failure is named, the last one ends the command.
      for failure in failures.dropLast() { Console.remark("error:", failure.message.terminalSafe, tone: .bad) }
      throw CommandFailure(failures[0].status, failures[failures.count - 1].message)
    }
    guard Console.finish(json: document) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
    for failure in failures.dropLast() { Console.remark("error:", failure.message.terminalSafe, tone: .bad) }
    if let last = failures.last { throw CommandFailure(failures[0].status, last.message) }
  }
}
