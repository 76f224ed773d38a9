/// A NumPy array file of version 1.0.
enum NumPy {
  /// A file with a given type, order, shape and payload.
  static func file(descr: String, fortran: Bool = false, shape: String, body: [UInt8]) -> [UInt8] {
    var text = "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
    while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
    text += "\n"
    var out: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    out.append(UInt16(text.utf8.count))
    return out + Array(text.utf8) + body
  }

  /// Points as an array of shape (N, 3), or of shape (3, N) when transposed; column by column in Fortran order.
  static func points(
    _ points: [SIMD3<Double>], descr: String = "<f4", fortran: Bool = false, transposed: Bool = false
  ) -> [UInt8] {
    var body: [UInt8] = []
    func put(_ x: Double) {
      switch descr {
      case "<f2": body.append(halfBits(Float(x)))
      case "<f4": body.append(float: x)
      case ">f4": body.append(float: x, .big)
      default: body.append(double: x, descr.hasPrefix(">") ? .big : .little)
      }
    }
    // Rows of (N, 3) in C order and columns of (3, N) in Fortran order lie alike: point by point.
    if fortran == transposed {
      for p in points { for a in 0..<3 { put(p[a]) } }
    } else {
      for a in 0..<3 { for p in points { put(p[a]) } }
    }
    let shape = transposed ? "(3, \(points.count))" : "(\(points.count), 3)"
    return file(descr: descr, fortran: fortran, shape: shape, body: body)
  }

  /// The number that the bits of ``halfBits(_:)`` stand for.
  static func half(_ x: Double) -> Double {
    let magnitude = (Float(abs(x)).bitPattern + 0x1000) & ~0x1FFF
    return abs(x) < 0x1p-14 ? 0 : (x < 0 ? -1 : 1) * Double(Float(bitPattern: magnitude))
  }

  /// The bits of the nearest half-precision number, for numbers in its normal range; ties go up.
  static func halfBits(_ x: Float) -> UInt16 {
    if abs(x) < 0x1p-14 { return x.sign == .minus ? 0x8000 : 0 }
    let sign = UInt16(truncatingIfNeeded: x.bitPattern >> 16) & 0x8000
    let magnitude = x.bitPattern & 0x7FFF_FFFF
    return sign | UInt16(truncatingIfNeeded: (magnitude - 0x3800_0000 + 0x1000) >> 13)
  }
}

/// KITTI and nuScenes files: single-precision records without a header.
enum Records {
  /// x, y, z and the given constants per point.
  static func file(_ points: [SIMD3<Double>], extra: [Double]) -> [UInt8] {
    points.reduce(into: []) { out, p in
      for a in 0..<3 { out.append(float: p[a]) }
      for value in extra { out.append(float: value) }
    }
  }
}
