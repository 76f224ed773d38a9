import Foundation
import PointClouds
import Testing

/// A folder of its own that goes away with the value's owner.
final class Scratch {
  let folder: String
  init() {
    var template = Array((NSTemporaryDirectory() + "/plumb-test-XXXXXX").utf8CString)
    folder = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp/plumb-test-failed"
  }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  /// Writes a file without any care and returns its path.
  func file(_ name: String, _ bytes: [UInt8]) -> String {
    #expect(FileManager.default.createFile(atPath: path(name), contents: Data(bytes)))
    return path(name)
  }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) ?? [] }
}

/// Bytes assembled piece by piece.
struct Bytes {
  var bytes: [UInt8] = []
  var isBig = false

  init(_ text: String = "", big: Bool = false) {
    bytes = Array(text.utf8)
    isBig = big
  }

  mutating func add<T: FixedWidthInteger>(_ value: T) {
    withUnsafeBytes(of: isBig ? value.bigEndian : value.littleEndian) { bytes += $0 }
  }
  mutating func add(_ value: Float) { add(value.bitPattern) }
  mutating func add(_ value: Double) { add(value.bitPattern) }
  mutating func add(_ p: SIMD3<Float>) { for k in 0..<3 { add(p[k]) } }
}

/// The error that reading some bytes ends with; nil when a cloud comes out.
func refusal(
  _ bytes: [UInt8], name: String = "a.ply", reader: CloudReader = CloudReader()
) -> CloudFileError? {
  let scratch = Scratch()
  do throws(CloudFileError) {
    _ = try reader(scratch.file(name, bytes))
    return nil
  } catch { return error }
}

/// The message of that error, empty when a cloud comes out.
func refusal(_ text: String, name: String = "a.ply") -> String {
  refusal(Array(text.utf8), name: name)?.description ?? ""
}

/// The cloud that some bytes hold.
func loaded(
  _ bytes: [UInt8], name: String = "a.ply", reader: CloudReader = CloudReader()
) throws -> LoadedCloud {
  let scratch = Scratch()
  return try reader(scratch.file(name, bytes))
}

/// The cloud that a text holds.
func loaded(_ text: String, name: String = "a.ply") throws -> LoadedCloud { try loaded(Array(text.utf8), name: name) }

let xyzHeader = "property float x\nproperty float y\nproperty float z\n"

/// A PLY of float coordinates.
func ply(_ points: [SIMD3<Float>], big: Bool = false, claim: Int? = nil) -> [UInt8] {
  var out = Bytes(
    "ply\nformat binary_\(big ? "big" : "little")_endian 1.0\nelement vertex \(claim ?? points.count)\n\(xyzHeader)"
      + "end_header\n", big: big)
  for p in points { out.add(p) }
  return out.bytes
}

/// A PLY of text rows.
func asciiPLY(_ rows: [String], claim: Int? = nil, properties: String = xyzHeader) -> String {
  "ply\nformat ascii 1.0\nelement vertex \(claim ?? rows.count)\n\(properties)end_header\n"
    + rows.map { $0 + "\n" }.joined()
}
