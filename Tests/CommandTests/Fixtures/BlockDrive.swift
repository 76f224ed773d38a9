import Foundation

/// A folder in the layout of KITTI tracking: a block drives over bare ground beside a wall.
struct BlockDrive {
  /// The frames, from 0.
  var frames = 12
  /// Frames that do not show the block.
  var hidden: Set<Int> = []
  /// The frames with a label.
  var labelled = 0..<12

  static let size = SIMD3<Float>(4, 1.8, 1.6)

  /// The middle of the block in a frame, in the scanner's axes; its heading is x.
  static func middle(_ frame: Int) -> SIMD3<Float> { SIMD3(9 + 0.3 * Float(frame), 3, -0.9) }

  /// The row of the block in a frame, without the line break.
  static func label(_ frame: Int, track: Int = 7, at shift: SIMD3<Float> = .zero) -> String {
    let m = middle(frame) + shift
    return "\(frame) \(track) Car 0 0 -10 -1 -1 -1 -1 1.6 1.8 4 \(-m.y) \(-m.z + 0.8) \(m.x) -1.5707963267948966"
  }

  /// Writes scans, labels and a calibration with a camera.
  func write(_ folder: TemporaryFolder) throws {
    for name in ["velodyne/0000", "label_02", "calib"] {
      try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: true)
    }
    try folder.write(
      "calib/0000.txt",
      text: """
        P2: 700 0 600 0 0 700 180 0 0 0 1 0
        Tr_velo_cam 0 -1 0 0 0 0 -1 0 1 0 0 0
        R_rect 1 0 0 0 1 0 0 0 1

        """)
    try folder.write("label_02/0000.txt", text: labelled.map { Self.label($0) + "\n" }.joined())
    for frame in 0..<frames {
      try folder.write("velodyne/0000/" + String(format: "%06d.bin", frame), scan(frame))
    }
  }

  private func scan(_ frame: Int) -> [UInt8] {
    let shift = Float(frame * 37 % 100) / 100
    var points: [SIMD3<Float>] = []
    for i in 0...60 { for k in -30...30 { points.append([Float(i) * 0.5, Float(k) * 0.5, -1.7]) } }
    for i in 0...200 { for k in 0...10 { points.append([Float(i) * 0.1, 6, -1.7 + 0.2 * Float(k)]) } }
    for i in 0..<(hidden.contains(frame) ? 0 : 40) {
      for k in 0..<12 {
        let (a, b) = ((Float(i) + shift) / 40 - 0.5, (Float(k) + shift) / 12 - 0.5)
        let faces: [SIMD3<Float>] = [[a, -0.5, b], [a, 0.5, b], [-0.5, a, b], [0.5, a, b], [a, b, 0.5]]
        points += faces.map { Self.middle(frame) + $0 * Self.size }
      }
    }
    let values: [Float] = points.flatMap { [$0.x, $0.y, $0.z, 0.5] }
    return values.withUnsafeBytes { Array($0) }
  }
}
