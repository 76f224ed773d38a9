/// The type of a number in a binary record.
enum ScalarType: UInt8, Sendable {
  // Raw values up to 8 are PCL's datatypes.
  case int8 = 1
  case uint8, int16, uint16, int32, uint32, float32, float64, int64, uint64, float16

  var size: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16, .float16: 2
    case .int32, .uint32, .float32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// True when a 32-bit float cannot hold every value of the type.
  var exceedsFloat: Bool {
    switch self {
    case .float64, .int64, .uint64, .int32, .uint32: true
    default: false
    }
  }

  /// True for numbers with a fraction.
  var isFloating: Bool { self == .float32 || self == .float64 || self == .float16 }

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
    case .int64: Double(p.loadUnaligned(as: Int64.self))
    case .uint64: Double(p.loadUnaligned(as: UInt64.self))
    case .float16: Double(Self.half(p.loadUnaligned(as: UInt16.self)))
    }
  }

  /// The number at an address in the other byte order.
  func loadSwapped(_ p: UnsafeRawPointer) -> Double {
    withUnsafeTemporaryAllocation(byteCount: 8, alignment: 8) { out in
      for k in 0..<size { out[k] = p.load(fromByteOffset: size - 1 - k, as: UInt8.self) }
      return out.baseAddress.map { load(UnsafeRawPointer($0)) } ?? .nan
    }
  }

  /// The value of an IEEE 754 half; written out because `Float16` is missing on some platforms.
  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023))
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }

  /// The name in a PLY header; nil for a type that PLY lacks.
  var plyName: String? {
    let names = ["char", "uchar", "short", "ushort", "int", "uint", "float", "double"]
    return Int(rawValue) <= names.count ? names[Int(rawValue) - 1] : nil
  }

  /// The letter of TYPE in a PCD header.
  var pcdLetter: String {
    switch self {
    case .int8, .int16, .int32, .int64: "I"
    case .uint8, .uint16, .uint32, .uint64: "U"
    case .float16, .float32, .float64: "F"
    }
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

  /// The type with a letter and a size in bytes, as PCD and NPY state it: `I`, `U` or `F`.
  init?(letter: some StringProtocol, size: Int) {
    switch (letter, size) {
    case ("I", 1): self = .int8
    case ("U", 1): self = .uint8
    case ("I", 2): self = .int16
    case ("U", 2): self = .uint16
    case ("I", 4): self = .int32
    case ("U", 4): self = .uint32
    case ("I", 8): self = .int64
    case ("U", 8): self = .uint64
    case ("F", 2): self = .float16
    case ("F", 4): self = .float32
    case ("F", 8): self = .float64
    default: return nil
    }
  }
}
