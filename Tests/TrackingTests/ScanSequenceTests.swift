import Foundation
import PointClouds
import Testing
import Tracking

@Suite struct ScanSequenceTests {
  /// Runs a body with a folder of empty files.
  private func with<T>(_ names: [String], _ body: (String) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: "plumb-scans-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in names {
      let path = folder + "/" + name
      let parent = (path as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      #expect(FileManager.default.createFile(atPath: path, contents: Data()))
    }
    return try body(folder)
  }

  private func message(_ folder: String) -> String {
    do throws(CloudFileError) {
      _ = try ScanSequence(folder)
      return ""
    } catch {
      return error.description
    }
  }

  @Test("numbers are frames; other names are counted in natural order")
  func frames() throws {
    try with(["000003.bin", "000001.bin", "12.bin"]) { folder in
      let found = try ScanSequence(folder).scans.map(\.frame)
      #expect(found == [1, 3, 12])
    }
    try with(["scan10.ply", "scan2.ply", "scan1.ply"]) { folder in
      let scans = try ScanSequence(folder).scans
      #expect(scans.map(\.frame) == [0, 1, 2] && scans[1].path.hasSuffix("scan2.ply"))
    }
    try with(["1.bin", "9999999999999999999999.bin"]) { folder in
      let found = try ScanSequence(folder).scans.map(\.frame)
      #expect(found == [0, 1])
    }
  }

  @Test("the most frequent kind of files is the sequence, the others are counted in a note")
  func kinds() throws {
    try with(["calib.txt", "0.bin", "1.bin", "notes.md"]) { folder in
      let sequence = try ScanSequence(folder)
      #expect(sequence.scans.count == 2 && sequence.note?.hasPrefix("2 files") == true)
    }
  }

  @Test("a folder without scans, without anything, with a frame twice: one line that says so")
  func refusals() throws {
    try with(["readme.md"]) { folder in #expect(message(folder).contains("no scan among its 1 files")) }
    try with(["a/b.bin"]) { folder in #expect(message(folder).contains("no scan among its 0 files")) }
    try with(["1.bin", "01.bin"]) { folder in #expect(message(folder).contains("is frame 1, and so is")) }
    #expect(message("/nowhere/at/all").contains("no such file or folder"))
  }

  @Test("the layout of KITTI tracking is recognised, in the folder or in training")
  func layout() throws {
    for base in ["", "training/"] {
      try with([base + "velodyne/0001/000000.bin", base + "velodyne/0000/000000.bin", base + "label_02/0000.txt"]) {
        folder in
        #expect(TrackingRecording.sequences(in: folder) == ["0000", "0001"])
        let recording = try TrackingRecording(folder, sequence: "0000")
        #expect(recording.labels?.hasSuffix("label_02/0000.txt") == true && recording.calibration == nil)
        #expect(try TrackingRecording(folder, sequence: "0001").labels == nil)
      }
    }
    try with(["0.bin"]) { folder in #expect(TrackingRecording.sequences(in: folder) == nil) }
  }
}
