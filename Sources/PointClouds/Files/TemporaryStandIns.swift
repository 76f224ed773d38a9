import Geometry
import Glibc

// TEMPORARY: stands in for the file module that is being finished elsewhere; delete on merge.

extension LoadedCloud {
  /// Stand-in.
  public var sha256: String { String(repeating: "0", count: 64) }
}

extension CloudFormat {
  /// Stand-in.
  public init?(pathExtension: String) {
    switch pathExtension.lowercased() {
    case "ply": self = .ply
    case "pcd": self = .pcd
    case "xyz", "txt": self = .xyz
    case "csv": self = .csv
    case "bin": self = .kitti
    case "npy": self = .npy
    default: return nil
    }
  }
}

extension CloudReader {
  /// Stand-in: binary little-endian PLY, KITTI bin.
  public func callAsFunction(_ path: String) throws(CloudFileError) -> LoadedCloud {
    let source = try ByteSource(path, maximumBytes: memoryLimit ?? 1 << 33)
    if source.size == 0 { throw CloudFileError(.empty, path, "file is empty") }
    let bytes = try source.read(0..<source.size)
    var (offset, stride, count, fields) = (0, 16, bytes.count / 16, ["x", "y", "z", "reflectance"])
    var format = CloudFormat.kitti
    var offsets = [0, 4, 8]
    if bytes.starts(with: Array("ply".utf8)) {
      format = .ply
      stride = 0
      offsets = []
      fields = []
      var start = 0
      while let end = bytes[start...].firstIndex(of: 10) {
        let words = String(decoding: bytes[start..<end], as: UTF8.self).split(whereSeparator: \.isWhitespace)
        start = end + 1
        if words.first == "element" { count = Int(words[2])! }
        if words.first == "property" {
          fields.append(String(words[2]))
          if ["x", "y", "z"].contains(words[2]) { offsets.append(stride) }
          stride += words[1].hasSuffix("char") ? 1 : words[1] == "double" ? 8 : 4
        }
        if words.first == "end_header" { break }
      }
      offset = start
    } else if !path.hasSuffix(".bin") {
      throw CloudFileError(.damaged, path, "not a known point-cloud format")
    }
    if offset + stride * count > bytes.count { throw CloudFileError(.damaged, path, "promises \(count) points") }
    let all = bytes.withUnsafeBytes { raw in
      (0..<count).map { i in
        SIMD3<Float>(
          raw.loadUnaligned(fromByteOffset: offset + i * stride + offsets[0], as: Float.self),
          raw.loadUnaligned(fromByteOffset: offset + i * stride + offsets[1], as: Float.self),
          raw.loadUnaligned(fromByteOffset: offset + i * stride + offsets[2], as: Float.self))
      }
    }
    let finite = all.filter { $0.isFinite }
    return LoadedCloud(
      cloud: PointCloud(positions: finite), format: format, encoding: format == .ply ? "PLY binary_little_endian" : "KITTI",
      declaredPoints: count, droppedNonFinite: all.count - finite.count, storedAsDouble: false, fields: fields,
      warnings: [], notes: [])
  }
}

/// Stand-in.
public struct CloudWriter: Sendable {
  /// Stand-in.
  public enum Encoding: Sendable { case binary, ascii, compressed }
  /// Stand-in.
  public enum Precision: Sendable { case automatic, single, double }
  /// Stand-in.
  public init(format: CloudFormat, encoding: Encoding = .binary, precision: Precision = .automatic) {}
  /// Stand-in.
  public func callAsFunction(_ cloud: PointCloud, to path: String, replacing: Bool) throws(CloudFileError) {
    var text = "ply\nformat binary_little_endian 1.0\nelement vertex \(cloud.count)\n"
    text += "property float x\nproperty float y\nproperty float z\nend_header\n"
    var bytes = Array(text.utf8)
    for i in 0..<cloud.count {
      let p = SIMD3<Float>(cloud.position(i))
      for a in 0..<3 { withUnsafeBytes(of: p[a]) { bytes += $0 } }
    }
    try AtomicFile.write(bytes, to: path, replacing: replacing)
  }
}

/// Stand-in.
public enum AtomicFile {
  /// Stand-in.
  public static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws(CloudFileError) {
    try checkWritable(path, replacing: replacing)
    let fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    if fd < 0 { throw CloudFileError(.cannotCreate, path, "cannot be created") }
    var done = 0
    while done < bytes.count {
      let n = bytes.withUnsafeBytes { Glibc.write(fd, $0.baseAddress! + done, bytes.count - done) }
      if n <= 0 { break }
      done += n
    }
    close(fd)
  }
  /// Stand-in.
  public static func checkWritable(_ path: String, replacing: Bool) throws(CloudFileError) {
    if !replacing, access(path, F_OK) == 0 {
      throw CloudFileError(.wouldOverwrite, path, "exists; --force replaces it")
    }
  }
}
