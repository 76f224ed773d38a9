/// The order of the bytes of a number.
enum ByteOrder: Sendable { case little, big }

extension [UInt8] {
  /// Appends text.
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }

  /// Appends an integer.
  mutating func append<T: FixedWidthInteger>(_ value: T, _ order: ByteOrder = .little) {
    Swift.withUnsafeBytes(of: order == .little ? value.littleEndian : value.bigEndian) { append(contentsOf: $0) }
  }

  /// Appends a single-precision number.
  mutating func append(float value: Double, _ order: ByteOrder = .little) { append(Float(value).bitPattern, order) }

  /// Appends a double-precision number.
  mutating func append(double value: Double, _ order: ByteOrder = .little) { append(value.bitPattern, order) }
}

/// A number in text that reads back as the same number.
func decimal(_ x: Double) -> String {
  x.isNaN ? "nan" : x.isInfinite ? (x < 0 ? "-inf" : "inf") : x == x.rounded() && abs(x) < 1e15 ? "\(Int(x))" : "\(x)"
}

/// The rows of a text file, one point each.
func rows(_ points: [SIMD3<Double>], separator: String = " ", end: String = "\n") -> [String] {
  points.map { [decimal($0.x), decimal($0.y), decimal($0.z)].joined(separator: separator) + end }
}

/// Bytes that look like nothing.
func garbage(_ count: Int, seed: UInt64 = 99) -> [UInt8] {
  var random = SplitMix(seed)
  return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
}
