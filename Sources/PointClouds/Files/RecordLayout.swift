/// The type of a number in a binary record.
enum ScalarType: UInt8, Sendable {
  // Raw values are PCL's datatypes.
  case int8 = 1
  case uint8, int16, uint16, int32, uint32, float32, float64

  var size: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .float64: 8
    }
  }

  /// The number at an address in the machine's byte order.
  @inline(__always)
  func load(_ p: UnsafeRawPointer) -> Double {
    switch self {
    case .int8: Double(p.loadUnaligned(as: Int8.self))
    case .uint8: Double(p.loadUnaligned(as: UInt8.self))
    case .int16: Double(p.loadUnaligned(as: Int16.self))
    case .uint16: Double(p.loadUnaligned(as: UInt16.self))
    case .int32: Double(p.loadUnaligned(as: Int32.self))
    case .uint32: Double(p.loadUnaligned(as: UInt32.self))
    case .float32: Double(p.loadUnaligned(as: Float.self))
    case .float64: p.loadUnaligned(as: Double.self)
    }
  }

  /// The number at an address in the other byte order.
  func loadSwapped(_ p: UnsafeRawPointer) -> Double {
    var bytes = (UInt64(0))
    return withUnsafeMutableBytes(of: &bytes) { out in
      for k in 0..<size { out[k] = p.load(fromByteOffset: size - 1 - k, as: UInt8.self) }
      return load(UnsafeRawPointer(out.baseAddress!))
    }
  }

  /// The name in a PLY header.
  var plyName: String {
    ["char", "uchar", "short", "ushort", "int", "uint", "float", "double"][Int(rawValue) - 1]
  }

  /// The type with a PLY name, old or new.
  init?(ply name: some StringProtocol) {
    switch name {
    case "char", "int8": self = .int8
    case "uchar", "uint8": self = .uint8
    case "short", "int16": self = .int16
    case "ushort", "uint16": self = .uint16
    case "int", "int32": self = .int32
    case "uint", "uint32": self = .uint32
    case "float", "float32": self = .float32
    case "double", "float64": self = .float64
    default: return nil
    }
  }
}

/// What a field of a point means.
enum FieldRole: Int, CaseIterable, Sendable {
  case x, y, z, normalX, normalY, normalZ, intensity, red, green, blue, packedColor

  /// The role of a field by its name, in the spellings that files use.
  init?(name: String) {
    switch name.lowercased() {
    case "x": self = .x
    case "y": self = .y
    case "z": self = .z
    case "nx", "normal_x": self = .normalX
    case "ny", "normal_y": self = .normalY
    case "nz", "normal_z": self = .normalZ
    case "intensity", "reflectance", "scalar_intensity", "i", "reflectivity": self = .intensity
    case "red", "r", "diffuse_red": self = .red
    case "green", "g", "diffuse_green": self = .green
    case "blue", "b", "diffuse_blue": self = .blue
    case "rgb", "rgba": self = .packedColor
    default: return nil
    }
  }
}

/// One scalar field of a record.
struct RecordField: Sendable {
  var name: String
  var type: ScalarType
  /// Bytes from the start of the record.
  var offset: Int
}

/// The fields of a binary record.
struct RecordLayout: Sendable {
  var fields: [RecordField]
  var stride: Int

  /// For every role the index of its field; the first of a name counts.
  var roles: [FieldRole: Int] {
    var roles: [FieldRole: Int] = [:]
    for (k, field) in fields.enumerated() {
      if let role = FieldRole(name: field.name), roles[role] == nil { roles[role] = k }
    }
    return roles
  }

  /// Refuses a layout without coordinates.
  static func checkCoordinates(_ names: [String], path: String) throws(CloudFileError) {
    let roles = Set(names.compactMap(FieldRole.init))
    if !roles.isSuperset(of: [.x, .y, .z]) {
      throw CloudFileError(.damaged, path, "no x, y, z (found \(names.joined(separator: ", ")))")
    }
  }
}
