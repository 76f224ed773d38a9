import Testing

/// Rows 87 and 88: the same answer for any number of threads, any locale and every run.
@Suite struct RepeatTests {
  @Test("row 87: 1, 2 and 16 threads give the same bytes")
  func threads() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder, .full)
      var texts: Set<String> = []
      for threads in ["1", "2", "16", "2"] {
        let arguments = ["register"] + files + ["--json", "--threads", threads]
        let outcome = try Command(arguments: arguments).run()
        expectOrderly(outcome)
        #expect(outcome.exit == 0, "\(outcome)")
        let report = try #require(RegisterReport(outcome.output), "\(outcome)")
        texts.insert(try #require(report.withoutRun, "`run` must be the last key; \(outcome)"))
      }
      #expect(texts.count == 1, "\(texts)")
    }
  }

  @Test("row 87: output files are the same bytes for any number of threads", arguments: ["txt", "ply"])
  func files(ending: String) throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let option = ending == "ply" ? "--save-merged" : "-o"
      for threads in ["1", "2", "16"] {
        let output = [option, folder("out\(threads).\(ending)"), "--threads", threads]
        let outcome = try Command(arguments: ["register"] + files + output).run()
        expectOrderly(outcome)
        #expect(outcome.exit == 0, "\(outcome)")
      }
      let first = folder.bytes("out1.\(ending)")
      #expect(!first.isEmpty)
      #expect(folder.bytes("out2.\(ending)") == first && folder.bytes("out16.\(ending)") == first)
    }
  }

  @Test("row 88: a locale with decimal commas", arguments: ["ply", "xyz", "csv"])
  func locale(ending: String) throws {
    try TemporaryFolder.with { folder in
      let separator = ending == "csv" ? "," : " "
      let source = try folder.write(
        "source.\(ending)",
        ending == "ply"
          ? PLY(Pair.small.source, .ascii).bytes
          : Array(rows(Pair.small.source, separator: separator).joined().utf8))
      let target = try folder.write("target.ply", PLY(Pair.small.target, .ascii).bytes)
      var (results, files, looks): (Set<String>, Set<[UInt8]>, Set<String>) = ([], [], [])
      for locale in ["C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8"] {
        let environment = ["LC_ALL": locale, "LANG": locale, "LC_NUMERIC": locale]
        let output = ["-o", folder("T.txt"), "--force", "--json"]
        let run = try Command(arguments: ["register", source, target] + output, environment: environment).run()
        expectOrderly(run)
        #expect(run.exit == 0, "\(run)")
        results.insert(RegisterReport(run.output)?.withoutRun ?? "nothing")
        files.insert(folder.bytes("T.txt"))
        looks.insert(try Command(arguments: ["inspect", source], environment: environment).run().output)
      }
      #expect(results.count == 1 && !results.contains("nothing"), "\(results)")
      #expect(files.count == 1 && files.first?.isEmpty == false)
      #expect(looks.count == 1, "\(looks)")
    }
  }
}
