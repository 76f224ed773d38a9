import ArgumentParser
import Parallelism
import PointClouds

/// How the command speaks and what it may use up.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print exactly one JSON object on stdout; text for people goes to stderr.")
  var json = false

  @Option(
    help: ArgumentHelp("How many threads work (default: all processors); no result depends on it.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp("End with status 75 after so many seconds; evaluate limits each item.", valueName: "seconds"),
    transform: { try Quantity.seconds($0) })
  var timeLimit: Double?

  @Option(
    help: ArgumentHelp(
      "Memory that may be used, such as 500M or 4G (default: 80 % of what there is); status 75 beyond.",
      valueName: "size"),
    transform: { try Quantity.bytes($0) })
  var maxMemory: Int?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Print one line per stage, with counts and seconds.")
  var verbose = false

  @Option(
    help: ArgumentHelp(
      "Take options from a TOML file, such as voxel = 0.05; a section [register] is for that command alone. The command "
        + "line has the last word.", valueName: "file"))
  var config: String?

  @Flag(help: "Print all options with their values as such a file, and do nothing else.")
  var dumpConfig = false

  @Flag(help: "Never use colours; they are used on terminals only, and not where NO_COLOR is set.")
  var noColor = false

  mutating func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads \(threads): at least 1 is needed") }
    if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other") }
  }

  /// Puts the options into force.
  /// - Parameter limits: whether the limits of time and memory hold for this process.
  func apply(limits: Bool = true) {
    let color = !noColor && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
    Console.configure(Console.Style(json: json, quiet: quiet, verbose: verbose, color: color))
    if let threads { Parallel.threads = threads }
    // Dispatch waits for ever for a thread that finds no room for its stack.
    if ProcessMemory.isScarce { Parallel.threads = 1 }
    guard limits else { return }
    if let timeLimit { Guardian.limit(seconds: timeLimit) }
    if let maxMemory { Guardian.limit(residentBytes: maxMemory) }
  }
}

/// How files are read.
struct ReadingOptions: ParsableArguments {
  @Option(help: "What happens to points with a NaN or infinite coordinate.")
  var nonFinite = NonFinitePolicy.drop

  @Option(help: "The format of the inputs; by default the content decides.")
  var format: CloudFormat?

  /// A reader with these options.
  func reader(_ common: CommonOptions) -> CloudReader {
    CloudReader(format: format, nonFinite: nonFinite, memoryLimit: ProcessMemory.bytes(limit: common.maxMemory))
  }
}

extension NonFinitePolicy: ExpressibleByArgument {}
extension CloudFormat: ExpressibleByArgument {}
