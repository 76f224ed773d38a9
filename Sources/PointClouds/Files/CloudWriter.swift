import Geometry
internal import CPCL

/// Writes a point cloud to a file that appears whole or not at all.
public struct CloudWriter: Sendable {
  /// How numbers are stored, where the format leaves a choice (PLY and PCD).
  public enum Encoding: String, Sendable, CaseIterable {
    /// Decimal text, in the shortest form that reads back to the same bits.
    case ascii
    /// Little-endian bytes.
    case binary
    /// PCD's binary_compressed; plain bytes in other formats.
    case compressed
  }

  /// The precision of coordinates.
  public enum Precision: String, Sendable, CaseIterable {
    /// Double when the cloud has an origin, else single.
    case automatic
    /// 32-bit floats; survey coordinates lose centimetres to metres.
    case single
    /// 64-bit floats.
    case double
  }

  /// The format to write.
  public var format: CloudFormat
  /// How numbers are stored.
  public var encoding: Encoding
  /// The precision of coordinates.
  public var precision: Precision

  /// A writer.
  public init(format: CloudFormat, encoding: Encoding = .binary, precision: Precision = .automatic) {
    self.format = format
    self.encoding = encoding
    self.precision = precision
  }

  /// Writes a cloud; an existing file is kept unless `replacing`.
  ///
  /// Normals, intensity and colours go to PLY, PCD, XYZ and CSV; KITTI takes the intensity, NPY coordinates only.
  public func callAsFunction(_ cloud: PointCloud, to path: String, replacing: Bool = false) throws(CloudFileError) {
    if format == .nuscenes { throw CloudFileError(.cannotCreate, path, "nuScenes files are not written; use KITTI") }
    let file = try AtomicFile(path, replacing: replacing)
    let isDouble = precision == .double || (precision == .automatic && cloud.origin != .zero)
    let columns = CloudColumns(cloud, format: format, isDouble: isDouble)
    let header = Array(header(cloud, columns).utf8)
    if format == .npy {
      try file.write(NPYHeader.magic + [1, 0, UInt8(header.count & 255), UInt8(header.count >> 8)])
    }
    try file.write(header)
    if format == .pcd, encoding == .compressed {
      try file.write(try compressed(columns, path))
    } else {
      let step = 1 << 15
      for first in stride(from: 0, to: cloud.count, by: step) {
        let range = first..<min(cloud.count, first + step)
        switch (format, encoding) {
        case (.ply, .ascii), (.pcd, .ascii), (.xyz, _): try file.write(columns.text(range, separator: 32))
        case (.csv, _): try file.write(columns.text(range, separator: 44))
        default: try file.write(columns.records(range))
        }
      }
    }
    try file.commit()
  }

  private func header(_ cloud: PointCloud, _ columns: CloudColumns) -> String {
    switch format {
    case .ply:
      var text = "ply\nformat \(encoding == .ascii ? "ascii" : "binary_little_endian") 1.0\n"
      text += "element vertex \(cloud.count)\n"
      for column in columns.list { text += "property \(column.type.plyName ?? "float") \(column.name)\n" }
      return text + "end_header\n"
    case .pcd:
      let sensor = cloud.sensorPosition ?? .zero
      return """
        # .PCD v0.7 - Point Cloud Data file format
        VERSION 0.7
        FIELDS \(columns.list.map(\.name).joined(separator: " "))
        SIZE \(columns.list.map { "\($0.type.size)" }.joined(separator: " "))
        TYPE \(columns.list.map(\.type.pcdLetter).joined(separator: " "))
        COUNT \(columns.list.map { _ in "1" }.joined(separator: " "))
        WIDTH \(cloud.count)
        HEIGHT 1
        VIEWPOINT \(sensor.x) \(sensor.y) \(sensor.z) 1 0 0 0
        POINTS \(cloud.count)
        DATA \(encoding == .compressed ? "binary_compressed" : encoding.rawValue)

        """
    case .csv: return columns.list.map(\.name).joined(separator: ",") + "\n"
    case .npy:
      let dictionary =
        "{'descr': '<\(columns.list[0].type == .float64 ? "f8" : "f4")', 'fortran_order': False, "
        + "'shape': (\(cloud.count), 3), }"
      // The payload starts at a multiple of 64 bytes.
      let padding = (64 - (10 + dictionary.utf8.count + 1) % 64) % 64
      return dictionary + String(repeating: " ", count: padding) + "\n"
    case .xyz, .kitti, .nuscenes: return ""
    }
  }

  /// Field after field, packed by LZF, behind its two sizes.
  private func compressed(_ columns: CloudColumns, _ path: String) throws(CloudFileError) -> [UInt8] {
    let plain = columns.fieldByField()
    guard let size = UInt32(exactly: plain.count), size < .max - size / 16 - 64 else {
      throw CloudFileError(.cannotCreate, path, "too large for binary_compressed, which ends at 4 GB; use binary")
    }
    var out = [UInt8](repeating: 0, count: plain.count + plain.count / 16 + 72)
    let packed = out.withUnsafeMutableBytes { buffer in
      buffer.baseAddress.map { cpcl_compress(plain, size, $0 + 8) } ?? 0
    }
    guard packed > 0 || plain.isEmpty else {
      throw CloudFileError(.cannotCreate, path, "cannot be compressed; use binary")
    }
    for k in 0..<4 {
      out[k] = UInt8(truncatingIfNeeded: packed >> (8 * UInt32(k)))
      out[4 + k] = UInt8(truncatingIfNeeded: size >> (8 * UInt32(k)))
    }
    return Array(out[0..<8 + Int(packed)])
  }
}
