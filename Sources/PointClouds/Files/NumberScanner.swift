/// Reads decimal numbers from bytes, independent of the locale.
package enum NumberScanner {
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// The number that the `n` bytes spell, correctly rounded: digits with an optional sign, point and exponent, or
  /// `nan`, `inf`, `infinity` in any case. Nil for anything else, and for digits beyond the range of doubles.
  static func parse(_ p: UnsafePointer<UInt8>, _ n: Int) -> Double? {
    var i = 0
    let isNegative = n > 0 && p[0] == 0x2D
    if isNegative || (n > 0 && p[0] == 0x2B) { i = 1 }
    var (mantissa, digits, exponent) = (UInt64(0), 0, 0)
    var (isExact, sawDigit, sawPoint) = (true, false, false)
    while i < n {
      let d = p[i] &- 48
      if d < 10 {
        sawDigit = true
        if digits < 19 {
          mantissa = mantissa &* 10 &+ UInt64(d)
          if mantissa > 0 { digits += 1 }
          if sawPoint { exponent -= 1 }
        } else {
          isExact = false
          if !sawPoint { exponent += 1 }
        }
      } else if p[i] == 0x2E, !sawPoint {
        sawPoint = true
      } else {
        break
      }
      i += 1
    }
    guard sawDigit else { return sawPoint ? nil : special(p + i, n - i, isNegative) }
    if i < n, p[i] | 0x20 == 0x65 {
      i += 1
      let isReciprocal = i < n && p[i] == 0x2D
      if isReciprocal || (i < n && p[i] == 0x2B) { i += 1 }
      guard i < n else { return nil }
      var power = 0
      while i < n, p[i] &- 48 < 10 {
        power = min(99_999, power * 10 + Int(p[i] &- 48))
        i += 1
      }
      exponent += isReciprocal ? -power : power
    }
    guard i == n else { return nil }
    if mantissa == 0 { return isNegative ? -0.0 : 0 }
    if isExact, mantissa <= 1 << 53, abs(exponent) <= 22 {
      let m = Double(mantissa)
      let value = exponent < 0 ? m / powers[-exponent] : m * powers[exponent]
      return isNegative ? -value : value
    }
    if isExact, exponent < 0, exponent >= -17 {
      let value = quotient(mantissa, powers[-exponent])
      return isNegative ? -value : value
    }
    let value = slow(p, n)
    return value.isFinite ? value : nil
  }

  /// The number of a whole text.
  package static func parse(_ text: some Collection<UInt8>) -> Double? {
    Array(text).withUnsafeBufferPointer { b in b.baseAddress.flatMap { parse($0, b.count) } }
  }

  private static func special(_ p: UnsafePointer<UInt8>, _ n: Int, _ isNegative: Bool) -> Double? {
    guard n == 3 || n == 8 else { return nil }
    let word = String(decoding: UnsafeBufferPointer(start: p, count: n), as: UTF8.self).lowercased()
    switch word {
    case "nan": return .nan
    case "inf", "infinity": return isNegative ? -.infinity : .infinity
    default: return nil
    }
  }

  /// m / 10^k, correctly rounded, for m over 2^53 and k up to 17.
  private static func quotient(_ m: UInt64, _ power: Double) -> Double {
    let (q, r) = (UInt128(m) << 64).quotientAndRemainder(dividingBy: UInt128(UInt64(power)))
    // 64 leading bits; the last one also stands for all that was cut off. The machine rounds these to 53.
    let shift = max(0, 64 - q.leadingZeroBitCount)
    let isCut = r != 0 || q & ((1 << UInt128(shift)) - 1) != 0
    let bits = UInt64(truncatingIfNeeded: q >> UInt128(shift)) | (isCut ? 1 : 0)
    return Double(bits) * Double(sign: .plus, exponent: shift - 64, significand: 1)
  }

  private static func slow(_ p: UnsafePointer<UInt8>, _ n: Int) -> Double {
    Double(String(decoding: UnsafeBufferPointer(start: p, count: n), as: UTF8.self)) ?? .nan
  }

  /// What is wrong with a text that is no number, as an addition to the message; empty when nothing is known.
  package static func hint(_ text: some Collection<UInt8>) -> String {
    let bytes = Array(text)
    if bytes.isEmpty { return " is empty" }
    if isDecimalComma(bytes) { return " is not a number: decimal comma? Write 1.5 instead of 1,5" }
    if bytes.allSatisfy({ $0 &- 48 < 10 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }), slowIsInfinite(bytes) {
      return " is out of range"
    }
    return " is not a number"
  }

  /// Whether a text is digits, one comma, digits.
  static func isDecimalComma(_ text: some Collection<UInt8>) -> Bool {
    let parts = text.split(separator: 0x2C, omittingEmptySubsequences: false)
    guard parts.count == 2, let whole = parts.first, let rest = parts.last else { return false }
    let digits = whole.first == 0x2D || whole.first == 0x2B ? whole.dropFirst() : whole[...]
    let fraction = rest.prefix { $0 &- 48 < 10 }
    return !digits.isEmpty && digits.allSatisfy { $0 &- 48 < 10 } && !fraction.isEmpty
      && (fraction.count == rest.count || rest.dropFirst(fraction.count).first.map { $0 | 0x20 } == 0x65)
  }

  private static func slowIsInfinite(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { b in b.baseAddress.map { slow($0, b.count).isInfinite } ?? false }
  }
}
