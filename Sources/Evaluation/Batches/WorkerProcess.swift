import Glibc
import PointClouds

/// The program of a worker with its arguments.
public struct WorkerLaunch: Sendable, Equatable {
  /// The file of the program.
  public var executable: String
  /// Its arguments; no shell sees them.
  public var arguments: [String]

  /// A program with its arguments.
  public init(executable: String, arguments: [String]) {
    (self.executable, self.arguments) = (executable, arguments)
  }
}

/// A child process that evaluates items one by one: the parent writes an id per line to its standard input, the child
/// answers each with the line of a log on its standard output. The first line that the child writes is `ready`.
///
/// The child has a process group of its own, so that a key press in a terminal reaches the parent only; it ends by itself
/// when its parent is gone.
final class WorkerProcess {
  /// How a process ended.
  struct End: Sendable, Equatable {
    /// The exit status; nil when a signal ended the process.
    var status: Int?
    /// The signal that ended the process.
    var signal: Int?
    /// Its last line about an error, without the label; empty when it had none.
    var message: String
  }

  private let pid: pid_t
  private var input: Int32
  /// The pipes that the parent listens to; -1 once they have ended.
  private(set) var output: Int32
  private(set) var errors: Int32
  private var pending: [UInt8] = []
  private var complaints: [UInt8] = []
  private var end: End?

  /// Starts a worker.
  init(_ launch: WorkerLaunch) throws(BatchError) {
    let pipes = [WorkerProcess.pipe(), WorkerProcess.pipe(), WorkerProcess.pipe()]
    func closeAll() { for end in pipes.flatMap({ [$0.reader, $0.writer] }) where end >= 0 { close(end) } }
    guard pipes.allSatisfy({ $0.reader >= 0 }) else {
      closeAll()
      throw BatchError(.worker(status: 70), "no pipes for a worker: \(String(cString: strerror(errno)))")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // dup2 clears the flag that closes a descriptor at exec.
    posix_spawn_file_actions_adddup2(&actions, pipes[0].reader, 0)
    posix_spawn_file_actions_adddup2(&actions, pipes[1].writer, 1)
    posix_spawn_file_actions_adddup2(&actions, pipes[2].writer, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var argv: [UnsafeMutablePointer<CChar>?] = ([launch.executable] + launch.arguments).map { strdup($0) } + [nil]
    defer { for p in argv { free(p) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, launch.executable, &actions, &attributes, &argv, environ)
    guard code == 0 else {
      closeAll()
      throw BatchError(
        .worker(status: 70), "\(launch.executable): no worker can be started: \(String(cString: strerror(code)))")
    }
    close(pipes[0].reader)
    close(pipes[1].writer)
    close(pipes[2].writer)
    self.pid = pid
    (input, output, errors) = (pipes[0].writer, pipes[1].reader, pipes[2].reader)
  }

  deinit {
    closeInput()
    if end == nil {
      kill(pid, SIGKILL)
      _ = waitForEnd()
    }
  }

  /// Asks for an item. A worker that is gone does not hear it; its end will be noticed.
  func ask(_ id: String) {
    var line = id + "\n"
    line.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let n = write(input, bytes.baseAddress! + done, bytes.count - done)
        if n < 0, errno == EINTR { continue }
        if n <= 0 { return }
        done += n
      }
    }
  }

  /// Tells the worker that no more items come.
  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// Ends the worker at once.
  func stop() { kill(pid, SIGKILL) }

  /// The complete lines that have come since the last call; call when poll says that something is there.
  func lines() -> [[UInt8]] {
    WorkerProcess.drain(&output) { pending += $0 }
    var lines: [[UInt8]] = []
    while let newline = pending.firstIndex(of: 0x0A) {
      lines.append(Array(pending[..<newline]))
      pending.removeSubrange(...newline)
    }
    return lines
  }

  /// Takes in what the worker says on its standard error; only the last of it is kept.
  func listen() {
    WorkerProcess.drain(&errors) { complaints = ($0.count + complaints.count > 1 << 16 ? [] : complaints) + $0 }
  }

  /// Waits for the end of a worker whose output has ended.
  func waitForEnd() -> End {
    if let end { return end }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    while errors >= 0 { listen() }
    let text = String(decoding: complaints, as: UTF8.self)
    let line = text.split(separator: "\n").last { $0.contains("error: ") } ?? text.split(separator: "\n").last ?? ""
    let message = line.range(of: "error: ").map { String(line[$0.upperBound...]) } ?? String(line)
    let signal = Int(status & 0x7F)
    let end = End(
      status: signal == 0 ? Int(status >> 8 & 0xFF) : nil, signal: signal == 0 ? nil : signal,
      message: CloudFileError.printable(message))
    for file in [output, errors] where file >= 0 { close(file) }
    (output, errors) = (-1, -1)
    self.end = end
    return end
  }

  /// Reads once; at the end of the file closes it.
  private static func drain(_ file: inout Int32, _ take: (ArraySlice<UInt8>) -> Void) {
    guard file >= 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(file, &buffer, buffer.count)
    if count > 0 { return take(buffer[0..<count]) }
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    close(file)
    file = -1
  }

  /// A pipe that no other child inherits, with ends above the standard descriptors. Only one thread starts workers.
  private static func pipe() -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return (-1, -1) }
    let moved = ends.map { end in
      let copy = fcntl(end, F_DUPFD_CLOEXEC, 3)
      close(end)
      return copy
    }
    return (moved[0], moved[1])
  }
}
