import Foundation
import Testing

/// Rows 71 and 72: an output is complete where it was asked for, or absent; an input is never touched.
@Suite struct OutputTests {
  @Test(
    "row 71: an output that is an input",
    arguments: [
      ["-o", "source.ply"], ["-o", "target.ply"], ["--save-aligned", "target.ply"], ["--save-merged", "source.ply"],
      ["-o", "./target.ply"], ["-o", "link.json"], ["-o", "hard.json"], ["-o", "pose.txt", "--init", "pose.txt"],
    ], [[], ["--force"]])
  func overInput(options: [String], force: [String]) throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      try folder.write("pose.txt", text: "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n")
      try FileManager.default.createSymbolicLink(atPath: folder("link.json"), withDestinationPath: files[0])
      try FileManager.default.linkItem(atPath: files[1], toPath: folder("hard.json"))
      let before = folder.entries
      let paths = options.map { $0.hasPrefix("-") ? $0 : folder($0) }
      let outcome = try Command(arguments: ["register"] + files + paths + force).run()
      expectRefused(outcome, code: [64])
      #expect(
        folder.bytes("source.ply") == Pair.small.sourceFile && folder.bytes("target.ply") == Pair.small.targetFile)
      #expect(folder.entries == before)
    }
  }

  @Test("row 71: an existing output needs --force")
  func existing() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let output = try folder.write("T.json", text: "mine")
      let refused = try Command(arguments: ["register"] + files + ["-o", output]).run()
      expectRefused(refused, code: [64, 73], containing: ["--force"], naming: "T.json")
      #expect(folder.bytes("T.json") == Array("mine".utf8))
      let forced = try Command(arguments: ["register"] + files + ["-o", output, "--force"]).run()
      expectOrderly(forced)
      #expect(forced.exit == 0 && folder.bytes("T.json") != Array("mine".utf8), "\(forced)")
      #expect(folder.entries == ["source.ply", "target.ply", "T.json"])
    }
  }

  @Test("outputs are written in every form and nothing else is", arguments: ["json", "txt", "tum", "kitti"])
  func forms(ending: String) throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let options = ["-o", folder("T.\(ending)"), "--save-aligned", folder("a.ply"), "--save-merged", folder("m.ply")]
      let outcome = try Command(arguments: ["register"] + files + options).run()
      expectOrderly(outcome)
      #expect(outcome.exit == 0, "\(outcome)")
      #expect(folder.entries == ["source.ply", "target.ply", "T.\(ending)", "a.ply", "m.ply"])
      for name in ["T.\(ending)", "a.ply", "m.ply"] { #expect(!folder.bytes(name).isEmpty, "\(name)") }
      for name in ["a.ply", "m.ply"] {
        let looked = try Command(arguments: ["inspect", folder(name)]).run()
        #expect(looked.exit == 0 && looked.text.contains(name == "a.ply" ? "4" : "8"), "\(looked)")
      }
    }
  }

  @Test("row 72: the output folder is missing", arguments: ["-o", "--save-aligned", "--save-merged"])
  func missingFolder(option: String) throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let before = folder.entries
      let name = option == "-o" ? "out.txt" : "out.ply"
      for mode in [[], ["--json"]] {
        let outcome = try Command(arguments: ["register"] + files + [option, folder("none/\(name)")] + mode).run()
        expectRefused(outcome, code: [73], naming: name)
      }
      #expect(folder.entries == before)
    }
  }

  @Test("row 72: the output is a folder")
  func outputIsFolder() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let outcome = try Command(arguments: ["register"] + files + ["-o", folder.path]).run()
      expectRefused(outcome, code: [64, 73])
      #expect(folder.entries == ["source.ply", "target.ply"])
    }
  }

  @Test("row 72: the output folder is read-only", .enabled(if: Machine.canDropRights, "needs root and setpriv"))
  func readOnly() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let before = folder.entries
      for (option, name) in [("-o", "out.txt"), ("--save-merged", "out.ply")] {
        // The folder belongs to root and is open to nobody for reading only.
        let outcome = try Command(arguments: ["register"] + files + [option, folder(name)], asNobody: true).run()
        expectRefused(outcome, code: [77], containing: ["permission denied"], naming: name)
      }
      #expect(folder.entries == before)
    }
  }

  @Test("row 72: the disk is full")
  func diskFull() throws {
    try TemporaryFolder.with { folder in
      let files = try writePair(folder)
      let disk = TemporaryFolder(path: folder("disk"))
      try FileManager.default.createDirectory(atPath: disk.path, withIntermediateDirectories: false)
      let mounted = Machine.succeeds("/bin/mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", disk.path])
      guard getuid() == 0, mounted else {
        print("SKIPPED: row 72, full disk: a tmpfs cannot be mounted here (root: \(getuid() == 0))")
        return
      }
      defer { _ = Machine.succeeds("/bin/umount", [disk.path]) }
      let outcome = try Command(arguments: ["register"] + files + ["--save-merged", disk("both.ply")]).run()
      expectRefused(outcome, code: [74], naming: "both.ply")
      #expect(disk.entries.isEmpty, "no partial file may remain")
    }
  }
}
