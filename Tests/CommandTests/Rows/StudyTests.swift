import Testing

/// `plumb study`.
@Suite struct StudyTests {
  @Test("rows, table, figures and JSON; the same options give the same bytes for any number of threads")
  func inversion() throws {
    try TemporaryFolder.with { folder in
      for threads in ["1", "2"] {
        let outcome = try Command(
          arguments: [
            "study", "inversion", "--quick", "--threads", threads, "--json", "--csv", folder("\(threads).csv"),
            "--picture", folder("\(threads).svg"),
          ]
        ).run()
        expectOrderly(outcome)
        #expect(outcome.exit == 0, "\(outcome)")
        for words in ["plumb.study/1", "\"row\":\"G2.i\"", "\"outcome\":\"PASS\"", "\"series\":["] {
          #expect(outcome.output.contains(words), "\(outcome)")
        }
      }
      #expect(folder.bytes("1.csv") == folder.bytes("2.csv"))
      #expect(folder.bytes("1.svg") == folder.bytes("2.svg"))
      let table = String(decoding: folder.bytes("1.csv"), as: UTF8.self)
      #expect(table.hasPrefix("study,row,check,value,expected,outcome,seed,quick\ninversion,G1,"), "\(table)")
      #expect(String(decoding: folder.bytes("1.svg"), as: UTF8.self).hasPrefix("<svg xmlns="))
      let again = try Command(arguments: ["study", "inversion", "--quick", "--csv", folder("1.csv")]).run()
      expectRefused(again, code: [73], containing: ["1.csv", "--force"])
    }
  }

  @Test("a folder gets a picture per study, a person a line per row")
  func folder() throws {
    try TemporaryFolder.with { folder in
      let outcome = try Command(
        arguments: ["study", "inversion", "inversion", "--quick", "--picture", folder("figures")]
      ).run()
      #expect(outcome.exit == 0, "\(outcome)")
      #expect(outcome.output.contains("PASS  G2.i "), "\(outcome)")
      #expect(outcome.output.contains("RESULT") && outcome.output.contains(" 0 not,"), "\(outcome)")
      #expect(!folder.bytes("figures/inversion.svg").isEmpty)
    }
  }

  static let wrong: [[String]] = [
    ["gradient"], [], ["inversion", "--csv", "a.txt"], ["inversion", "--picture", "a.png"],
    ["inversion", "--seed", "x"],
  ]

  @Test("wrong options are refused", arguments: wrong)
  func refused(options: [String]) throws {
    let outcome = try Command(arguments: ["study"] + options).run()
    expectRefused(outcome, code: [64], containing: ["plumb study --help"])
  }
}
