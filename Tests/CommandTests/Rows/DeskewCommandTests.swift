import Foundation
import Testing

/// `plumb deskew`.
@Suite struct DeskewCommandTests {
  /// A table of points on two walls with their times.
  private func table(_ time: (Int) -> String?) -> String {
    var lines = ["x,y,z" + (time(0) == nil ? "" : ",time")]
    for k in 0..<400 {
      let (u, v) = (Double(k % 20) / 4, Double(k / 20) / 8)
      let p = k % 2 == 0 ? "\(u),3,\(v)" : "5,\(u),\(v)"
      lines.append(p + (time(k).map { ",\($0)" } ?? ""))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test("a given motion moves every point by its share of the sweep")
  func given() throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("raw.csv", text: table { "\($0)" })
      let outcome = try Command(
        arguments: ["deskew", file, "--twist", "0,0,0,1,0,0", "-o", folder("still.csv"), "--json"]
      ).run()
      expectOrderly(outcome)
      #expect(outcome.exit == 0 && outcome.output.contains("plumb.deskew/1"), "\(outcome)")
      let rows = String(decoding: folder.bytes("still.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
      let last = try #require(rows.last?.split(separator: ",").first.flatMap { Double($0) })
      #expect(rows.count == 400 && abs(last - 6) < 1e-5, "\(last)")
    }
  }

  @Test("what a file lacks is said in one line", arguments: ["none", "one", "nan"])
  func lacking(kind: String) throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write(
        "raw.csv", text: table { kind == "none" ? nil : kind == "one" ? "0.5" : $0 == 7 ? "nan" : "\($0)" })
      let outcome = try Command(
        arguments: ["deskew", file, "--twist", "0,0,0,1,0,0", "-o", folder("still.csv")]
      ).run()
      expectRefused(outcome, code: [65], containing: ["raw.csv", "time"])
    }
  }

  @Test("times in any order are taken, and said")
  func unordered() throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("raw.csv", text: table { "\(($0 * 7) % 400)" })
      let outcome = try Command(
        arguments: ["deskew", file, "--twist", "0,0,0,1,0,0", "-o", folder("still.csv")]
      ).run()
      expectOrderly(outcome)
      #expect(outcome.exit == 0 && outcome.errors.contains("not in the order of their times"), "\(outcome)")
    }
  }

  @Test(
    "wrong usage", arguments: [[], ["--twist", "1,2"], ["--twist", "0,0,0,1,0,0", "--with", "b.ply"]] as [[String]])
  func usage(options: [String]) throws {
    let outcome = try Command(arguments: ["deskew", "a.ply", "-o", "b.ply"] + options).run()
    expectRefused(outcome, code: [64], containing: [])
  }
}
