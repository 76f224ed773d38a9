import Foundation
import Testing

/// `plumb track --boxes`, and the boxes in the image that `plumb track` writes.
@Suite struct TrackBoxesTests {
  private func track(_ arguments: [String]) throws -> Outcome { try Command(arguments: ["track"] + arguments).run() }

  private func lines(_ folder: TemporaryFolder, _ name: String) -> [[Substring]] {
    String(decoding: folder.bytes(name), as: UTF8.self).split(separator: "\n").map {
      $0.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "\t" })
    }
  }

  @Test("label rows: gaps are filled and marked, P2 shows boxes in the image, and the answer tells it all")
  func labels() throws {
    try TemporaryFolder.with { folder in
      try BlockDrive(frames: 0).write(folder)
      let rows = (0..<12).filter { $0 != 5 }.map { k in
        BlockDrive.label(k, at: [k % 2 == 0 ? 0.05 : -0.05, 0, 0]) + "\n"
      }
      let input = try folder.write("in.txt", text: rows.joined())
      let outcome = try track(
        ["--boxes", input, "-o", folder("out.txt"), "--calib", folder("calib/0000.txt"), "--json"])
      #expect(outcome.exit == 0, "\(outcome)")
      for words in [
        "\"schema\":\"plumb.track.boxes/1\"", "\"format\":\"KITTI label rows\"", "\"filled_frames\":[5]",
        "\"given\":11",
        "\"open_gaps\":0", "\"jitter_in_space\":{\"x\":",
      ] {
        #expect(outcome.output.contains(words), "\(words) in \(outcome)")
      }
      let found = lines(folder, "out.txt")
      #expect(found.count == 12 && found.allSatisfy { $0.count == 18 })
      for (k, row) in found.enumerated() {
        let numbers = row.compactMap { Double($0) }
        #expect(numbers[0] == Double(k) && numbers[1] == 7 && row[2] == "Car")
        // The middle drives at 0.3 m per frame; in the camera z is ahead.
        #expect(abs(numbers[14] - Double(BlockDrive.middle(k).x)) < 0.06, "\(row)")
        #expect(numbers[16] == (k == 5 ? 0 : 1) && numbers[3] == (k == 5 ? 3 : 0), "\(row)")
        #expect(numbers[5] >= 0 && numbers[7] > numbers[5] && numbers[8] > numbers[6], "a box in the image: \(row)")
      }
      #expect(try track(["--boxes", folder("out.txt"), "-o", folder("again.txt")]).exit == 0)
      #expect(lines(folder, "again.txt").count == 12)
    }
  }

  @Test("MOT rows and plain rows keep their format")
  func formats() throws {
    try TemporaryFolder.with { folder in
      let mot = (1...9).filter { $0 != 4 }.flatMap {
        ["\($0),1,\(10 * $0),20,30,40,0.9,-1,-1,-1", "\($0),2,5,5,8,8,1"]
      }
      let a = try folder.write("a.txt", text: mot.joined(separator: "\n"))
      let outcome = try track(["--boxes", a, "-o", folder("b.txt")])
      #expect(outcome.exit == 0 && outcome.output.contains("MOT rows, 16 boxes of 2 objects"), "\(outcome)")
      #expect(outcome.output.contains("2 frames filled"), "\(outcome)")
      let found = lines(folder, "b.txt")
      #expect(found.count == 18 && found[6].prefix(2) == ["4", "1"] && found[6].count == 10 && found[6][6] == "0")
      #expect(abs((Double(found[6][2]) ?? 0) - 40) < 0.1)

      let plain = "0,0,0,0\n10,20,30,40\n12,20,30,40\nnan,nan,nan,nan\n16,20,30,40\n0,0,0,0\n"
      let c = try folder.write("c.txt", text: plain)
      #expect(try track(["--boxes", c, "-o", folder("d.csv"), "--max-gap", "1"]).exit == 0)
      let rows = lines(folder, "d.csv")
      #expect(rows.count == 6 && rows[0].allSatisfy { $0 == "nan" } && rows[5].allSatisfy { $0 == "nan" })
      #expect(abs((Double(rows[3][0]) ?? 0) - 14) < 0.1 && rows[3].count == 4)
      let open = try track(["--boxes", c, "-o", folder("e.csv"), "--max-gap", "0"])
      #expect(open.exit == 0 && open.output.contains("1 gap is longer than 0 frames"), "\(open)")
      #expect(lines(folder, "e.csv")[3].allSatisfy { $0 == "nan" })
    }
  }

  @Test("broken files and wrong usage are one line each, and nothing is written")
  func refusals() throws {
    try TemporaryFolder.with { folder in
      try BlockDrive(frames: 1).write(folder)
      let good = try folder.write("g.txt", text: "1,2,3,4\n")
      let output = ["-o", folder("o.txt")]
      for (text, words) in [
        ("1,2,3,4\n1,2,three,4\n", "line 2, column 3"), ("0 0 Car 0 0\n", "line 1: 5 columns"), ("", "empty"),
        ("1,1,0,0,5,5,1\n1,1,9,9,5,5,1\n", "line 2"), ("\u{0}\u{1}\u{2}", "line 1"),
      ] {
        let bad = try folder.write("b.txt", text: text)
        expectRefused(try track(["--boxes", bad] + output), code: [65], containing: ["b.txt", words])
        expectRefused(try track(["--boxes", bad, "--json"] + output), code: [65], containing: [words])
      }
      let calibration = try folder.write("c.txt", text: "Tr_velo_cam 0 -1 0 0 0 0 -1 0 1 0 0 0\n")
      let labels = ["--boxes", folder("label_02/0000.txt")]
      let wrong: [([String], Int32, String)] = [
        (["--boxes", folder("none.txt")], 66, "none.txt"), ([], 64, "--boxes"),
        (["--boxes", good, folder.path], 64, "exclude each other"),
        (["--boxes", good, "--box", "1,2,3,4,5,6,7"], 64, "--box"),
        (["--boxes", good, "--max-gap", "-1"], 64, "max-gap"),
        (["--boxes", good, "--picture", folder("p.png")], 64, "--picture"),
        (["--boxes", good, "--image-size", "1242"], 64, "WIDTH,HEIGHT"),
        (["--boxes", good, "--calib", folder("calib/0000.txt")], 64, "label rows"),
        (labels + ["--calib", calibration], 65, "no entry P2"),
      ]
      for (arguments, code, words) in wrong {
        expectRefused(try track(arguments + output), code: [code], containing: [words])
      }
      #expect(folder.bytes("o.txt").isEmpty)
      expectRefused(try track(["--boxes", good, "-o", good, "--force"]), code: [64], containing: ["never overwritten"])
      try folder.write("o.txt", text: "mine")
      expectRefused(try track(["--boxes", good] + output), code: [73], containing: ["--force"])
    }
  }

  @Test("tracked boxes of label rows have their place in the image where the calibration has a P2")
  func projected() throws {
    try TemporaryFolder.with { folder in
      try BlockDrive(frames: 3).write(folder)
      #expect(try track([folder.path, "-o", folder("t.txt")]).exit == 0)
      let first = try #require(lines(folder, "t.txt").first).compactMap { Double($0) }
      // P2: 700 (x, y) / z + (600, 180). The face at z = 7 m spans x from -3.9 to -2.1 and y from 0.1 to 1.7 m.
      let right = [600 - 700 * 3.9 / 7, 180 + 700 * 0.1 / 11, 600 - 700 * 2.1 / 11, 180 + 700 * 1.7 / 7]
      for (a, b) in zip(first[5...8], right) { #expect(abs(a - b) < 0.5, "\(first)") }
      let alpha = -Double.pi / 2 - atan2(-3, 9)
      #expect(abs(first[4] - alpha) < 0.01)
      #expect(try track([folder.path, "-o", folder("s.txt"), "--image-size", "300,200"]).exit == 0)
      let small = try #require(lines(folder, "s.txt").first).compactMap { Double($0) }
      #expect(small[7] == 299 && small[8] == 199, "\(small)")
    }
  }
}
