/// A PCD file of x, y, z in single precision.
struct PCD {
  /// How the payload is written.
  enum Encoding: String, Sendable, CaseIterable { case ascii, binary, compressed = "binary_compressed" }

  var points: [SIMD3<Double>]
  var encoding: Encoding
  /// Header lines that replace those of the same keyword.
  var replaced: [String: String] = [:]

  /// A plain file.
  init(_ points: [SIMD3<Double>], _ encoding: Encoding = .binary) {
    self.points = points
    self.encoding = encoding
  }

  /// The header.
  var header: [UInt8] {
    let n = points.count
    let lines = [
      ("VERSION", "0.7"), ("FIELDS", "x y z"), ("SIZE", "4 4 4"), ("TYPE", "F F F"), ("COUNT", "1 1 1"),
      ("WIDTH", "\(n)"), ("HEIGHT", "1"), ("VIEWPOINT", "0 0 0 1 0 0 0"), ("POINTS", "\(n)"),
      ("DATA", encoding.rawValue),
    ]
    let text = "# .PCD v0.7 - Point Cloud Data file format\n"
    return Array((text + lines.map { "\($0.0) \(replaced[$0.0] ?? $0.1)\n" }.joined()).utf8)
  }

  /// The payload.
  var body: [UInt8] {
    switch encoding {
    case .ascii: return Array(rows(points).joined().utf8)
    case .binary:
      return points.reduce(into: [UInt8]()) { out, p in for a in 0..<3 { out.append(float: p[a]) } }
    case .compressed:
      var columns: [UInt8] = []
      for a in 0..<3 { for p in points { columns.append(float: p[a]) } }
      return PCD.compressedBlock(columns)
    }
  }

  /// The whole file.
  var bytes: [UInt8] { header + body }

  /// Sizes, then LZF of literal runs only: up to 32 bytes after a control byte of their count minus one.
  static func compressedBlock(_ raw: [UInt8], claimed: UInt32? = nil) -> [UInt8] {
    var packed: [UInt8] = []
    for start in stride(from: 0, to: raw.count, by: 32) {
      let run = raw[start..<min(start + 32, raw.count)]
      packed.append(UInt8(run.count - 1))
      packed += run
    }
    var out: [UInt8] = []
    out.append(UInt32(packed.count))
    out.append(claimed ?? UInt32(raw.count))
    return out + packed
  }

  /// Fields out of order with packed colour and padding: z, padding of 4 bytes, rgb, x, y.
  static func mixed(_ points: [SIMD3<Double>], _ encoding: Encoding) -> [UInt8] {
    var file = PCD(points, encoding)
    file.replaced = ["FIELDS": "z _ rgb x y", "SIZE": "4 1 4 4 4", "TYPE": "F U F F F", "COUNT": "1 4 1 1 1"]
    let color = 0x00FF_8000 as UInt32
    if encoding == .ascii {
      let lines = points.map { "\(decimal($0.z)) 0 0 0 0 2.3418052e-38 \(decimal($0.x)) \(decimal($0.y))\n" }
      return file.header + Array(lines.joined().utf8)
    }
    var body: [UInt8] = []
    for p in points {
      body.append(float: p.z)
      body += [1, 2, 3, 4]
      body.append(color)
      body.append(float: p.x)
      body.append(float: p.y)
    }
    return file.header + body
  }
}
