import Foundation
import Testing

/// Rows 73 and 74: interrupts, closed pipes and time limits leave no half-written file.
@Suite struct SignalTests {
  /// A register run that waits for a source that never arrives, with outputs asked for.
  private func waitingRun(
    _ folder: TemporaryFolder, options: [String] = [], then act: (RunningCommand) -> Void
  ) throws -> Outcome {
    let fifo = folder("never.ply")
    #expect(mkfifo(fifo, 0o644) == 0)
    let target = try folder.write("target.ply", Pair.small.targetFile)
    let keep = open(fifo, O_RDWR | O_CLOEXEC)  // A writer that writes nothing: opening does not block, reading does.
    defer { close(keep) }
    let outputs = ["-o", folder("T.json"), "--save-merged", folder("both.ply")]
    let run = try Command(arguments: ["register", fifo, target] + outputs + options).start()
    if run.wait(for: { $0.hasOpen(fifo) }) { act(run) }
    return run.wait(killAfter: 30)
  }

  @Test("row 73: SIGINT and SIGTERM while reading", arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func whileReading(signal: Int32, code: Int32) throws {
    try TemporaryFolder.with { folder in
      let outcome = try waitingRun(folder) { $0.send(signal) }
      expectOrderly(outcome)
      #expect(outcome.exit == code, "\(outcome)")
      #expect(outcome.output.isEmpty, "\(outcome)")
      #expect(folder.entries == ["never.ply", "target.ply"])
    }
  }

  @Test("row 73: SIGINT and SIGTERM while computing", arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func whileComputing(signal: Int32, code: Int32) throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder, .full)
      let outputs = ["-o", folder("T.json"), "--save-merged", folder("both.ply"), "--force"]
      let options = ["--quality", "best", "--threads", "1"]
      var hits = 0
      for delay in [0.8, 0.4, 0.2, 0.6, 0.3, 1.2] where hits == 0 {
        let run = try Command(arguments: ["register"] + files + outputs + options).start()
        // The inputs have been opened: the command is past its start.
        _ = run.wait(for: { $0.hasOpen(files[0]) || $0.hasOpen(files[1]) })
        usleep(UInt32(delay * 1e6))
        run.send(signal)
        let outcome = run.wait(killAfter: 60)
        expectOrderly(outcome)
        #expect([0, code].contains(outcome.exit), "\(outcome)")
        if outcome.signal != nil { break }
        if outcome.exit == code {
          hits += 1
          #expect(outcome.output.isEmpty, "\(outcome)")
          // An output may be complete when the signal comes late; a temporary file may not remain.
          #expect(folder.entries.subtracting(["source.ply", "target.ply", "T.json", "both.ply"]).isEmpty)
        }
      }
      #expect(hits > 0, "no run was interrupted in time")
    }
  }

  @Test(
    "row 73: the reader of the output is gone",
    arguments: [
      ["register", "--json"], ["inspect", "--json"], ["inspect"], ["register", "--help"],
    ])
  func closedPipe(arguments: [String]) throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let before = folder.entries
      let outcome = try Command(arguments: arguments + files, closedOutput: true).run()
      #expect(!outcome.timedOut, "\(outcome)")
      #expect(outcome.signal == nil || outcome.signal == SIGPIPE, "quiet: \(outcome)")
      #expect(outcome.exit == nil || [0, 74, 141].contains(outcome.exit), "\(outcome)")
      #expect(outcome.failureLines.isEmpty && !outcome.errors.contains("Fatal"), "quiet: \(outcome)")
      #expect(folder.entries == before)
    }
  }

  @Test("row 74: --time-limit while reading")
  func timeLimitReading() throws {
    try TemporaryFolder.with { folder in
      let outcome = try waitingRun(folder, options: ["--time-limit", "1"]) { _ in }
      expectRefused(outcome, code: [75], containing: ["time limit"])
      #expect(folder.entries == ["never.ply", "target.ply"])
    }
  }

  @Test("row 74: --time-limit while computing")
  func timeLimitComputing() throws {
    try TemporaryFolder.with { folder in
      // A million points each and the most thorough search on one thread.
      let pair = Pair.full
      var (source, target): ([SIMD3<Double>], [SIMD3<Double>]) = ([], [])
      for k in 0..<50 {
        let shift = SIMD3(0.0004, 0.0003, 0.0005) * Double(k)
        source += pair.source.map { $0 + shift }
        target += pair.target.map { $0 + shift }
      }
      let files = [
        try folder.write("source.ply", PLY(source).bytes), try folder.write("target.ply", PLY(target).bytes),
      ]
      let options = ["--quality", "best", "--threads", "1", "--time-limit", "1", "-o", folder("T.json")]
      let started = ContinuousClock.now
      let outcome = try Command(arguments: ["register"] + files + options).run()
      let finished = ContinuousClock.now - started < .seconds(1)
      if finished {
        expectOrderly(outcome)
      } else {
        expectRefused(outcome, code: [75], containing: ["time limit"], megabytes: nil)
        #expect(folder.entries == ["source.ply", "target.ply"])
      }
    }
  }
}
