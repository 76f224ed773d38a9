import Geometry

/// Reads files of bare float32 records: KITTI (x y z reflectance) and nuScenes (x y z intensity ring).
struct PackedFile {
  let source: ByteSource
  let memoryLimit: Int
  let isNuScenes: Bool

  private var recordSize: Int { isNuScenes ? 20 : 16 }
  private static let names = ["x", "y", "z", "intensity", "ring"]

  private static func layout(_ values: Int) -> RecordLayout {
    RecordLayout(
      fields: (0..<values).map { RecordField(name: names[$0], type: .float32, offset: 4 * $0) }, stride: 4 * values)
  }

  func read() throws(CloudFileError) -> FilePayload {
    guard source.size % recordSize == 0 else {
      var hint = isNuScenes ? "x y z intensity ring as float32" : "x y z reflectance as float32"
      if !isNuScenes, source.size % 20 == 0 { hint += "; nuScenes has 20 bytes a point: try --format nuscenes" }
      throw CloudFileError(
        .damaged, source.path,
        "\(source.size) bytes is not a multiple of \(recordSize) (\(hint)); is the file complete?")
    }
    if !isNuScenes, source.size % 20 == 0, try PackedFile.hasRings(source) {
      throw CloudFileError(
        .damaged, source.path, "every fifth number is a small whole one, as in nuScenes: try --format nuscenes")
    }
    let count = source.size / recordSize
    guard count <= 1 << 31 else {
      throw CloudFileError(.damaged, source.path, "count out of range: \(count) points, at most 2^31 are read")
    }
    let records = RecordFile(
      source: source, layout: PackedFile.layout(recordSize / 4), start: 0, count: count, decoding: .none)
    let sample = try records.sample()
    guard sample.wildShare < 0.3 else {
      throw CloudFileError(
        .damaged, source.path, "not a known point-cloud format, and its bytes make no sense as float32 coordinates")
    }
    let rule = PointRule(sample, storesDoubles: false, roles: Set(records.layout.roles.keys), colorType: nil)
    var payload = FilePayload(
      columns: try records.read(rule: rule, memoryLimit: memoryLimit),
      encoding: isNuScenes ? "nuScenes float32" : "KITTI float32", declaredPoints: count, storedAsDouble: false,
      fields: Array(PackedFile.names.prefix(recordSize / 4)))
    payload.warnings = [sample.quantisationWarning].compactMap { $0 }
    return payload
  }

  /// Whether the fifth of every five numbers is a ring number while the others are not.
  private static func hasRings(_ source: ByteSource) throws(CloudFileError) -> Bool {
    let bytes = try source.head(20 * 4096)
    let values = stride(from: 0, to: bytes.count - 3, by: 4).map { k in
      bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: k, as: Float.self) }
    }
    func isRing(_ v: Float) -> Bool { v >= 0 && v < 256 && v == v.rounded() }
    let rings = stride(from: 4, to: values.count, by: 5).allSatisfy { isRing(values[$0]) }
    let first = stride(from: 0, to: values.count, by: 5).allSatisfy { isRing(values[$0]) }
    return rings && !first
  }

  /// Whether bytes without a mark may be KITTI records: the values are finite, of the size of a scene, and every fourth
  /// is a reflectance of 0...1 or 0...255.
  static func matches(_ head: [UInt8]) -> Bool {
    let records = head.count / 16
    return records > 0
      && head.withUnsafeBytes { buffer in
        func value(_ k: Int, _ column: Int) -> Float {
          buffer.loadUnaligned(fromByteOffset: 16 * k + 4 * column, as: Float.self)
        }
        return (0..<records).allSatisfy { k in
          (0..<3).allSatisfy { value(k, $0) == 0 || (abs(value(k, $0)) > 1e-6 && abs(value(k, $0)) < 1e4) }
            && (value(k, 3) == 0 || (value(k, 3) > 1e-6 && value(k, 3) <= 255))
        } && (0..<records).contains { k in (0..<3).contains { value(k, $0) != 0 } }
      }
  }
}
