import Foundation
import Testing

/// `plumb evaluate` and items that cannot be evaluated: each fails alone.
@Suite struct EvaluateItemTests {
  @Test("row 78: a missing cloud on line 17 fails alone, its line is named, the others are done")
  func missingCloud() throws {
    try TemporaryFolder.with { folder in
      let comments = (1...16).map { "# line \($0)" }
      let bad = "none.ply 0_target.ply \(EvaluateList.identity)"
      let list = try EvaluateList.write(folder, extra: comments + [bad])
      let outcome = try evaluate([list, "-o", folder("all.json")])
      expectOrderly(outcome)
      #expect(outcome.exit == 3, "\(outcome)")
      #expect(outcome.failureLines.count == 1 && outcome.errorLines.last?.hasPrefix("error: 1 failed") == true)
      for words in ["pairs.txt", "line 17", "none.ply", "no such file"] {
        #expect(outcome.failureLines.first?.contains(words) == true, "\(outcome)")
      }
      let text = String(decoding: folder.bytes("all.json"), as: UTF8.self)
      #expect(text.contains("\"done\":\(EvaluateList.count),\"failed\":1,\"missing\":0"))
      // In a shard, and again: the failure is a result.
      for _ in 0..<2 {
        let shard = try evaluate([list, "-o", folder("r/")])
        #expect(shard.exit == 3 && shard.errors.contains("line 17"), "\(shard)")
      }
      // Tried again on demand, now with the cloud: other input files make another batch.
      try folder.write("none.ply", folder.bytes("0_source.ply"))
      expectRefused(
        try evaluate([list, "-o", folder("r/"), "--retry-failed"]), code: [65], containing: ["or some are missing"])
      let fresh = try evaluate([list, "-o", folder("r2/")])
      #expect(fresh.exit == 0, "\(fresh)")
    }
  }

  @Test("an item over the time limit fails with 75, and only when asked is it tried again")
  func timeLimit() throws {
    try TemporaryFolder.with { folder in
      #expect(mkfifo(folder("never.ply"), 0o644) == 0)
      let list = try EvaluateList.write(folder, extra: ["never.ply 0_target.ply \(EvaluateList.identity)"])
      let line = [list, "-o", folder("r/"), "--time-limit", "3"]
      let outcome = try evaluate(line)
      expectOrderly(outcome)
      #expect(outcome.exit == 3, "\(outcome)")
      #expect(outcome.errors.contains("the time limit of 3 s is reached"), "\(outcome)")
      let state = try evaluate(["--merge", folder("r")])
      #expect(state.exit == 3 && state.output.contains("\(EvaluateList.count)        1        0"), "\(state)")
      for (options, count) in [([], 0), (["--retry-failed"], 1)] {
        let again = try evaluate(line + ["--json"] + options)
        #expect(again.exit == 3 && again.output.contains("\"evaluated_now\":\(count)"), "\(again)")
      }
    }
  }

  @Test("SIGTERM ends with 143, keeps what is done, and leaves no worker and no temporary folder")
  func terminate() throws {
    try TemporaryFolder.with { folder in
      #expect(mkfifo(folder("never.ply"), 0o644) == 0)
      let scratch = TemporaryFolder(path: folder("tmp"))
      try FileManager.default.createDirectory(atPath: scratch.path, withIntermediateDirectories: false)
      let list = try EvaluateList.write(folder)
      let text = String(decoding: folder.bytes("pairs.txt"), as: UTF8.self)
      try folder.write("pairs.txt", text: text + "never.ply 0_target.ply \(EvaluateList.identity)\n")
      for output in [["-o", folder("r/")], []] {
        let run = try Command(
          arguments: ["evaluate", list] + output, environment: ["TMPDIR": scratch.path]
        ).start()
        // A worker waits for the pipe when it can be opened for writing.
        var pipe: Int32 = -1
        #expect(
          run.wait { _ in
            pipe = open(folder("never.ply"), O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            return pipe >= 0
          })
        run.send(SIGTERM)
        let outcome = run.wait(killAfter: 20)
        expectOrderly(outcome)
        #expect(outcome.exit == 143 && outcome.output.isEmpty, "\(outcome)")
        close(pipe)
        // The worker notices within moments that its parent is gone.
        var reader: Int32 = 0
        for _ in 0..<200 where reader >= 0 {
          reader = open(folder("never.ply"), O_WRONLY | O_NONBLOCK | O_CLOEXEC)
          if reader >= 0 { close(reader) }
          usleep(10_000)
        }
        #expect(reader < 0, "a worker lives on")
        #expect(scratch.entries.isEmpty)
      }
      let state = try evaluate(["--merge", folder("r"), "--json"])
      #expect(state.exit == 3 && state.output.contains("\"done\":\(EvaluateList.count)"), "\(state)")
    }
  }

  @Test("a cloud too large for --max-memory fails alone with 75")
  func memory() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder, extra: ["large.ply 0_target.ply \(EvaluateList.identity)"])
      // 20 million points of zeros that take no room on the disk.
      let header =
        "ply\nformat binary_little_endian 1.0\nelement vertex 20000000\nproperty float x\n"
        + "property float y\nproperty float z\nend_header\n"
      let large = try folder.write("large.ply", text: header)
      #expect(truncate(large, off_t(header.utf8.count + 12 * 20_000_000)) == 0)
      let outcome = try evaluate([list, "--max-memory", "200M", "-o", folder("all.json")])
      expectOrderly(outcome)
      #expect(outcome.exit == 3 && outcome.failureLines.first?.contains("1 failed") == true, "\(outcome)")
      let text = String(decoding: folder.bytes("all.json"), as: UTF8.self)
      #expect(text.contains("\"done\":\(EvaluateList.count),\"failed\":1,"))
      #expect(text.contains("\"outcome\":\"failed\",\"status\":75"), "\(outcome)")
    }
  }

  @Test("row 72: a full disk ends with 74, and with space again the run goes on")
  func diskFull() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      let disk = TemporaryFolder(path: folder("disk"))
      try FileManager.default.createDirectory(atPath: disk.path, withIntermediateDirectories: false)
      guard getuid() == 0, Machine.succeeds("/bin/mount", ["-t", "tmpfs", "-o", "size=32k", "tmpfs", disk.path]) else {
        print("SKIPPED: row 72, full disk: a tmpfs cannot be mounted here (root: \(getuid() == 0))")
        return
      }
      defer { _ = Machine.succeeds("/bin/umount", [disk.path]) }
      let line = [list, "--shard", "0/1", "-o", disk("r/")]
      #expect(try evaluate([list, "--shard", "0/1", "-o", folder("r/")]).exit == 0)
      // Room for the manifest and some of the lines.
      try disk.write("filler", [UInt8](repeating: 0, count: 24 << 10))
      let full = try evaluate(line)
      expectRefused(full, code: [74], containing: ["No space left"])
      try FileManager.default.removeItem(atPath: disk("filler"))
      let resumed = try evaluate(line)
      #expect(resumed.exit == 0, "\(resumed)")
      for (name, results) in [("a.json", folder("r")), ("b.json", disk("r"))] {
        #expect(try evaluate(["--merge", results, "-o", folder(name)]).exit == 0)
      }
      #expect(folder.bytes("a.json") == folder.bytes("b.json") && !folder.bytes("a.json").isEmpty)
    }
  }
}
