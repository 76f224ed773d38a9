import Foundation

/// A run of the command that has been started and not yet waited for.
final class RunningCommand {
  /// The process.
  let pid: pid_t
  private let scratch: URL
  private let line: [String]
  private let started = ContinuousClock.now
  private var outcome: Outcome?
  private var peakKiB = 0

  /// A started process with the folder that takes its output.
  init(pid: pid_t, scratch: URL, line: [String]) {
    self.pid = pid
    self.scratch = scratch
    self.line = line
  }

  /// Whether the process has ended; the first true answer also collects its result.
  var hasEnded: Bool {
    if outcome != nil { return true }
    var (status, usage) = (Int32(0), rusage())
    sampleMemory()
    guard wait4(pid, &status, WNOHANG, &usage) == pid else { return false }
    collect(status, usage, timedOut: false)
    return true
  }

  /// Sends a signal to the process.
  func send(_ signal: Int32) { if outcome == nil { kill(pid, signal) } }

  /// Whether the process has a file open.
  func hasOpen(_ path: String) -> Bool {
    let folder = "/proc/\(pid)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.contains { (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == path }
  }

  /// Looks every half millisecond until a condition holds or the process ends; whether it held.
  func wait(for condition: (RunningCommand) -> Bool) -> Bool {
    while !hasEnded {
      if condition(self) { return true }
      usleep(500)
    }
    return false
  }

  /// Waits for the end and kills the process after the given seconds.
  func wait(killAfter seconds: Double) -> Outcome {
    while !hasEnded {
      if ContinuousClock.now - started > .seconds(seconds) {
        kill(pid, SIGKILL)
        var (status, usage) = (Int32(0), rusage())
        wait4(pid, &status, 0, &usage)
        collect(status, usage, timedOut: true)
      }
      usleep(2000)
    }
    return outcome!
  }

  private func collect(_ status: Int32, _ usage: rusage, timedOut: Bool) {
    // The kernel carries the peak of the process that spawned this one across exec, so the figure of wait4 is an upper
    // bound; it is exact where it exceeds the test process's own peak, and the samples are used where it does not.
    let own = RunningCommand.peakMemory(of: getpid())
    let exact = usage.ru_maxrss > own ? usage.ru_maxrss : max(peakKiB, 0)
    let signal = status & 0x7F
    outcome = Outcome(
      line: line, exit: signal == 0 ? (status >> 8) & 0xFF : nil, signal: signal == 0 ? nil : signal,
      timedOut: timedOut, output: text("stdout"), errors: text("stderr"), peakMegabytes: Double(exact) / 1024)
    try? FileManager.default.removeItem(at: scratch)
  }

  private func text(_ name: String) -> String {
    let bytes = (try? Data(contentsOf: scratch.appending(path: name))) ?? Data()
    return String(decoding: bytes, as: UTF8.self)
  }

  private func sampleMemory() { peakKiB = max(peakKiB, RunningCommand.peakMemory(of: pid)) }

  /// The largest resident set of a live process so far, KiB; zero when it is gone.
  private static func peakMemory(of pid: pid_t) -> Int {
    guard let file = fopen("/proc/\(pid)/status", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    while fgets(&buffer, 256, file) != nil {
      let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let line = String(decoding: bytes, as: UTF8.self)
      if line.hasPrefix("VmHWM:") { return Int(line.filter(\.isNumber)) ?? 0 }
    }
    return 0
  }
}
