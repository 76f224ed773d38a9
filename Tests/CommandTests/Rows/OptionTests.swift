import Testing

/// Rows 69 and 70: options that make no sense.
@Suite struct OptionTests {
  static let poses: [(name: String, text: String, word: String)] = [
    ("fifteen", "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0\n", "16"),
    ("seventeen", "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1 5\n", "16"),
    ("word", "1 0 0 0\n0 1 0 zero\n0 0 1 0\n0 0 0 1\n", "zero"),
    ("empty", "", "empty"),
    ("scaled", "2 0 0 0\n0 2 0 0\n0 0 2 0\n0 0 0 1\n", "orthonormal"),
    ("sheared", "1 0.5 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n", "orthonormal"),
    ("mirror", "1 0 0 0\n0 1 0 0\n0 0 -1 0\n0 0 0 1\n", "determinant"),
    ("nan", "1 0 0 nan\n0 1 0 0\n0 0 1 0\n0 0 0 1\n", "nan"),
    ("projective", "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 1 1\n", "0 0 0 1"),
  ]

  @Test("row 69: --init that is no rigid motion", arguments: poses.indices)
  func initial(index: Int) throws {
    let pose = Self.poses[index]
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let file = try folder.write("pose-\(pose.name).txt", text: pose.text)
      let before = folder.entries
      for mode in [[], ["--json"]] {
        let outcome = try Command(arguments: ["register"] + files + ["--init", file] + mode).run()
        expectRefused(outcome, code: [65], naming: "pose-\(pose.name).txt")
        let said = [pose.word, pose.word == "nan" ? "finite" : "rigid"].contains {
          outcome.text.localizedCaseInsensitiveContains($0)
        }
        #expect(said, "the reason must be told: \(pose.word); \(outcome)")
      }
      #expect(folder.entries == before)
    }
  }

  @Test("row 69: --init that is absent")
  func absentPose() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let outcome = try Command(arguments: ["register"] + files + ["--init", folder("none.txt")]).run()
      expectRefused(outcome, code: [66], containing: ["no such file"], naming: "none.txt")
    }
  }

  @Test("row 69: a good --init is used")
  func goodPose() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let text = Pair.small.targetFromSource.map { $0.map(decimal).joined(separator: " ") }.joined(separator: "\n")
      let file = try folder.write("pose.txt", text: text + "\n")
      let outcome = try Command(arguments: ["register"] + files + ["--init", file, "--json"]).run()
      expectOrderly(outcome)
      #expect(outcome.exit == 0, "\(outcome)")
      let off = RegisterReport(outcome.output)?.displacement(from: Pair.small.targetFromSource, over: Pair.small.source)
      #expect(off ?? 1 < 0.01, "\(outcome)")
    }
  }

  @Test("row 70: --voxel that is no length", arguments: ["0", "-1", "nan", "inf", "abc", "1e-12", "1e9"])
  func voxel(value: String) throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let code: [Int32] = value == "1e9" ? [65] : value == "1e-12" ? [64, 65] : [64]
      let words = value == "1e9" ? ["leaves 1 point"] : value == "1e-12" ? [] : ["voxel"]
      for mode in [[], ["--json"]] {
        let outcome = try Command(arguments: ["register"] + files + ["--voxel=\(value)"] + mode).run()
        expectRefused(outcome, code: code, containing: words)
      }
    }
  }

  @Test(
    "usage errors exit 64 with one line",
    arguments: [
      ["register"], ["register", "one.ply"], ["inspect"], ["register", "a.ply", "b.ply", "--nonsense"], ["nonsense"],
      ["register", "a.ply", "b.ply", "--threads", "0"], ["register", "a.ply", "b.ply", "--method", "best"],
    ])
  func usage(arguments: [String]) throws {
    let outcome = try Command(arguments: arguments).run()
    expectOrderly(outcome)
    #expect(outcome.exit == 64, "\(outcome)")
    #expect(outcome.output.isEmpty && !outcome.errors.isEmpty, "\(outcome)")
  }
}
