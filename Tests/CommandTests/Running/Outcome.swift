import Foundation

/// How a run of the command ended.
struct Outcome: CustomStringConvertible {
  /// The command line.
  let line: [String]
  /// The exit status; nil when a signal ended the run.
  let exit: Int32?
  /// The signal that ended the run.
  let signal: Int32?
  /// Whether the harness killed the run because it took too long.
  let timedOut: Bool
  /// The standard output.
  let output: String
  /// The standard error.
  let errors: String
  /// The largest resident set, MB.
  let peakMegabytes: Double

  /// Everything that was printed.
  var text: String { output + errors }
  /// The lines of the standard error that are not empty.
  var errorLines: [Substring] { errors.split(separator: "\n") }
  /// The lines that report a failure.
  var failureLines: [Substring] { errorLines.filter { $0.hasPrefix("error:") } }

  var description: String {
    let end = timedOut ? "killed after the time limit" : signal.map { "signal \($0)" } ?? "exit \(exit ?? -1)"
    func short(_ s: String) -> String { s.count > 1500 ? s.prefix(700) + " … " + s.suffix(700) : s }
    return "\(line.joined(separator: " ")): \(end), \(Int(peakMegabytes)) MB\nstdout: \(short(output))\n"
      + "stderr: \(short(errors))"
  }
}

/// Where the built command lies: beside the test bundle, or where PLUMB_BINARY says.
enum Binary {
  static let path: String = {
    if let named = ProcessInfo.processInfo.environment["PLUMB_BINARY"], !named.isEmpty { return named }
    let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let candidates = [runner, CommandLine.arguments[0], Bundle.main.executablePath ?? ""]
      .filter { !$0.isEmpty }
      .map { URL(filePath: $0).deletingLastPathComponent().appending(path: "plumb").path }
    let root = URL(filePath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst()
    return (candidates + ["\(root)/.build/release/plumb", "\(root)/.build/debug/plumb"])
      .first { FileManager.default.isExecutableFile(atPath: $0) } ?? "plumb-is-not-built"
  }()
}
