import Foundation
import Testing

/// `plumb evaluate` in shards: whatever happens on the way, the merge has the same bytes.
@Suite struct EvaluateShardTests {
  /// Runs the whole list in one go; the bytes of its document.
  private func whole(_ folder: TemporaryFolder, _ list: String) throws -> [UInt8] {
    let outcome = try evaluate([list, "-o", folder("whole.json"), "--force"])
    expectOrderly(outcome)
    #expect(outcome.exit == 0, "\(outcome)")
    #expect(outcome.output.contains("RR %"), "\(outcome)")
    return folder.bytes("whole.json")
  }

  private func merged(_ folder: TemporaryFolder, _ results: String, code: Int32 = 0) throws -> [UInt8] {
    let outcome = try evaluate(["--merge", results, "-o", folder("merged.json"), "--force"])
    expectOrderly(outcome)
    #expect(outcome.exit == code, "\(outcome)")
    return folder.bytes("merged.json")
  }

  @Test("1, 8 and 64 shards, any number of threads and workers, merge to the same bytes")
  func shards() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      let expected = try whole(folder, list)
      #expect(String(decoding: expected, as: UTF8.self).hasPrefix(#"{"schema":"plumb.evaluate/1""#))
      for (n, options) in [(1, ["--threads", "1"]), (8, ["--jobs", "3"]), (64, ["--threads", "16"])] {
        for k in 0..<n {
          let outcome = try evaluate([list, "--shard", "\(k)/\(n)", "-o", folder("r\(n)/")] + options)
          expectOrderly(outcome)
          #expect(outcome.exit == 0, "\(outcome)")
        }
        #expect(try merged(folder, folder("r\(n)")) == expected)
        let state = try evaluate(["--merge", folder("r\(n)")])
        #expect(state.exit == 0 && state.output.contains("done   failed  missing"), "\(state)")
      }
      // The merge needs neither the clouds nor the list.
      try FileManager.default.removeItem(atPath: list)
      #expect(try merged(folder, folder("r8")) == expected)
    }
  }

  @Test("row 87: the JSON on stdout is the same for any number of threads and workers, except run")
  func json() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      var texts: Set<String> = []
      for options in [["--threads", "1"], ["--threads", "2"], ["--threads", "16", "--jobs", "2"]] {
        let outcome = try evaluate([list, "--json"] + options)
        #expect(outcome.exit == 0, "\(outcome)")
        let run = try #require(outcome.output.range(of: ",\"run\":{", options: .backwards))
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        #expect(object?["schema"] as? String == "plumb.evaluate/1")
        #expect((object?["results"] as? [Any])?.count == EvaluateList.count)
        texts.insert(String(outcome.output[..<run.lowerBound]))
      }
      #expect(texts.count == 1)
    }
  }

  @Test("killed at random moments and resumed, the merge has the same bytes")
  func kill() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      let clock = ContinuousClock.now
      let expected = try whole(folder, list)
      let seconds = (ContinuousClock.now - clock) / .seconds(1)
      // Five moments of a fixed sequence, spread over the length of a run.
      var state: UInt64 = 7
      for _ in 0..<5 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let run = try Command(arguments: ["evaluate", list, "--shard", "0/1", "-o", folder("r/")]).start()
        usleep(UInt32(seconds * 1e6 * Double(state >> 40) / Double(1 << 24)))
        run.send(SIGKILL)
        _ = run.wait(killAfter: 10)
      }
      let last = try evaluate([list, "--shard", "0/1", "-o", folder("r/")])
      #expect(last.exit == 0, "\(last)")
      #expect(try merged(folder, folder("r")) == expected)
      // Nothing is left to do.
      let again = try evaluate([list, "--shard", "0/1", "-o", folder("r/"), "--json"])
      #expect(again.output.contains("\"evaluated_now\":0,\"failed_now\":0,\"known\":\(EvaluateList.count)"), "\(again)")
    }
  }

  @Test("two workers on one shard are harmless")
  func twoWorkers() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      let line = ["evaluate", list, "--shard", "0/1", "-o", folder("r/")]
      let runs = try (0..<2).map { _ in try Command(arguments: line).start() }
      for run in runs { #expect(run.wait(killAfter: 60).exit == 0) }
      #expect(try merged(folder, folder("r")) == (try whole(folder, list)))
    }
  }

  @Test("a torn line is evaluated again; a wrong checksum is reported; a contradiction ends the merge")
  func damagedLogs() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      _ = try evaluate([list, "--shard", "0/1", "-o", folder("r/")])
      let expected = try merged(folder, folder("r"))
      let results = TemporaryFolder(path: folder("r"))
      let log = try #require(results.entries.first { $0.hasSuffix(".ndjson") })
      let lines = results.bytes(log).split(separator: 0x0A).map { Array($0) }
      #expect(lines.count == EvaluateList.count)

      var wrong = lines[1]
      wrong[wrong.count / 2] ^= 1
      let text = [lines[0], wrong, lines[2]].flatMap { $0 + [0x0A] } + lines[3].prefix(80)
      try results.write(log, text)
      let state = try evaluate(["--merge", folder("r")])
      #expect(state.exit == 3, "\(state)")
      #expect(state.errors.contains("\(log): line 2: wrong checksum"), "\(state)")
      #expect(state.errorLines.count { $0.hasPrefix("missing") } == EvaluateList.count - 2, "\(state)")
      let partial = try evaluate(["--merge", folder("r"), "--partial", "-o", folder("partial.json")])
      #expect(partial.exit == 0 && folder.bytes("partial.json") != expected, "\(partial)")
      let resumed = try evaluate([list, "--shard", "0/1", "-o", folder("r/")])
      #expect(resumed.exit == 0, "\(resumed)")
      #expect(try merged(folder, folder("r")) == expected)

      // The same key with another result and a right checksum: the version of the line is that of a careless hand.
      let line = String(decoding: lines[0], as: UTF8.self)
      let body = line.replacing(/"inlier_ratio":[0-9.]+/, with: "\"inlier_ratio\":0.125").dropLast(18)
      try results.write("0.1.other.ndjson", text: "\(body),\"crc\":\"\(crc32(body))\"}\n")
      let contradiction = try evaluate(["--merge", folder("r")])
      expectRefused(contradiction, code: [65], containing: ["two different results under one key"])
    }
  }

  @Test("a run that does not fit the folder ends with 65 and says why")
  func disagreement() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      #expect(try evaluate([list, "--shard", "0/8", "-o", folder("r/")]).exit == 0)
      let before = TemporaryFolder(path: folder("r")).entries
      let others: [([String], String)] = [
        (["--shard", "0/4"], "there are 4 shards (N), there they are 8"),
        (["--shard", "1/8", "--seed", "2"], "the settings are"), ([], "there are 1 shards (N), there they are 8"),
        (["--shard", "1/8", "--protocol", "objects"], "the protocol is objects, there it is generic"),
      ]
      for (options, words) in others {
        let outcome = try evaluate([list, "-o", folder("r/")] + options)
        expectRefused(outcome, code: [65], containing: [words])
      }
      try folder.write("3_source.ply", folder.bytes("3_source.ply") + [0])
      let changed = try evaluate([list, "--shard", "1/8", "-o", folder("r/")])
      expectRefused(changed, code: [65], containing: ["sizes of the clouds differ"])
      #expect(TemporaryFolder(path: folder("r")).entries == before)
    }
  }

  @Test("--shard auto asks Slurm for K and the folder for N")
  func slurm() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      let task = ["SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "2"]
      let line = [list, "--shard", "auto", "-o", folder("r/")]
      let first = try evaluate(line, environment: task)
      #expect(first.exit == 0 && first.output.contains("1/2:"), "\(first)")
      // One task of the array is submitted again: the count is 1, the folder knows better.
      let second = try evaluate(line, environment: ["SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_TASK_COUNT": "1"])
      #expect(second.exit == 0 && second.output.contains("0/2:"), "\(second)")
      #expect(try evaluate(["--merge", folder("r")]).exit == 0)
      let beyond = try evaluate(line, environment: ["SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "1"])
      expectRefused(beyond, code: [64], containing: ["task 2 of 2 shards", "--array=0-1"])
      expectRefused(try evaluate(line), code: [64], containing: ["SLURM_ARRAY_TASK_ID is not set"])
    }
  }
}

/// The CRC-32 of a text in 8 hexadecimal digits, bit by bit.
private func crc32(_ text: some StringProtocol) -> String {
  var sum: UInt32 = ~0
  for byte in text.utf8 {
    sum ^= UInt32(byte)
    for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
  }
  let digits = String(~sum, radix: 16)
  return String(repeating: "0", count: 8 - digits.count) + digits
}
