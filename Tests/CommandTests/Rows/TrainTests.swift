import Testing

/// `plumb train`.
@Suite struct TrainTests {
  @Test("a map is fitted and measured; the same options give the same bytes for any number of threads")
  func descriptor() throws {
    try TemporaryFolder.with { folder in
      for threads in ["1", "2"] {
        let outcome = try Command(
          arguments: [
            "train", "descriptor", "--kinds", "object", "--pairs", "2", "--dimension", "8", "--threads", threads,
            "--json", "-o", folder("\(threads).map"),
          ]
        ).run()
        expectOrderly(outcome)
        #expect(outcome.exit == 0, "\(outcome)")
        for words in ["plumb.train.descriptor/1", "\"eigenvalues\":[", "\"kind\":\"object\""] {
          #expect(outcome.output.contains(words), "\(outcome)")
        }
      }
      let bytes = folder.bytes("1.map")
      #expect(!bytes.isEmpty && folder.bytes("2.map") == bytes)
      let head = String(decoding: bytes.prefix(400), as: UTF8.self)
      #expect(head.hasPrefix("plumb descriptor map 1\ndescriptor format 1\nvalues 426 to 8\n"), "\(head)")
      #expect(head.contains("# plumb train descriptor --kinds object --pairs 2 --dimension 8 --seed 1\n"), "\(head)")
      let again = try Command(arguments: ["train", "descriptor", "-o", folder("1.map")]).run()
      expectRefused(again, code: [73], containing: ["1.map", "--force"])
      #expect(folder.bytes("1.map") == bytes)
    }
  }

  @Test("a configuration reaches the run: its options are those of the command line")
  func configured() throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write(
        "c.toml", text: "pairs = 2\n[train.descriptor]\nkinds = \"object\"\ndimension = 8\n")
      let outcome = try Command(
        arguments: ["train", "descriptor", "--config", file, "-o", folder("c.map")]
      ).run()
      expectOrderly(outcome)
      #expect(outcome.exit == 0, "\(outcome)")
      let head = String(decoding: folder.bytes("c.map").prefix(400), as: UTF8.self)
      #expect(head.contains("# plumb train descriptor --kinds object --pairs 2 --dimension 8 --seed 1\n"), "\(head)")
    }
  }

  static let wrong: [[String]] = [
    ["--kinds", "forest"], ["--kinds", ","], ["--pairs", "0"], ["--dimension", "427"], ["--dimension", "0"],
    ["--seed", "-1"],
  ]

  @Test("wrong options are refused by their names", arguments: wrong)
  func refused(options: [String]) throws {
    try TemporaryFolder.with { folder in
      let outcome = try Command(arguments: ["train", "descriptor", "-o", folder("a.map")] + options).run()
      expectRefused(outcome, code: [64], containing: ["plumb train descriptor --help"])
      #expect(folder.bytes("a.map").isEmpty)
    }
  }

  @Test("a section of a configuration file may be for a command of a group")
  func configuration() throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write(
        "c.toml", text: "pairs = 7\n[train.descriptor]\ndimension = 9\n[register]\nforce = true\n")
      let dump = try Command(arguments: ["train", "descriptor", "-o", "m", "--dump-config", "--config", file]).run()
      #expect(dump.exit == 0 && dump.output.contains("[train.descriptor]\n"), "\(dump)")
      #expect(dump.output.contains("pairs = 7\n") && dump.output.contains("dimension = 9\n"), "\(dump)")
      #expect(dump.output.contains("force = false\n"), "\(dump)")
      for (text, word) in [
        ("[train]\npairs = 7\n", "train.descriptor"), ("[train.tracks]\npairs = 7\n", "[train.tracks]"),
      ] {
        let wrong = try folder.write("w.toml", text: text)
        let outcome = try Command(arguments: ["train", "descriptor", "-o", "m", "--config", wrong]).run()
        expectRefused(outcome, code: [64], containing: [word])
      }
    }
  }
}
