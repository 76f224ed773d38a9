import Evaluation
import Foundation
import Geometry
import PointClouds
import Testing

@Suite("pairs lists and sequences") struct LayoutsPairsTests {
  static let numbers = RigidTransform.sample(1).rows.flatMap { $0 }.map { "\($0)" }

  @Test("columns: source, target, numbers or a pose file, an id; blanks, commas, semicolons, tabs, a head line")
  func columns() throws {
    let row = ["a.ply", "b.ply"] + Self.numbers
    let cases: [(String, String)] = [
      ("pairs.txt", "# comment\n\n  " + row.joined(separator: " ") + " one \t\n"),
      ("pairs.csv", row.joined(separator: ",") + ",one\r\n"),
      (
        "pairs.csv",
        "\u{FEFF}source,target," + (0..<16).map { "t\($0)" }.joined(separator: ",") + ",id\n"
          + row.joined(separator: ", ") + ",one\n"
      ),
      ("pairs.csv", row.joined(separator: ";") + ";one\n"), ("pairs.tsv", row.joined(separator: "\t") + "\tone\n"),
      ("pairs.txt", "a.ply b.ply T.txt one\n"), ("pairs.csv", "source,target,pose,id\na.ply,b.ply,T.txt,one\n"),
    ]
    for (name, text) in cases {
      let folder = LayoutFolder()
      folder.write(name, text)
      folder.write("T.txt", Self.numbers.joined(separator: "\n"))
      for path in ["", name] {
        let benchmark = try folder.benchmark(path)
        #expect(benchmark.layout == .pairs && benchmark.pairs.map(\.id) == ["one"], "\(text)")
        #expect(benchmark.pairs.first?.truth?.isNear(.sample(1)) == true)
        #expect(benchmark.pairs.first?.source.path == folder.path + "/a.ply")
        #expect(benchmark.pairs.first?.target.path == folder.path + "/b.ply")
      }
    }
  }

  @Test("without ids the names are the id; without poses there is no truth; names may hold blanks between commas")
  func defaults() throws {
    let folder = LayoutFolder()
    folder.write("pairs.csv", "my a.ply,b.ply\nc/d.ply,b.ply,T.txt\n")
    folder.write("T.txt", RigidTransform.sample(2).line)
    let benchmark = try folder.benchmark()
    #expect(benchmark.pairs.map(\.id) == ["my a.ply~b.ply", "c/d.ply~b.ply"])
    #expect(benchmark.pairs[0].truth == nil && benchmark.pairs[1].truth?.isNear(.sample(2)) == true)
    #expect(benchmark.notes == ["1 of 2 pairs have no true pose"])
  }

  @Test("row 78: a cloud that is missing is no error of the list, its item names the line")
  func place() throws {
    let folder = LayoutFolder()
    folder.write("pairs.txt", (1...20).map { "a\($0).ply b\($0).ply\n" }.joined())
    let item = try folder.benchmark().pairs[16]
    #expect(item.place == "pairs.txt line 17" && item.numbers == (17, 17))
    #expect(item.names?.source == "a17.ply" && item.list == "pairs")
  }

  @Test(
    "row 77: entries that leave the list's folder are refused unless that is allowed",
    arguments: [
      "../../etc/passwd b.ply", "/etc/passwd b.ply", "a.ply x/../../b.ply", "a.ply link/b.ply",
      "a.ply inside/../link/b.ply",
      "a.ply b.ply ../T.txt",
    ])
  func outside(line: String) throws {
    let folder = LayoutFolder()
    folder.write("list/pairs.txt", "x.ply y.ply\n\(line)\n")
    folder.write("elsewhere/b.ply")
    folder.write("list/inside/c.ply")
    folder.write("T.txt", Self.numbers.joined(separator: " "))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/list/link", withDestinationPath: folder.path + "/elsewhere")
    let error = folder.error("list")
    #expect(error?.fileKind == .damaged)
    #expect(
      error?.description.contains("line 2: ") == true
        && error?.description.contains("outside the list's folder") == true)
    #expect(try folder.benchmark("list") { $0.allowsOutside = true }.count == 2)
  }

  @Test("links and dots that stay inside are fine, and so is a list that is reached through a link")
  func inside() throws {
    let folder = LayoutFolder()
    folder.write("list/pairs.txt", "x/../a.ply ./b.ply\nlink/c.ply b.ply\n")
    folder.write("list/inside/c.ply")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/list/link", withDestinationPath: "inside")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/way", withDestinationPath: "list")
    #expect(try folder.benchmark("list").count == 2)
    #expect(try folder.benchmark("way/pairs.txt").count == 2)
  }

  @Test(
    "row 79 and other damage",
    arguments: [
      ("a b 1 x\na b 1\n", "line 1: 1: cannot"), ("a b one\nc d one\n", "line 2: id one is on line 1 already"),
      ("a b\nc d\na b\n", "line 3: the pair a b is on line 1 already"), ("a b\nc\n", "line 2: 1 columns"),
      ("a b 1 2 3\n", "line 1: 5 columns"), ("# nothing\n\n", "no pair in the list"), ("", "file is empty"),
      ("a b" + String(repeating: " 1", count: 15) + "\n", "line 1: 17 columns"),
      ("a b" + String(repeating: " 1", count: 16) + "\n", "line 1: the pose: the last row is 1.0 1.0 1.0 1.0"),
      ("a b" + String(repeating: " x", count: 16) + "\n", "line 1, column 3: \"x\""),
      ("a\u{0}b c\n", "line 1: a NUL byte"),
      ("a\nb c d e\n", "line 1: 1 columns"), ("a,\"b\n", "line 1, column 2: quotes are not read"),
      ("a b T.json\n", "line 1: T.json: poses in JSON"), ("a b none.txt\n", "none.txt: no such file"),
      ("id source target overlap t1\n", "lists with columns id, source"), ("a b p.txt\n", "p.txt: 2 numbers, 16"),
    ])
  func damage(text: String, cause: String) {
    let folder = LayoutFolder()
    folder.write("pairs.txt", text)
    folder.write("T.json", "{}")
    folder.write("p.txt", "1 2\n")
    let error = folder.error { $0.dataset = "pairs" }
    if text.hasPrefix("a b 1 x") {
      // Four columns: "1" is taken for a file with the pose.
      #expect(error?.fileKind == .missing && error?.description.contains("line 1") == true)
      return
    }
    #expect(error?.description.contains("pairs.txt: ") == true)
    #expect(error?.description.contains(cause) == true, "\(error?.description ?? "no error")")
  }

  @Test("overlap.csv beside the list gives the smaller overlap and the diameter of the k-th pair")
  func details() throws {
    let folder = LayoutFolder()
    folder.write("pairs.txt", "a b\nc d\n")
    folder.write(
      "overlap.csv", "pair,family,overlap_src,overlap_tgt,n_src,n_tgt,diameter\n1,blob,0.75,0.5,10,20,0.25\n")
    let pairs = try folder.benchmark().pairs
    #expect(pairs[0].overlap == nil && pairs[0].diameter == nil)
    #expect(pairs[1].overlap == 0.5 && pairs[1].diameter == 0.25)
    folder.write("overlap.csv", "scene,i,j\nx,1,2\n")
    #expect(try folder.benchmark().pairs[1].overlap == nil)
    folder.write("overlap.csv", "pair,diameter\n1,0\n")
    #expect(folder.error()?.description.contains("line 2, column 2: a diameter must be positive") == true)
  }

  @Test("a sequence: natural order, the later cloud is moved, times from the names")
  func sequence() throws {
    let folder = LayoutFolder()
    for name in ["10.5.ply", "2.ply", "9.25.ply"] { folder.write(name) }
    folder.write("README.md")
    folder.write("gt.txt", "1 0 0 0\n")
    let benchmark = try folder.benchmark()
    #expect(benchmark.layout == .sequence && benchmark.pairs.map(\.id) == ["0-1", "1-2"])
    #expect(benchmark.pairs[0].target.path == folder.path + "/2.ply")
    #expect(benchmark.pairs[0].source.path == folder.path + "/9.25.ply" && benchmark.pairs[0].truth == nil)
    #expect(benchmark.notes.contains("timestamps from the names: 2.0 to 10.5"))
    folder.write("a.pcd")
    folder.write("b.pcd")
    if case .unrecognised? = folder.error()?.kind {} else { Issue.record("two kinds of clouds are no sequence") }
  }

  @Test("velodyne/NNNNNN.bin is a sequence")
  func velodyne() throws {
    let folder = LayoutFolder()
    for k in 8...11 { folder.write("velodyne/0000\(k < 10 ? "0" : "")\(k).bin") }
    for name in ["", "velodyne"] { #expect(try folder.benchmark(name).count == 3) }
  }
}
