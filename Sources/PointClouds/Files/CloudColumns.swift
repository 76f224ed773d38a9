import Geometry

/// The columns of a cloud as a file stores them.
struct CloudColumns {
  struct Column {
    var name: String
    var type: ScalarType
    /// Appends the little-endian bytes of a point's value.
    var append: (Int, inout [UInt8]) -> Void
    /// The shortest text that reads back to the same value.
    var text: (Int) -> String
  }

  private(set) var list: [Column] = []
  private let count: Int

  /// The columns that a format has room for.
  init(_ cloud: PointCloud, format: CloudFormat, isDouble: Bool) {
    count = cloud.count
    for (axis, name) in ["x", "y", "z"].enumerated() {
      if isDouble && format != .kitti {
        add(name) { cloud.position($0)[axis] }
      } else if cloud.origin == .zero {
        add(name) { cloud.positions[$0][axis] }
      } else {
        add(name) { Float(cloud.position($0)[axis]) }
      }
    }
    if format == .npy { return }
    if let intensities = cloud.intensities {
      add("intensity") { intensities[$0] }
    } else if format == .kitti {
      add("intensity") { _ in Float(0) }
    }
    if format == .kitti { return }
    if let colors = cloud.colors {
      if format == .pcd {
        add("rgb", .uint32) { UInt32(colors[$0].x) << 16 | UInt32(colors[$0].y) << 8 | UInt32(colors[$0].z) }
      } else {
        for (axis, name) in ["red", "green", "blue"].enumerated() { add(name, .uint8) { colors[$0][axis] } }
      }
    }
    if let normals = cloud.normals {
      let names = format == .pcd ? ["normal_x", "normal_y", "normal_z"] : ["nx", "ny", "nz"]
      for (axis, name) in names.enumerated() { add(name) { normals[$0][axis] } }
    }
  }

  private mutating func add(_ name: String, _ value: @escaping (Int) -> Float) {
    list.append(
      Column(
        name: name, type: .float32, append: { CloudColumns.append(value($0).bitPattern, to: &$1) },
        text: { value($0).description }))
  }

  private mutating func add(_ name: String, _ value: @escaping (Int) -> Double) {
    list.append(
      Column(
        name: name, type: .float64, append: { CloudColumns.append(value($0).bitPattern, to: &$1) },
        text: { value($0).description }))
  }

  private mutating func add<T: FixedWidthInteger>(
    _ name: String, _ type: ScalarType, _ value: @escaping (Int) -> T
  ) {
    list.append(
      Column(
        name: name, type: type, append: { CloudColumns.append(value($0), to: &$1) },
        text: { value($0).description }))
  }

  private static func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  /// Point after point.
  func records(_ range: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count * list.reduce(0) { $0 + $1.type.size })
    for i in range { for column in list { column.append(i, &bytes) } }
    return bytes
  }

  /// Column after column, all points.
  func fieldByField() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * list.reduce(0) { $0 + $1.type.size })
    for column in list { for i in 0..<count { column.append(i, &bytes) } }
    return bytes
  }

  /// A line per point.
  func text(_ range: Range<Int>, separator: UInt8) -> [UInt8] {
    var bytes: [UInt8] = []
    for i in range {
      for (k, column) in list.enumerated() {
        if k > 0 { bytes.append(separator) }
        bytes += column.text(i).utf8
      }
      bytes.append(10)
    }
    return bytes
  }
}
