import ArgumentParser
import Evaluation
import Glibc
import LinearAlgebra
import PointClouds
import Registration

/// The command `plumb`.
@main
struct Plumb: ParsableCommand {
  /// The version that results carry.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "plumb", abstract: "Aligns 3-D scans and says honestly how sure it is.",
    discussion: """
      plumb register scan2.ply scan1.ply -o T.txt      finds the pose: p_target = T · p_source
      plumb inspect scan1.ply                          says what a file holds
      plumb convert scan1.pcd scan1.ply --voxel 0.05   changes format, thins, moves, crops, merges
      plumb deskew raw.ply --with other.ply -o still.ply   undoes the sensor's motion within a turn of a LiDAR
      plumb evaluate FOLDER                            runs a benchmark, or scores results that exist
      plumb track scans/ --box x,y,z,l,w,h,yaw -o boxes.txt   follows an object from its first box
      plumb simulate room -o scans                     writes two simulated scans and their true pose
      plumb train descriptor -o descriptor.map         fits the map of descriptors to simulated scans
      plumb study all --quick                          runs the experiments of seven papers

      Exit status: 0 accepted; 1 result not accepted; 3 items of a batch failed or missing; 64 usage; 65 input damaged; 66 input missing; 70 internal error; \
      73 output cannot be created; 74 read or write error; 75 time or memory limit; 77 permission; 130, 143 interrupted.
      """,
    version: version,
    subcommands: [
      RegisterCommand.self, InspectCommand.self, ConvertCommand.self, DeskewCommand.self, SimulateCommand.self,
      EvaluateCommand.self, TrackCommand.self, TrainCommand.self, StudyCommand.self,
    ])

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    BLASKernels.prepare()
    Guardian.start()
    CrashReport.install(arguments: arguments, version: version)
    Console.configure(Console.Style(json: arguments.contains("--json")))
    let status = run(arguments)
    // Everything is written. The exit handlers of libraries are passed over: short of memory, some of them hang.
    _exit(status.rawValue)
  }

  /// Parses and runs; every failure ends in one line on stderr.
  private static func run(_ arguments: [String]) -> ExitStatus {
    do {
      let arguments = try ConfigurationFile.expanded(arguments, commands: configuration.subcommands)
      if arguments.contains("--json") { Console.configure(Console.Style(json: true)) }
      var command = try parseAsRoot(arguments)
      if arguments.contains("--dump-config"),
        let path = CommandPath.called(by: arguments, among: configuration.subcommands)
      {
        writeAll(ConfigurationDump(path, arguments: arguments).text, to: 1)
        return .accepted
      }
      try command.run()
      return .accepted
    } catch {
      if let text = helpText(error) {
        writeAll(text + "\n", to: 1)
        return .accepted
      }
      let failure = failure(error, arguments)
      Console.fail(failure)
      return failure.status
    }
  }

  /// The text that help and version requests ask for.
  private static func helpText(_ error: any Error) -> String? {
    if ownFailure(error) != nil { return nil }
    return exitCode(for: error) == .success ? fullMessage(for: error) : nil
  }

  /// The failure that an error of Plumb's modules stands for; nil for other errors.
  private static func ownFailure(_ error: any Error) -> CommandFailure? {
    switch error {
    case let error as CommandFailure: error
    case let error as CloudFileError: CommandFailure(error)
    case let error as RegistrationError: CommandFailure(error)
    case let error as BatchError: CommandFailure(error)
    case let error as BenchmarkError: CommandFailure(error)
    case let error as TrajectoryMismatch: CommandFailure(error)
    default: nil
    }
  }

  private static func failure(_ error: any Error, _ arguments: [String]) -> CommandFailure {
    if let own = ownFailure(error) { return own }
    let status = ExitStatus(rawValue: exitCode(for: error).rawValue) ?? .internalError
    var message = message(for: error).split(separator: "\n").joined(separator: " ")
    if message.hasSuffix("?.") { message.removeLast() }
    if status == .usage {
      let name =
        CommandPath.called(by: arguments, among: configuration.subcommands)?.words.joined(separator: " ")
        ?? arguments.first.flatMap { a in configuration.subcommands.first { $0._commandName == a }?._commandName }
      message += message.last == "." || message.last == "?" ? "" : "."
      message += " See 'plumb \(name.map { $0 + " " } ?? "")--help'"
    }
    return CommandFailure(status, message)
  }
}
