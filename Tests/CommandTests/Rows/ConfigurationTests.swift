import Testing

/// Row 86: options from a TOML file.
@Suite struct ConfigurationTests {
  static let broken: [(name: String, text: String, code: Int32, words: [String])] = [
    ("unknown-key", "voxell = 0.1\n", 64, ["unknown key voxell", "did you mean voxel"]),
    ("unknown-far", "completely_else = 0.1\n", 64, ["unknown key completely_else"]),
    ("unknown-in-section", "[register]\nquallity = \"best\"\n", 64, ["quallity", "did you mean quality"]),
    ("unknown-section", "[regster]\nvoxel = 1\n", 64, ["section [regster]", "register"]),
    ("array", "voxel = [1, 2]\n", 64, ["voxel", "array"]),
    ("bool", "voxel = true\n", 64, ["voxel", "bool"]),
    ("flag", "force = 1\n", 64, ["force", "true or false"]),
    ("value", "voxel = \"wide\"\n", 64, ["wide"]),
    ("syntax", "seed = 1\nvoxel = \n", 65, ["line 2"]),
    ("twice", "seed = 1\nseed = 2\n", 65, ["line 2"]),
    ("huge", "seed = 99999999999999999999\n", 65, ["line 1"]),
    ("bytes", "\u{0}\u{1}\u{2}", 65, ["line 1"]),
  ]

  @Test("row 86: what is wrong in a configuration is named", arguments: broken.indices)
  func refused(index: Int) throws {
    let broken = Self.broken[index]
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let file = try folder.write("\(broken.name).toml", text: broken.text)
      for mode in [[], ["--json"]] {
        let outcome = try Command(arguments: ["register"] + files + ["--config", file] + mode).run()
        expectRefused(outcome, code: [broken.code], containing: broken.words)
      }
    }
  }

  @Test("a configuration is used, its section goes first to its command, and the command line has the last word")
  func order() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let file = try folder.write(
        "c.toml", text: "seed = 5\nmax_correspondence = 0.5\n[register]\njson = true\n[simulate]\nforce = true\n")
      let first = try Command(arguments: ["register"] + files + ["--config", file]).run()
      #expect(first.output.contains(#""seed":5,"#), "\(first)")
      let second = try Command(arguments: ["register", "--config=\(file)"] + files + ["--seed", "6"]).run()
      #expect(second.output.contains(#""seed":6,"#), "\(second)")
    }
  }

  @Test("what --dump-config prints is a configuration that changes nothing")
  func dump() throws {
    try TemporaryFolder.with { folder in
      let given = ["--voxel", "0.125", "--accept", "any", "--force"]
      let dump = try Command(arguments: ["register", "a", "b", "--dump-config"] + given).run()
      #expect(dump.exit == 0 && dump.output.contains("voxel = 0.125\n"), "\(dump)")
      #expect(dump.output.contains("accept = \"any\"") && dump.output.contains("force = true"), "\(dump)")
      let file = try folder.write("dump.toml", text: dump.output)
      let again = try Command(arguments: ["register", "a", "b", "--dump-config", "--config", file]).run()
      #expect(again.output == dump.output)
    }
  }
}
