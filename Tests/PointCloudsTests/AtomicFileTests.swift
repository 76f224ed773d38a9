import Foundation
import PointClouds
import Testing

@Suite struct AtomicFileTests {
  private func error(_ work: () throws(CloudFileError) -> Void) -> CloudFileError? {
    do throws(CloudFileError) {
      try work()
      return nil
    } catch { return error }
  }

  @Test func nothingIsSeenBeforeCommit() throws {
    let scratch = Scratch()
    let path = scratch.path("out.txt")
    do {
      let file = try AtomicFile(path, replacing: false)
      try file.write([1, 2])
      try file.write([3])
      #expect(access(path, F_OK) != 0)
      try file.commit()
      #expect(FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
    }
    do {
      let file = try AtomicFile(scratch.path("given up.txt"), replacing: false)
      try file.write([1, 2])
    }
    #expect(scratch.names == ["out.txt"])
  }

  @Test func replacesOnlyWhenAsked() throws {
    let scratch = Scratch()
    let path = scratch.file("out.txt", [9])
    chmod(path, 0o640)
    #expect(
      error { () throws(CloudFileError) in try AtomicFile.checkWritable(path, replacing: false) }?.kind
        == .wouldOverwrite)
    #expect(
      error { () throws(CloudFileError) in try AtomicFile.write([1], to: path, replacing: false) }?.kind
        == .wouldOverwrite)
    #expect(FileManager.default.contents(atPath: path) == Data([9]))
    try AtomicFile.checkWritable(path, replacing: true)
    try AtomicFile.write([1], to: path, replacing: true)
    #expect(FileManager.default.contents(atPath: path) == Data([1]))
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
    // A file that appears between opening and commit is not overwritten either.
    let late = try AtomicFile(scratch.path("late"), replacing: false)
    try late.write([1])
    _ = scratch.file("late", [7])
    #expect(error { () throws(CloudFileError) in try late.commit() }?.kind == .wouldOverwrite)
    #expect(FileManager.default.contents(atPath: scratch.path("late")) == Data([7]))
    #expect(scratch.names == ["late", "out.txt"])
  }

  @Test func linksAreFollowed() throws {
    let scratch = Scratch()
    let path = scratch.file("real", [9])
    symlink(path, scratch.path("link"))
    try AtomicFile.write([1], to: scratch.path("link"), replacing: true)
    #expect(FileManager.default.contents(atPath: path) == Data([1]))
    var status = stat()
    #expect(lstat(scratch.path("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func placesThatCannotBeWritten() {
    let scratch = Scratch()
    _ = scratch.file("plain", [1])
    let cases: [(String, CloudFileError.Kind)] = [
      (scratch.path("none/out.txt"), .cannotCreate), (scratch.folder, .cannotCreate), ("", .cannotCreate),
      (scratch.path("plain/out.txt"), .cannotCreate), (scratch.path(String(repeating: "n", count: 300)), .cannotCreate),
      (scratch.path("new/"), .cannotCreate),
    ]
    for (path, kind) in cases {
      #expect(
        error { () throws(CloudFileError) in try AtomicFile.write([1], to: path, replacing: true) }?.kind == kind,
        "\(path)")
    }
    #expect(
      error { () throws(CloudFileError) in try AtomicFile.checkWritable(cases[0].0, replacing: true) }?.kind
        == .cannotCreate)
    if geteuid() != 0 {
      chmod(scratch.folder, 0o500)
      let path = scratch.path("out.txt")
      #expect(
        error { () throws(CloudFileError) in try AtomicFile.checkWritable(path, replacing: true) }?.kind == .permission)
      chmod(scratch.folder, 0o700)
    }
    #expect(scratch.names == ["plain"])
  }

  @Test func aFullDiskIsNamed() {
    #expect(
      error { () throws(CloudFileError) in try AtomicFile.write([1], to: "/dev/full", replacing: false) }?.kind
        == .noSpace)
    #expect(error { () throws(CloudFileError) in try AtomicFile.write([1], to: "/dev/null", replacing: false) } == nil)
  }

  @Test func longNamesFit() throws {
    let scratch = Scratch()
    let name = String(repeating: "n", count: 251) + ".ply"
    try AtomicFile.write([1], to: scratch.path(name), replacing: false)
    try AtomicFile.write([2], to: scratch.path(name), replacing: true)
    #expect(scratch.names == [name])
  }
}
