/// A PLY file with points and whatever else a test wants in it.
struct PLY {
  /// How the payload is written.
  enum Encoding: String, Sendable, CaseIterable {
    case ascii
    case little = "binary_little_endian"
    case big = "binary_big_endian"
  }

  var points: [SIMD3<Double>]
  var encoding: Encoding
  /// `float` or `double`.
  var scalar = "float"
  /// The count in the header; the true one unless given.
  var count: String?
  /// Header lines after the format.
  var comments: [String] = []
  /// Property lines before and after x, y, z with the bytes of their constant values, in the encoding.
  var before: (lines: [String], bytes: [UInt8]) = ([], [])
  var after: (lines: [String], bytes: [UInt8]) = ([], [])
  /// An element before the vertices: header lines and payload.
  var leading: (lines: [String], bytes: [UInt8]) = ([], [])
  /// An element after the vertices: header lines and payload.
  var trailing: (lines: [String], bytes: [UInt8]) = ([], [])
  var lineEnd = "\n"

  /// A plain file.
  init(_ points: [SIMD3<Double>], _ encoding: Encoding = .little) {
    self.points = points
    self.encoding = encoding
  }

  /// The header.
  var header: [UInt8] {
    var lines = ["ply", "format \(encoding.rawValue) 1.0"] + comments + leading.lines
    lines += ["element vertex \(count ?? String(points.count))"] + before.lines
    lines += ["x", "y", "z"].map { "property \(scalar) \($0)" } + after.lines + trailing.lines + ["end_header"]
    return Array(lines.map { $0 + lineEnd }.joined().utf8)
  }

  /// The vertices; text rows carry no constant values.
  var body: [UInt8] {
    if encoding == .ascii { return Array(rows(points, end: lineEnd).joined().utf8) }
    let order = encoding == .big ? ByteOrder.big : .little
    var out: [UInt8] = []
    for p in points {
      out += before.bytes
      for a in 0..<3 {
        if scalar == "double" { out.append(double: p[a], order) } else { out.append(float: p[a], order) }
      }
      out += after.bytes
    }
    return out
  }

  /// The whole file.
  var bytes: [UInt8] { header + leading.bytes + body + trailing.bytes }

  /// An ASCII file of ten points whose data line on the 21st line of the file is replaced.
  static func withLine21(_ line: String, end: String = "\n") -> [UInt8] {
    var lines = rows(Array(Pair.small.source.prefix(40)), end: "")
    lines[21 - 7 - 1] = line
    let header = PLY(Array(Pair.small.source.prefix(40)), .ascii).header
    return header + Array((lines.joined(separator: end) + end).utf8)
  }
}
