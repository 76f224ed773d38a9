import Foundation
import Testing

/// Rows 1–6 and 85: files that are absent, closed, empty, nothing known, or named to hurt.
@Suite struct AccessTests {
  @Test("row 1: missing file")
  func missing() throws {
    try TemporaryFolder.with { folder in
      try expectUnreadable(folder("absent.ply"), folder, code: 66, containing: ["no such file"])
      let good = try folder.write("good.ply", Pair.small.sourceFile)
      let outcome = try Command(arguments: ["register", good, folder("absent.ply")]).run()
      expectRefused(outcome, code: [66], containing: ["no such file"], naming: "absent.ply")
    }
  }

  @Test("row 2: directory with the name of a file")
  func directory() throws {
    try TemporaryFolder.with { folder in
      try FileManager.default.createDirectory(atPath: folder("dir.ply"), withIntermediateDirectories: false)
      try expectUnreadable(folder("dir.ply"), folder, code: 66, containing: ["is a directory"])
    }
  }

  @Test(
    "row 3: unreadable file",
    .enabled(if: Machine.canDropRights, "needs root, setpriv and a binary that nobody may run"))
  func unreadable() throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("closed.ply", Pair.small.sourceFile)
      let good = try folder.write("good.ply", Pair.small.targetFile)
      chmod(file, 0)
      for arguments in [["inspect", file], ["register", file, good], ["register", file, good, "--json"]] {
        let outcome = try Command(arguments: arguments, asNobody: true).run()
        expectRefused(outcome, code: [77], containing: ["permission denied"], naming: "closed.ply")
      }
    }
  }

  @Test("row 4: loop of symbolic links")
  func loop() throws {
    try TemporaryFolder.with { folder in
      try FileManager.default.createSymbolicLink(atPath: folder("a.ply"), withDestinationPath: folder("b.ply"))
      try FileManager.default.createSymbolicLink(atPath: folder("b.ply"), withDestinationPath: folder("a.ply"))
      try expectUnreadable(folder("a.ply"), folder, code: 66, containing: ["too many levels"])
    }
  }

  @Test("row 5: file of 0 bytes", arguments: ["ply", "pcd", "xyz", "bin", "npy"])
  func empty(ending: String) throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("empty.\(ending)", [])
      try expectUnreadable(file, folder, containing: ["file is empty"])
    }
  }

  @Test("row 6: 100 kB of garbage", arguments: ["ply", "pcd", "xyz", "npy"])
  func noise(ending: String) throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("garbage.\(ending)", garbage(100_000))
      try expectUnreadable(file, folder, containing: ["not a known point-cloud format"])
    }
  }

  /// Names that would steer a terminal or a page if they were printed as they are.
  static let names = [
    "<script>alert(1)<script>.ply", "red\u{1B}[31m.ply", "two\nlines.ply", "näme-点云.ply", "back\\slash \"q\".ply",
    String(repeating: "n", count: 251) + ".ply", "-dash.ply",
  ]

  @Test("row 85: awkward name of an input", arguments: names)
  func awkward(name: String) throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write(name, Pair.small.sourceFile)
      let report = try expectReadable(file, folder)
      #expect(report?.inputs.first?["path"] as? String == file, "the path must survive JSON")
      let damaged = try folder.write(name, PLY(Pair.small.source).bytes.dropLast())
      for mode in [[], ["--json"]] {
        let outcome = try Command(arguments: ["inspect", damaged] + mode).run()
        expectRefused(outcome, code: [65], containing: ["3999 complete"])
        #expect(!outcome.text.contains("\u{1B}"), "no escape sequence may reach the terminal; \(outcome)")
      }
    }
  }

  @Test("row 85: output whose name has 255 bytes leaves no room for a longer temporary name")
  func longOutput() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let name = String(repeating: "o", count: 251) + ".txt"
      let outcome = try Command(arguments: ["register"] + files + ["-o", folder(name)]).run()
      expectOrderly(outcome)
      #expect(outcome.exit == 0, "\(outcome)")
      #expect(folder.entries == ["source.ply", "target.ply", name])
    }
  }
}
