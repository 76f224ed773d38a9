import Foundation

/// One run of the command `plumb`, described before it is started.
struct Command {
  /// What the command reads from its standard input.
  enum Input {
    /// An empty input.
    case none
    /// A regular file.
    case file(String)
    /// A pipe that delivers these bytes and ends.
    case pipe([UInt8])
  }

  /// The arguments after the name of the command.
  var arguments: [String]
  /// The standard input.
  var input = Input.none
  /// Variables added to the environment.
  var environment: [String: String] = [:]
  /// Seconds after which the run is killed, which fails the test.
  var killAfter = 60.0
  /// Runs as the user `nobody`; needs root and setpriv.
  var asNobody = false
  /// The standard output is a pipe that nobody reads any more.
  var closedOutput = false
  /// The working folder.
  var folder = "/"

  /// Runs to the end.
  func run() throws -> Outcome { try start().wait(killAfter: killAfter) }

  /// Starts the run under a cap of 12 GB on the address space and without core dumps; the shell that sets the caps is
  /// replaced by the command, so the process is the command itself.
  func start() throws -> RunningCommand {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "plumb-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    let (out, err) = (scratch.appending(path: "stdout").path, scratch.appending(path: "stderr").path)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var (writer, reader): (Thread?, Int32) = (nil, -1)
    switch input {
    case .none: posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    case .file(let path): posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
    case .pipe(let bytes):
      let ends = Self.makePipe()
      reader = ends.reader
      posix_spawn_file_actions_adddup2(&actions, ends.reader, 0)
      writer = Thread { Self.feed(bytes, to: ends.writer) }
    }
    var closedWriter: Int32 = -1
    if closedOutput {
      let ends = Self.makePipe()
      close(ends.reader)
      closedWriter = ends.writer
      posix_spawn_file_actions_adddup2(&actions, closedWriter, 1)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    }
    posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0o644)

    let user = asNobody ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
    let script = "ulimit -c 0; ulimit -v 12582912; cd \"$1\" || exit 125; shift; exec \"$@\""
    let line = ["/bin/sh", "-c", script, "sh", folder] + user + [Binary.path] + arguments
    let pid = try Self.spawn(line, &actions, environment)
    if reader >= 0 { close(reader) }
    if closedWriter >= 0 { close(closedWriter) }
    writer?.start()
    return RunningCommand(pid: pid, scratch: scratch, line: ["plumb"] + arguments)
  }

  private static func spawn(
    _ line: [String], _ actions: inout posix_spawn_file_actions_t, _ environment: [String: String]
  ) throws -> pid_t {
    // The command starts with default signal actions whatever the test process ignores.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (all, nothing) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&nothing)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &nothing)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    let merged = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var argv: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = merged.map { strdup("\($0)=\($1)") } + [nil]
    defer { for p in argv + envp { free(p) } }
    var pid: pid_t = 0
    spawning.lock()
    defer { spawning.unlock() }
    let code = posix_spawn(&pid, line[0], &actions, &attributes, &argv, &envp)
    guard code == 0 else { throw RunnerError("cannot start \(line[0]): \(String(cString: strerror(code)))") }
    return pid
  }

  /// Held while a pipe is made or a process started, so that no child inherits a half-made pipe.
  private static let spawning = NSLock()

  /// A pipe whose ends no other child inherits.
  private static func makePipe() -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [0, 0]
    spawning.lock()
    defer { spawning.unlock() }
    precondition(pipe(&ends) == 0)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Writes bytes to a pipe until its reader is gone.
  private static func feed(_ bytes: [UInt8], to descriptor: Int32) {
    signal(SIGPIPE, SIG_IGN)
    var done = 0
    bytes.withUnsafeBytes { buffer in
      while done < buffer.count {
        let n = write(descriptor, buffer.baseAddress! + done, min(1 << 16, buffer.count - done))
        if n <= 0 { break }
        done += n
      }
    }
    close(descriptor)
  }
}

/// A failure of the harness itself.
struct RunnerError: Error, CustomStringConvertible {
  let description: String
  /// An error with its one-line message.
  init(_ description: String) { self.description = description }
}
