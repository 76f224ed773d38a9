import Foundation
import Testing

/// Rows 89 and 90: files that change while they are read, and inputs that are streams.
@Suite struct StreamTests {
  /// Runs `inspect` on a file of 300 000 text rows and disturbs the file as soon as it is open.
  private func disturbed(_ folder: TemporaryFolder, _ disturb: (String) throws -> Void) throws -> Outcome {
    let lines = (0..<300_000).map { "\($0 % 977).25 \($0 % 613).5 \($0 % 41).75\n" }
    let file = try folder.write("growing.xyz", text: lines.joined())
    let run = try Command(arguments: ["inspect", file]).start()
    if run.wait(for: { $0.hasOpen(file) }) { try disturb(file) }
    return run.wait(killAfter: 60)
  }

  @Test("row 89: the file grows, shrinks or is replaced while it is read", arguments: ["grows", "shrinks", "replaced"])
  func changes(how: String) throws {
    // The change lands between opening and the last look unless the machine stalls the test for the whole read; a read
    // that was over before the change may succeed, so only one refusal in five tries is required.
    var refusals = 0
    for _ in 0..<5 where refusals == 0 {
      try TemporaryFolder.with { folder in
        let outcome = try disturbed(folder) { file in
          switch how {
          case "grows":
            let handle = try #require(FileHandle(forWritingAtPath: file))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("1 2 3\n".utf8))
            try handle.close()
          case "shrinks": truncate(file, 1_000_000)
          default:
            try folder.write("new.xyz", text: "1 2 3\n4 5 7\n6 7 9\n")
            rename(folder("new.xyz"), file)
          }
        }
        expectOrderly(outcome)
        if outcome.exit == 65 {
          refusals += 1
          expectRefused(
            outcome, code: [65], containing: ["changed while reading"], naming: "growing.xyz", megabytes: nil)
        } else {
          #expect(outcome.exit == 0, "\(outcome)")
        }
      }
    }
    #expect(refusals > 0, "five changed files were all accepted")
  }

  static let forms: [(name: String, bytes: [UInt8])] = [
    ("PLY", Pair.small.sourceFile), ("ASCII PLY", PLY(Pair.small.source, .ascii).bytes),
    ("PCD", PCD(Pair.small.source).bytes), ("NPY", NumPy.points(Pair.small.source)),
    ("XYZ", Array(rows(Pair.small.source).joined().utf8)),
  ]

  @Test("row 90: standard input", arguments: forms.indices)
  func standardInput(index: Int) throws {
    try TemporaryFolder.with { folder in
      let bytes = Self.forms[index].bytes
      let target = try folder.write("target.ply", Pair.small.targetFile)
      let file = try folder.write("source", bytes)
      for input in [Command.Input.pipe(bytes), .file(file)] {
        for arguments in [["inspect", "-"], ["register", "-", target, "--json"]] {
          let outcome = try Command(arguments: arguments, input: input).run()
          expectOrderly(outcome)
          #expect(outcome.exit == 0, "\(Self.forms[index].name); \(outcome)")
        }
      }
    }
  }

  @Test("row 90: damaged and empty standard input")
  func badStandardInput() throws {
    let damaged = Array(Pair.small.sourceFile.dropLast(7))
    let cut = try Command(arguments: ["inspect", "-"], input: .pipe(damaged)).run()
    expectRefused(cut, code: [65], containing: ["3999 complete"])
    let empty = try Command(arguments: ["inspect", "-"], input: .pipe([])).run()
    expectRefused(empty, code: [65], containing: ["empty"])
  }

  @Test("row 90: FIFO")
  func fifo() throws {
    try TemporaryFolder.with { folder in
      let path = folder("pipe.ply")
      #expect(mkfifo(path, 0o644) == 0)
      let target = try folder.write("target.ply", Pair.small.targetFile)
      let run = try Command(arguments: ["register", path, target, "--json"]).start()
      let bytes = Data(Pair.small.sourceFile)
      // Opening for writing without blocking succeeds once the command has opened the other end.
      var end: Int32 = -1
      _ = run.wait { _ in
        end = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        return end >= 0
      }
      if end >= 0 {
        _ = fcntl(end, F_SETFL, 0)
        try FileHandle(fileDescriptor: end, closeOnDealloc: true).write(contentsOf: bytes)
      }
      let outcome = run.wait(killAfter: 60)
      expectOrderly(outcome)
      #expect(outcome.exit == 0, "\(outcome)")
    }
  }

  @Test("row 90: /dev/null")
  func null() throws {
    try TemporaryFolder.with { folder in
      try expectUnreadable("/dev/null", folder, containing: ["empty"])
    }
  }

  @Test("row 90: /dev/zero stops at the cap")
  func zero() throws {
    try TemporaryFolder.with { folder in
      try expectUnreadable(
        "/dev/zero", folder, code: 75, containing: ["max-memory"], options: ["--max-memory", "200M"], megabytes: 600)
    }
  }
}
