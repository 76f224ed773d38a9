import Foundation
import Testing

/// The options of `plumb evaluate`: what fits together, what is written, what is said.
@Suite struct EvaluateOptionTests {
  @Test("estimates that were written are scored to the same table without any cloud")
  func scoring() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      let own = try evaluate([list, "--estimates", folder("est"), "-o", folder("own.json"), "--csv", folder("own.csv")])
      #expect(own.exit == 0, "\(own)")
      for k in 0..<EvaluateList.count { try FileManager.default.removeItem(atPath: folder("\(k)_source.ply")) }
      let scored = try evaluate([folder("est"), "--reference", list, "--compare", folder("own.json")])
      #expect(scored.exit == 0, "\(scored)")
      func row(_ text: String) -> Substring? { text.split(separator: "\n").first { $0.hasPrefix("all pairs") } }
      let (a, b) = (try #require(row(own.output)), try #require(row(scored.output)))
      // The scored one lacks inlier ratios, the last columns.
      #expect(a.hasPrefix(b), "\(a)\n\(b)")
      #expect(scored.output.contains("compared with own.json"), "\(scored)")
      let stored = try evaluate([folder("own.json")])
      #expect(stored.exit == 0 && stored.output.contains(a), "\(stored)")
      #expect(String(decoding: folder.bytes("own.csv"), as: UTF8.self).hasPrefix("table,scene,pairs"))
    }
  }

  @Test("--round-trip registers both ways; its table stays with the results and is left out without it")
  func roundTrip() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      let there = try evaluate([list, "-o", folder("there.json")])
      let both = try evaluate([list, "--round-trip", "-o", folder("both/")])
      #expect(there.exit == 0 && both.exit == 0, "\(there) \(both)")
      let title = "pairs, round trip: source to target and back"
      #expect(!there.output.contains(title) && both.output.contains(title), "\(both)")
      // The first tables are the same, and a merge has the last one too.
      #expect(both.output.hasPrefix(there.output.split(separator: "\n").prefix(4).joined(separator: "\n")), "\(both)")
      let merged = try evaluate(["--merge", folder("both/"), "-o", folder("both.json")])
      #expect(merged.exit == 0 && merged.output.contains(title), "\(merged)")
      let rows = both.output.split(separator: "\n").drop { !$0.hasPrefix(title) }
      func count(_ name: String) -> Int {
        rows.first { $0.hasPrefix(name) }?.dropFirst(name.count).split(separator: " ").first.flatMap { Int($0) } ?? 0
      }
      #expect(count("answered both ways") + count("failed one way or both") == EvaluateList.count, "\(rows)")
      expectRefused(
        try evaluate([folder("there.json"), "--reference", list, "--round-trip"]), code: [64],
        containing: ["--round-trip", "--reference"])
      for option in ["--scale", "--units"] {
        expectRefused(
          try evaluate([list, "--round-trip", option, option == "--scale" ? "estimate" : "auto"]), code: [64],
          containing: ["--round-trip", "rigid"])
      }
    }
  }

  @Test("a result without some pairs ends with 3 and names them")
  func missingEstimates() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      let lines = String(decoding: folder.bytes("pairs.txt"), as: UTF8.self).split(separator: "\n")
      try folder.write("est.txt", text: lines.dropFirst(2).joined(separator: "\n") + "\n")
      let outcome = try evaluate([folder("est.txt"), "--reference", list])
      #expect(outcome.exit == 3 && outcome.errors.contains("2 missing (0_source.ply~0_target.ply"), "\(outcome)")
      #expect(outcome.output.contains("all pairs"), "\(outcome)")
    }
  }

  @Test("--dry-run says what was recognised and how to submit it")
  func dryRun() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      let outcome = try evaluate([list, "--dry-run", "--shard", "0/64", "-o", folder("a b/")])
      #expect(outcome.exit == 0, "\(outcome)")
      for words in ["pairs: 6 pairs", "sbatch --array=0-63%64 scripts/evaluate.sbatch", "'\(folder("a b/"))'"] {
        #expect(outcome.output.contains(words), "\(outcome)")
      }
      #expect(!folder.entries.contains("a b"))
      expectRefused(
        try evaluate([list, "--dry-run", "--shard", "0/1001"]), code: [64], containing: ["at most 1000 shards"])
    }
  }

  @Test(
    "options that do not fit together are refused",
    arguments: [
      ([], "a benchmark or --merge is needed"), (["LIST", "--shard", "1/2"], "--shard needs a folder"),
      (["LIST", "--shard", "2/2", "-o", "r/"], "--shard"), (["LIST", "--shard", "-1/2", "-o", "r/"], "--shard"),
      (["LIST", "--shard", "x", "-o", "r/"], "--shard"), (["LIST", "--partial"], "--partial needs --merge"),
      (["LIST", "--merge", "r"], "alone"), (["--merge", "r", "--shard", "0/2"], "exclude each other"),
      (["LIST", "--protocol", "kitti"], "no such protocol"), (["LIST", "--dataset", "kitty"], "no such layout"),
      (["LIST", "--protocol", "3dmatch-a"], "does not judge pairs"), (["LIST", "--retry-failed"], "earlier run"),
      (["LIST", "--shard", "0/2", "-o", "r/", "--csv", "t.csv"], "belongs to the merge"),
      (["LIST", "--csv", "t.txt"], "must be .csv"), (["LIST", "--jobs", "0"], "--jobs 0"),
      (["LIST", "--merge-all"], "--merge"),
    ])
  func refused(arguments: [String], words: String) throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      let before = folder.entries
      let outcome = try Command(
        arguments: ["evaluate"] + arguments.map { $0 == "LIST" ? list : $0 }, folder: folder.path
      ).run()
      expectRefused(outcome, code: [64], containing: [words])
      #expect(folder.entries == before)
    }
  }

  @Test("results that are missing, damaged or of something else are refused")
  func storedResults() throws {
    try TemporaryFolder.with { folder in
      expectRefused(try evaluate(["--merge", folder("none")]), code: [66], naming: "none")
      try FileManager.default.createDirectory(atPath: folder("empty"), withIntermediateDirectories: false)
      expectRefused(try evaluate(["--merge", folder("empty")]), code: [66], containing: ["manifest.json"])
      for text in ["{", "{}", "[]", #"{"schema":"plumb.batch/1","shards":0}"#] {
        try folder.write("empty/manifest.json", text: text)
        expectRefused(try evaluate(["--merge", folder("empty")]), code: [65], naming: "manifest.json")
        try folder.write("r.json", text: text)
        for mode in [[], ["--json"]] {
          expectRefused(try evaluate([folder("r.json")] + mode), code: [65], naming: "r.json")
        }
      }
      let list = try EvaluateList.write(folder)
      expectRefused(
        try evaluate([list, "-o", folder("none/all.json")]), code: [73], naming: "all.json")
      try folder.write("file", text: "x")
      expectRefused(try evaluate([list, "-o", folder("file/")]), code: [73], containing: ["is a file"])
    }
  }
}
