import Foundation
import Geometry
import PointClouds
import Testing

@Suite struct CloudReaderTests {
  private func error(_ path: String, _ reader: CloudReader = CloudReader()) -> CloudFileError? {
    do throws(CloudFileError) {
      _ = try reader(path)
      return nil
    } catch { return error }
  }

  @Test func namesThatCannotBeRead() {
    let scratch = Scratch()
    let missing = error(scratch.path("none.ply"))
    #expect(missing?.kind == .missing && missing?.description.contains("none.ply: no such file") == true)
    let folder = error(scratch.folder)
    #expect(folder?.kind == .notAFile && folder?.description.contains("is a directory") == true)
    symlink(scratch.path("a.ply"), scratch.path("b.ply"))
    symlink(scratch.path("b.ply"), scratch.path("a.ply"))
    let loop = error(scratch.path("a.ply"))
    #expect(loop?.kind == .tooManyLinks && loop?.description.contains("too many levels") == true)
    let empty = error(scratch.file("empty.ply", []))
    #expect(empty?.kind == .empty && empty?.description.contains("file is empty") == true)
    let closed = scratch.file("closed.ply", ply([SIMD3(1, 2, 3)]))
    chmod(closed, 0)
    if geteuid() != 0 { #expect(error(closed)?.kind == .permission) }
    #expect(error("a\0b.ply")?.kind == .missing)
    #expect(error(scratch.path(String(repeating: "n", count: 300)))?.kind == .missing)
  }

  @Test func devices() {
    let nothing = error("/dev/null")
    #expect(nothing?.kind == .empty)
    let endless = error("/dev/zero")
    #expect(endless?.kind == .memoryLimit && endless?.description.contains("stream exceeds") == true)
    let asked = error("/dev/zero", CloudReader(format: .kitti, memoryLimit: 1 << 22))
    #expect(asked?.kind == .memoryLimit)
  }

  @Test func pipesAreReadToTheirEnd() throws {
    let scratch = Scratch()
    let points = randomPoints(20_000, seed: 3)
    let path = scratch.path("pipe.ply")
    try #require(mkfifo(path, 0o600) == 0)
    let bytes = ply(points)
    let writer = Thread {
      guard let file = FileHandle(forWritingAtPath: path) else { return }
      try? file.write(contentsOf: Data(bytes))
      try? file.close()
    }
    writer.start()
    let file = try CloudReader()(path)
    #expect(file.cloud.positions == points && file.byteCount == bytes.count)
    #expect(try file.sha256 == loaded(bytes).sha256)
  }

  @Test func contentDecidesTheFormat() throws {
    let points = randomPoints(100, seed: 3)
    let wrong = try loaded(ply(points), name: "a.pcd")
    #expect(wrong.format == .ply && wrong.notes == ["content is PLY"])
    for name in ["a", "a.foo", "A.PLY", ".ply", "a.b/../c"] {
      if name.contains("/") { continue }
      #expect(try loaded(ply(points), name: name).cloud.positions == points)
      #expect(try loaded(ply(points), name: name).notes.isEmpty)
    }
    #expect(try loaded(asciiPLY(["1 2 3"]), name: "a.xyz").notes == ["content is PLY"])
    #expect(try loaded("1 2 3\n4 5 6\n", name: "a.ply").notes == ["content is XYZ"])
    #expect(try loaded("1,2,3\n4,5,6\n", name: "a.txt").notes.isEmpty)
    let forced = refusal(ply(points), reader: CloudReader(format: .pcd))
    #expect(forced?.kind == .damaged)
    #expect(
      refusal(Array("LASF".utf8) + [UInt8](repeating: 0, count: 400), name: "a.las")?.description.contains("LAS")
        == true)
  }

  @Test func memoryIsEstimatedFirst() {
    let points = randomPoints(20_000, seed: 3)
    let error = refusal(ply(points), reader: CloudReader(memoryLimit: 100_000))
    #expect(error?.kind == .memoryLimit)
    #expect(error?.description.contains("20000 points need about") == true)
    let text = points.map { "\($0.x) \($0.y) \($0.z)\n" }.joined()
    #expect(refusal(Array(text.utf8), name: "a.xyz", reader: CloudReader(memoryLimit: 100_000))?.kind == .memoryLimit)
  }

  @Test func messagesCannotSteerATerminal() {
    let scratch = Scratch()
    let message = error(scratch.path("a\u{1B}[31m\n<script>.ply"))?.description ?? ""
    #expect(message.contains("\\x1B[31m\\x0A<script>.ply"))
    #expect(!message.unicodeScalars.contains { $0.value < 32 })
    let row = refusal(asciiPLY(["1 \u{1B}[2J 3"]))
    #expect(row.contains("\\x1B") && !row.unicodeScalars.contains { $0.value < 32 })
  }

  /// Text of many pieces and the numbers it was made from have the same bits.
  @Test func textAndBytesAgree() throws {
    let points = randomPoints(150_000, seed: 12, in: -500...500)
    let text = try loaded(points.map { "\($0.x) \($0.y) \($0.z)\n" }.joined(), name: "a.xyz").cloud
    #expect(text.positions == points && text.origin == .zero)
  }
}
