import Rendering
import Glibc

/// Turns a trap of our own making into an exit with a message and a report file: input never ends Plumb by a signal.
///
/// The handler may only call what is safe inside a signal, so every byte it writes is prepared beforehand.
enum CrashReport {
  private struct Prepared {
    let path: UnsafeMutablePointer<CChar>
    let report: UnsafeMutableBufferPointer<UInt8>
    let message: UnsafeMutableBufferPointer<UInt8>
    let json: UnsafeMutableBufferPointer<UInt8>
    let status: Int32
  }

  /// Written once before the handler is installed.
  private nonisolated(unsafe) static var prepared: Prepared?

  /// Prepares the report and installs the handler.
  static func install(arguments: [String], version: String) {
    let addressLimit = Guardian.softLimit(__rlimit_resource_t(RLIMIT_AS.rawValue))
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let path = "\(folder)/plumb-report-\(getpid()).txt"
    let failure =
      if let addressLimit {
        CommandFailure(
          .limit, "out of memory: the shell limits the address space to \(addressLimit >> 20) MB (ulimit -v); raise it")
      } else {
        CommandFailure(.internalError, "internal error, a mistake in Plumb: please report it with \(path)")
      }
    let error = JSONValue.members([
      "code": .integer(Int(failure.status.rawValue)), "message": .string(failure.message),
    ])
    let json =
      arguments.contains("--json") ? JSONValue.members(["schema": "plumb.error/1", "error": error]).text + "\n" : ""
    let command = (["plumb"] + arguments).map(\.terminalSafe).joined(separator: " ")
    prepared = Prepared(
      path: strdup(path), report: bytes("plumb \(version)\ncommand: \(command)\n"),
      message: bytes("error: \(failure.message.terminalSafe)\n"), json: bytes(json), status: failure.status.rawValue)

    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in CrashReport.handle(number) }
    action.sa_flags = Int32(SA_ONSTACK) | Int32(bitPattern: UInt32(SA_RESETHAND))
    let size = 64 << 10
    var stack = stack_t(ss_sp: malloc(size), ss_flags: 0, ss_size: size)
    sigaltstack(&stack, nil)
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE] { sigaction(number, &action, nil) }
  }

  private static func handle(_ number: Int32) {
    guard let prepared else { _exit(ExitStatus.internalError.rawValue) }
    if prepared.status == ExitStatus.internalError.rawValue {
      let file = open(prepared.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      if file >= 0 {
        _ = write(file, prepared.report.baseAddress, prepared.report.count)
        _ = write(file, "signal: ", 8)
        var digits: (UInt8, UInt8, UInt8) = (UInt8(48 + number / 10 % 10), UInt8(48 + number % 10), 10)
        _ = write(file, &digits, 3)
        close(file)
      }
    }
    _ = write(1, prepared.json.baseAddress, prepared.json.count)
    _ = write(2, prepared.message.baseAddress, prepared.message.count)
    _exit(prepared.status)
  }

  private static func bytes(_ text: String) -> UnsafeMutableBufferPointer<UInt8> {
    let utf8 = Array(text.utf8)
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, utf8.count))
    _ = buffer.initialize(from: utf8)
    return UnsafeMutableBufferPointer(rebasing: buffer[0..<utf8.count])
  }
}
