internal import CPCL

/// A header of Plumb's own that PCL reads without surprises: neutral names, only what is decoded.
struct CanonicalHeader: Sendable {
  let text: String
  let isPCD: Bool
  /// Where PCL must find the fields, in their order.
  let offsets: [Int]

  /// Records in the machine's byte order, as a binary or compressed PCD. Bytes that no role needs become padding.
  static func pcd(_ layout: RecordLayout, count: Int, compressed: Bool = false) -> CanonicalHeader {
    var columns: [(size: Int, letter: String, count: Int)] = []
    var offsets: [Int] = []
    var end = 0
    func pad(to offset: Int) {
      if offset > end { columns.append((1, "U", offset - end)) }
      if offset > end { offsets.append(end) }
      end = max(end, offset)
    }
    for field in Set(layout.roles.values.map(\.offset)).sorted().compactMap({ o in
      layout.fields.first { $0.offset == o }
    }) where field.type.rawValue <= ScalarType.float64.rawValue {
      pad(to: field.offset)
      columns.append((field.type.size, field.type.pcdLetter, 1))
      offsets.append(field.offset)
      end = field.offset + field.type.size
    }
    pad(to: layout.stride)
    let names = columns.indices.map { "f\($0)" }.joined(separator: " ")
    let text = """
      # .PCD v0.7 - Point Cloud Data file format
      VERSION 0.7
      FIELDS \(names)
      SIZE \(columns.map { "\($0.size)" }.joined(separator: " "))
      TYPE \(columns.map(\.letter).joined(separator: " "))
      COUNT \(columns.map { "\($0.count)" }.joined(separator: " "))
      WIDTH \(count)
      HEIGHT 1
      VIEWPOINT 0 0 0 1 0 0 0
      POINTS \(count)
      DATA \(compressed ? "binary_compressed" : "binary")

      """
    return CanonicalHeader(text: text, isPCD: true, offsets: offsets)
  }

  /// Records in big-endian order without gaps, as a PLY.
  static func bigEndianPLY(_ layout: RecordLayout, count: Int) -> CanonicalHeader? {
    var text = "ply\nformat binary_big_endian 1.0\nelement vertex \(count)\n"
    for (k, field) in layout.fields.enumerated() {
      guard let type = field.type.plyName else { return nil }
      text += "property \(type) f\(k)\n"
    }
    return CanonicalHeader(text: text + "end_header\n", isPCD: false, offsets: layout.fields.map(\.offset))
  }
}

/// Records that PCL decoded; owns its memory.
final class PCLRecords {
  private var records = cpcl_records()
  private let header: CanonicalHeader

  /// Decodes a payload whose size the header states. PCL never sees the file itself.
  init(header: CanonicalHeader, payload: [UInt8], path: String) throws(CloudFileError) {
    self.header = header
    var message = [CChar](repeating: 0, count: 256)
    let text = Array(header.text.utf8)
    let code = payload.withUnsafeBytes {
      cpcl_decode(
        text, text.count, $0.baseAddress, $0.count, header.isPCD ? 1 : 0, &records, &message, message.count)
    }
    if code != 0 {
      let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw CloudFileError(.damaged, path, "payload cannot be decoded (\(reason))")
    }
  }

  deinit { cpcl_records_free(&records) }

  /// The first record.
  var base: UnsafeRawPointer { UnsafeRawPointer(records.bytes) }

  /// Refuses what differs from the checked header: the number of records, their size or the places of the fields.
  func require(count: Int, layout: RecordLayout, path: String) throws(CloudFileError) {
    let fits =
      records.count == count && records.stride == layout.stride && records.bytes != nil
      && records.field_count == header.offsets.count
      && header.offsets.indices.allSatisfy { Int(records.offsets[$0]) == header.offsets[$0] }
    if !fits {
      throw CloudFileError(
        .damaged, path,
        "decoder returned \(records.count) records of \(records.stride) bytes, \(count) of \(layout.stride) expected")
    }
  }
}
