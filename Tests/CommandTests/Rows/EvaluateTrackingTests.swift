import Foundation
import Testing

/// `plumb evaluate` over a folder in the layout of KITTI tracking.
@Suite struct EvaluateTrackingTests {
  /// Two blocks that move over bare ground, in scans of eight frames with their labels.
  private func write(_ folder: TemporaryFolder) throws {
    for name in ["velodyne/0000", "label_02", "calib"] {
      try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: true)
    }
    try folder.write("calib/0000.txt", text: "Tr_velo_cam 0 -1 0 0 0 0 -1 0 1 0 0 0\nR_rect 1 0 0 0 1 0 0 0 1\n")
    var labels = ""
    for frame in 0..<8 {
      let shift = Float(frame * 37 % 100) / 100
      var points: [SIMD3<Float>] = []
      for i in 0...60 { for k in -30...30 { points.append([Float(i) * 0.5, Float(k) * 0.5, -1.7]) } }
      for (track, side) in [(0, Float(3)), (1, -4)] {
        let center = SIMD3<Float>(9 + 0.3 * Float(frame), side, -0.9)
        let size = SIMD3<Float>(4, 1.8, 1.6)
        for i in 0..<40 {
          for k in 0..<12 {
            let (a, b) = ((Float(i) + shift) / 40 - 0.5, (Float(k) + shift) / 12 - 0.5)
            let faces: [SIMD3<Float>] = [[a, -0.5, b], [a, 0.5, b], [-0.5, a, b], [0.5, a, b], [a, b, 0.5]]
            points += faces.map { center + $0 * size }
          }
        }
        // x right, y down to the bottom face, z forward; heading along the scanner's x axis.
        labels +=
          "\(frame) \(track) \(track == 0 ? "Car" : "Van") 0 0 -10 -1 -1 -1 -1 1.6 1.8 4 \(-center.y) \(-center.z + 0.8) "
          + "\(center.x) -1.5707963267948966\n"
      }
      let values: [Float] = points.flatMap { [$0.x, $0.y, $0.z, 0.5] }
      try folder.write("velodyne/0000/00000\(frame).bin", values.withUnsafeBytes { Array($0) })
    }
    try folder.write("label_02/0000.txt", text: labels)
  }

  private func row(_ outcome: Outcome) -> Substring? {
    outcome.output.split(separator: "\n").first { $0.hasPrefix("mean by frames") }
  }

  @Test("objects are followed, written as labels, scored alike from them, and merged from shards to the same bytes")
  func follows() throws {
    try TemporaryFolder.with { folder in
      try write(folder)
      let whole = try evaluate([folder.path, "--estimates", folder("est"), "-o", folder("whole.json")])
      #expect(whole.exit == 0, "\(whole)")
      let summary = try #require(row(whole))
      let figures = summary.split(separator: " ").suffix(2).compactMap { Double($0) }
      #expect(figures.count == 2 && figures.allSatisfy { $0 > 80 }, "\(whole)")

      let scored = try evaluate([folder("est"), "--reference", folder.path])
      #expect(row(scored) == summary, "\(scored)\n\(whole)")

      for shard in ["1/3", "0/3", "2/3"] {
        let part = try evaluate([folder.path, "--shard", shard, "-o", folder("parts/")])
        #expect(part.exit == 0, "\(part)")
      }
      let merged = try evaluate(["--merge", folder("parts/"), "-o", folder("merged.json")])
      #expect(merged.exit == 0, "\(merged)")
      #expect(folder.bytes("merged.json") == folder.bytes("whole.json"))
    }
  }

  @Test("a first box without points is a failed object, named with its frame; the other object is done")
  func emptyBox() throws {
    try TemporaryFolder.with { folder in
      try write(folder)
      let text = String(decoding: folder.bytes("label_02/0000.txt"), as: UTF8.self)
      let extra = (0..<4).map { "\($0) 5 Cyclist 0 0 -10 -1 -1 -1 -1 1.7 0.6 1.8 25 1.7 40 0" }.joined(separator: "\n")
      try folder.write("label_02/0000.txt", text: text + extra + "\n")
      let outcome = try evaluate([folder.path])
      #expect(outcome.exit == 3, "\(outcome)")
      #expect(outcome.errors.contains("0000/5") && outcome.errors.contains("frame 0"), "\(outcome)")
      #expect(row(outcome) != nil, "\(outcome)")
    }
  }
}
