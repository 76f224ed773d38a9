extension String {
  /// The text with everything escaped that could steer a terminal or forge a line: control characters, line and
  /// paragraph separators, marks that reverse the direction of writing.
  package var terminalSafe: String {
    var out = ""
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7F...0x9F:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        out += "\\x" + (digits.count < 2 ? "0" : "") + digits
      case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
        out += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// The text filled with blanks to a width.
  package func padded(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}

extension BinaryInteger {
  /// The digits in groups of three: 1 204 311.
  package var grouped: String {
    let digits = Array(String(magnitude))
    var out = self < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { out += " " }
      out.append(digit)
    }
    return out
  }
}

extension Double {
  /// The number with a fixed count of decimals (at most 15), whatever the locale: 0.031.
  ///
  /// The exact binary value is rounded, and only an exact tie goes to the even digit, as `printf` and Python's
  /// `f"{x:.3f}"` do: 1.005 is below the tie and gives 1.00, 0.125 lies on it and gives 0.12. A negative number that
  /// rounds to zero has no sign. From 2^63 on the shortest digits are given instead.
  package func decimals(_ count: Int) -> String {
    guard isFinite, magnitude < 0x1p63 else { return description }
    let count = Swift.min(Swift.max(count, 0), 15)
    var power = 1.0
    for _ in 0..<count { power *= 10 }
    // Whole part and fraction are exact, and the fraction times the power of ten is `high + low` exactly.
    let whole = magnitude.rounded(.down)
    let fraction = magnitude - whole
    let high = fraction * power
    let low = (-high).addingProduct(fraction, power)
    var digits = Int64(high.rounded(.down))
    // Below 2^51, `high` is on a grid that is wider than `low`: `low` decides only where `high` lies on the tie.
    let aboveTie = high - high.rounded(.down) - 0.5
    let isOdd = count > 0 ? digits & 1 == 1 : Int64(whole) & 1 == 1
    if aboveTie > 0 || (aboveTie == 0 && (low > 0 || (low == 0 && isOdd))) { digits += 1 }
    let carry = Double(digits) == power
    let units = UInt64(whole) + (carry ? 1 : 0)
    if carry { digits = 0 }
    let decimals = String(digits)
    let filled = String(repeating: "0", count: Swift.max(0, count - decimals.count)) + decimals
    let sign = self < 0 && (units > 0 || digits > 0) ? "-" : ""
    return sign + String(units) + (count > 0 ? "." + filled : "")
  }

  /// The number with about as many significant digits, without an exponent where that stays short: 0.25, 41, 1.2e-09.
  package func significant(_ count: Int) -> String {
    guard isFinite, self != 0 else { return self == 0 ? "0" : description }
    // The exponent of ten, found by comparing: logarithms round.
    var (exponent, scale) = (0, abs(self))
    while scale >= 10 { (exponent, scale) = (exponent + 1, scale / 10) }
    while scale < 1 { (exponent, scale) = (exponent - 1, scale * 10) }
    if exponent > 9 || exponent < -5 {
      var mantissa = scale.decimals(count - 1).droppingTrailingZeros
      if mantissa == "10" { (mantissa, exponent) = ("1", exponent + 1) }
      return (self < 0 ? "-" : "") + mantissa + "e\(exponent)"
    }
    let places = Swift.max(0, count - 1 - exponent)
    let text = decimals(places)
    return places > 0 ? text.droppingTrailingZeros : text
  }
}

extension String {
  fileprivate var droppingTrailingZeros: String {
    guard contains(".") else { return self }
    var text = self
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }
}
