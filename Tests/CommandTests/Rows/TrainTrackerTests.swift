import Foundation
import Testing

/// `plumb train tracker`, and what `plumb track --network` makes of files of weights.
@Suite struct TrainTrackerTests {
  @Test("a tiny training writes weights that track; the answer has its figures; what exists is kept without --force")
  func trains() throws {
    try TemporaryFolder.with { folder in
      let arguments = ["train", "tracker", "--steps", "2", "--batch", "4", "-o", folder("w.safetensors")]
      let outcome = try Command(arguments: arguments + ["--json"], killAfter: 300).run()
      expectOrderly(outcome)
      #expect(outcome.exit == 0, "\(outcome)")
      let answer = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(answer["schema"] as? String == "plumb.train.tracker/1" && answer["model"] as? String == "t")
      #expect(answer["steps"] as? Int == 2 && answer["seed"] as? Int == 1 && answer["version"] is String)
      #expect(answer["output"] as? String == folder("w.safetensors") && (answer["parameters"] as? Int ?? 0) > 100_000)
      let heldOut = try #require(answer["held_out"] as? [String: Any])
      #expect((heldOut["samples"] as? Int ?? 0) > 100)
      let blocks = try #require(heldOut["success_after_blocks"] as? [Double])
      let all = blocks + [try #require(heldOut["success_prior"] as? Double)]
      #expect(blocks.count > 1 && all.allSatisfy { $0 > 0 && $0 < 100 }, "\(heldOut)")

      let weights = folder.bytes("w.safetensors")
      let head = String(decoding: weights.dropFirst(8).prefix(600), as: UTF8.self)
      #expect(head.contains("plumb train tracker --model t --steps 2 --batch 4"), "\(head)")
      #expect(!folder.bytes("w.safetensors.checkpoint").isEmpty)
      expectRefused(try Command(arguments: arguments).run(), code: [73], containing: ["w.safetensors", "--force"])
      #expect(folder.bytes("w.safetensors") == weights)

      // The checkpoint of the last step leads to the same bytes.
      let resumed = try Command(
        arguments: [
          "train", "tracker", "--steps", "2", "--batch", "4", "-o", folder("r.safetensors"), "--resume",
          folder("w.safetensors.checkpoint"),
        ], killAfter: 300
      ).run()
      #expect(resumed.exit == 0 && folder.bytes("r.safetensors") == weights, "\(resumed)")

      try BlockDrive(frames: 3).write(folder)
      let tracked = try Command(
        arguments: ["track", folder.path, "--network", folder("w.safetensors"), "-o", folder("t.jsonl")]
      ).run()
      expectOrderly(tracked)
      #expect(
        tracked.exit == 0 && String(decoding: folder.bytes("t.jsonl"), as: UTF8.self).split(separator: "\n").count == 3)
      for damaged in [weights.dropLast(3), weights.prefix(20), weights.dropFirst(9)] {
        try folder.write("d.safetensors", damaged)
        let refused = try Command(
          arguments: ["track", folder.path, "--network", folder("d.safetensors"), "-o", folder("u.jsonl")]
        ).run()
        expectRefused(refused, code: [65], naming: "d.safetensors")
      }
      #expect(folder.bytes("u.jsonl").isEmpty)
    }
  }

  @Test("weights are trained further on what a tracker with them asks, to the same bytes for any number of threads")
  func rollouts() throws {
    try TemporaryFolder.with { folder in
      func train(_ name: String, _ options: [String]) throws -> Outcome {
        try Command(
          arguments: ["train", "tracker", "--batch", "4", "-o", folder(name + ".safetensors")] + options, killAfter: 300
        ).run()
      }
      func head(_ name: String) -> String {
        String(decoding: folder.bytes(name + ".safetensors").dropFirst(8).prefix(1200), as: UTF8.self)
      }
      let (first, second) = (folder("first.safetensors"), folder("second.safetensors"))
      #expect(try train("first", ["--steps", "1"]).exit == 0)
      let rollouts = ["--steps", "2", "--from", first, "--rollouts"]
      for (name, threads) in [("second", "1"), ("threads", "2")] {
        let outcome = try train(name, rollouts + ["--threads", threads])
        expectOrderly(outcome)
        #expect(outcome.exit == 0, "\(outcome)")
      }
      #expect(folder.bytes("second.safetensors") == folder.bytes("threads.safetensors"))
      #expect(folder.bytes("second.safetensors") != folder.bytes("first.safetensors"))
      // How both stages went stands in the notes.
      let command = try #require(head("second").firstMatch(of: /--model t --from ([0-9a-f]{16}) --rollouts --steps 2/))
      #expect(head("second").contains("\"from\":\"\(command.1): plumb train tracker --model t --steps 1 --batch 4"))
      #expect(!head("first").contains("from"))
      #expect(try train("surer", rollouts + ["--confidence-only"]).exit == 0)
      #expect(head("surer").contains(" --rollouts --confidence-only --steps 2"))
      // Another start and other samples are another training.
      let checkpoint = ["--resume", folder("second.safetensors.checkpoint")]
      for options in [
        ["--steps", "2", "--from", first], ["--steps", "2", "--from", second, "--rollouts"],
        rollouts + ["--confidence-only"],
      ] {
        expectRefused(try train("other", options + checkpoint), code: [65], naming: "second.safetensors.checkpoint")
      }
      #expect(try train("same", rollouts + checkpoint).exit == 0)
      #expect(folder.bytes("same.safetensors") == folder.bytes("second.safetensors"))
      expectRefused(try train("other", ["--model", "s", "--from", first]), code: [65], naming: "first.safetensors")
      expectRefused(try train("other", ["--from", folder("none")]), code: [66], naming: "none")
      expectRefused(try train("other", ["--rollouts"]), code: [64], containing: ["--rollouts", "--from"])
      expectRefused(try train("other", ["--confidence-only"]), code: [64], containing: ["--confidence-only", "--from"])
      expectRefused(try train("first", ["--from", first, "--force"]), code: [64], containing: ["first.safetensors"])
      #expect(folder.bytes("other.safetensors").isEmpty)
    }
  }

  @Test("a file that is no checkpoint is refused before anything is trained; so is one of another training")
  func resuming() throws {
    try TemporaryFolder.with { folder in
      for (name, text) in [
        ("text", "no checkpoint"), ("empty", ""), ("header", "\u{2}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}{}"),
      ] {
        let file = try folder.write(name, text: text)
        let outcome = try Command(
          arguments: ["train", "tracker", "--steps", "2", "--resume", file, "-o", folder("w.safetensors")]
        ).run()
        expectRefused(outcome, code: [65], naming: name)
      }
      #expect(folder.entries == ["text", "empty", "header"])
      let missing = try Command(
        arguments: ["train", "tracker", "--resume", folder("none"), "-o", folder("w.safetensors")]
      ).run()
      expectRefused(missing, code: [66], naming: "none")
    }
  }

  @Test(
    "wrong options are refused by their names",
    arguments: [
      ["--steps", "0"], ["--batch", "0"], ["--rate", "2"], ["--model", "xl"], ["--checkpoint-every", "0"],
      ["--without", "noise", "--without", "chain"],
    ])
  func refused(options: [String]) throws {
    try TemporaryFolder.with { folder in
      let outcome = try Command(arguments: ["train", "tracker", "-o", folder("w.safetensors")] + options).run()
      expectRefused(outcome, code: [64], containing: [String(options[0])])
      #expect(folder.entries.isEmpty)
    }
  }
}
