import Evaluation
import Foundation
import Geometry
import PointClouds
import Testing

/// A folder of scans, in KITTI's form, of a block that moves over bare ground.
private struct Folder {
  let url = FileManager.default.temporaryDirectory.appending(path: "tracklet-\(UUID().uuidString)")
  var item = TrackletItem(id: "0000/7", sequence: "0000", track: 7, category: "Car", frames: [])

  init(frames: [Int]) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for number in frames {
      let box = Box3(center: Point3(8 + 0.4 * Double(number), 2, -0.9), size: Point3(4, 1.8, 1.6), yawRadians: 0)
      try write(number, points(box, shift: Double(number * 37 % 100) / 100))
      item.frames.append(.init(number: number, cloud: CloudReference(path: path(number)), box: box))
    }
  }

  func path(_ number: Int) -> String { url.appending(path: String(format: "%06d.bin", number)).path }
  func remove() { try? FileManager.default.removeItem(at: url) }

  func write(_ number: Int, _ points: [SIMD3<Float>]) throws {
    let values: [Float] = points.flatMap { [$0.x, $0.y, $0.z, 0.5] }
    try values.withUnsafeBytes { try Data($0).write(to: URL(filePath: path(number))) }
  }

  /// The shift of the samples in steps keeps them from being the same in every scan.
  private func points(_ box: Box3, shift: Double) -> [SIMD3<Float>] {
    var points: [SIMD3<Float>] = []
    for i in 0...60 { for j in -20...20 { points.append(SIMD3(Float(i) * 0.5, Float(j) * 0.5, -1.7)) } }
    for i in 0..<40 {
      for k in 0..<12 {
        let (a, b) = ((Double(i) + shift) / 40 - 0.5, (Double(k) + shift) / 12 - 0.5)
        for p in [Point3(a, -0.5, b), Point3(a, 0.5, b), Point3(-0.5, a, b), Point3(0.5, a, b), Point3(a, b, 0.5)] {
          points.append(SIMD3<Float>(box.center + p * box.size))
        }
      }
    }
    return points
  }
}

@Suite struct TrackletRunnerTests {
  @Test("an object is followed over a gap, with every frame and its score")
  func gap() throws {
    let folder = try Folder(frames: [0, 1, 2, 3, 4, 5, 9, 10])
    defer { folder.remove() }
    let run = TrackletRunner(reader: CloudReader())(folder.item)
    #expect(run.failure == nil && run.notes == [])
    #expect(run.frames.map(\.number) == [0, 1, 2, 3, 4, 5, 9, 10])
    #expect(run.frames.allSatisfy { $0.isSeen })
    #expect(run.score.overlaps.count == 8 && abs(run.score.overlaps[0] - 1) < 1e-9 && run.score.missingFrames == 0)
    #expect(run.score.distances.allSatisfy { $0 < 0.15 }, "\(run.score.distances)")
    #expect(try #require(run.secondsPerFrame) > 0)
  }

  @Test("what is kept in memory changes nothing, and neither does the order of the objects")
  func cache() throws {
    let folder = try Folder(frames: Array(0..<6))
    defer { folder.remove() }
    var later = folder.item
    later.frames.removeFirst(2)
    let (large, none) = (TrackletRunner(reader: CloudReader()), TrackletRunner(reader: CloudReader(), memoryBudget: 0))
    let first = [large(folder.item), large(later)]
    let second = [none(later), none(folder.item)]
    #expect(first[0].score == second[1].score && first[1].score == second[0].score)
  }

  @Test("scans that are missing, empty or gone are noted and show nothing; the track goes on")
  func missing() throws {
    var folder = try Folder(frames: Array(0..<9))
    defer { folder.remove() }
    folder.item.frames[4].cloud = nil
    try Data().write(to: URL(filePath: folder.path(5)))
    try FileManager.default.removeItem(atPath: folder.path(6))
    let run = TrackletRunner(reader: CloudReader())(folder.item)
    #expect(run.failure == nil)
    #expect(run.frames.map(\.isSeen) == [true, true, true, true, false, false, false, true, true])
    try #require(run.notes.count == 3)
    #expect(run.notes[0] == "0000/7, frame 4: no scan")
    #expect(run.notes[1].contains("file is empty") && run.notes[2].contains("000006.bin"))
  }

  @Test("a damaged scan ends the object with a status and a line; its later frames repeat the box before")
  func damage() throws {
    let folder = try Folder(frames: Array(0..<6))
    defer { folder.remove() }
    try Data("ply\nformat nonsense\n".utf8).write(to: URL(filePath: folder.path(3)))
    let run = TrackletRunner(reader: CloudReader())(folder.item)
    let failure = try #require(run.failure)
    #expect(failure.status == 65 && failure.message.contains("frame 3") && failure.message.contains("000003.bin"))
    #expect(run.frames.count == 3 && run.score.overlaps.count == 6 && run.score.missingFrames == 3)
  }

  @Test("a first box without a point is a failure that names the object")
  func emptyBox() throws {
    var folder = try Folder(frames: [0, 1])
    defer { folder.remove() }
    folder.item.frames[0].box.center.z = 30
    let run = TrackletRunner(reader: CloudReader())(folder.item)
    let failure = try #require(run.failure)
    #expect(failure.status == 65 && failure.message.hasPrefix("0000/7, frame 0: the first box holds no point"))
    #expect(run.frames.isEmpty && run.score.overlaps.count == 2 && run.secondsPerFrame == nil)
  }

  @Test("an object without frames, and numbers from the ends of the integers, end")
  func strangeNumbers() throws {
    var folder = try Folder(frames: [0, 1])
    defer { folder.remove() }
    folder.item.frames[0].number = .min
    folder.item.frames[1].number = .max
    #expect(TrackletRunner(reader: CloudReader())(folder.item).frames.count == 2)
    folder.item.frames = []
    #expect(TrackletRunner(reader: CloudReader())(folder.item).score.overlaps.isEmpty)
  }
}
