import ArgumentParser

/// A length that is given or chosen from the data.
enum AutoLength: Sendable, Equatable {
  case auto
  case metres(Double)

  /// The given length; nil when it is chosen.
  var metres: Double? { if case .metres(let value) = self { value } else { nil } }
}

/// Numbers with units, as they stand on the command line.
enum Quantity {
  /// `auto` or a positive number of metres.
  static func autoLength(_ text: String) throws -> AutoLength {
    text == "auto" ? .auto : .metres(try length(text))
  }

  /// A positive number of metres.
  static func length(_ text: String) throws -> Double {
    guard let value = decimal(text) else { throw ValidationError("'\(text)' is not a number of metres") }
    guard value > 0, value.isFinite else { throw ValidationError("'\(text)': a positive number of metres is expected") }
    return value
  }

  /// An angle between 0 and 180 degrees.
  static func degrees(_ text: String) throws -> Double {
    guard let value = decimal(text), value >= 0, value <= 180 else {
      throw ValidationError("'\(text)': an angle from 0 to 180 degrees is expected")
    }
    return value
  }

  /// A share between 0 and 1.
  static func share(_ text: String) throws -> Double {
    guard let value = decimal(text), value >= 0, value <= 1 else {
      throw ValidationError("'\(text)': a share from 0 to 1 is expected")
    }
    return value
  }

  /// A range MIN,MAX of positive numbers.
  static func range(_ text: String) throws -> ClosedRange<Double> {
    let bounds = text.split(separator: ",", omittingEmptySubsequences: false).map { decimal(String($0)) }
    guard bounds.count == 2, let low = bounds[0], let high = bounds[1], low >= 1e-9, low <= high, high <= 1e9 else {
      throw ValidationError("'\(text)': two numbers MIN,MAX from 1e-9 to 1e9 are expected")
    }
    return low...high
  }

  /// A positive number of seconds.
  static func seconds(_ text: String) throws -> Double {
    guard let value = decimal(text), value > 0, value.isFinite else {
      throw ValidationError("'\(text)': a positive number of seconds is expected")
    }
    return value
  }

  /// A number of bytes with K, M, G or T: 500M, 1.5G.
  static func bytes(_ text: String) throws -> Int {
    let units: [Character: Double] = ["K": 0x1p10, "M": 0x1p20, "G": 0x1p30, "T": 0x1p40]
    var digits = text.uppercased()
    if digits.hasSuffix("B") { digits.removeLast() }
    if digits.hasSuffix("I") { digits.removeLast() }
    var scale = 1.0
    if let last = digits.last, let unit = units[last] {
      scale = unit
      digits.removeLast()
    }
    guard let value = decimal(digits), value > 0, value * scale >= 1, value * scale < 0x1p62 else {
      throw ValidationError("'\(text)': a size such as 500M or 4G is expected")
    }
    return Int(value * scale)
  }

  /// A box `xmin,ymin,zmin,xmax,ymax,zmax`.
  static func box(_ text: String) throws -> CropBox {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { decimal(String($0)) }
    let values = numbers.compactMap { $0 }
    guard numbers.count == 6, values.count == 6, !values.contains(where: \.isNaN) else {
      throw ValidationError("'\(text)': six numbers xmin,ymin,zmin,xmax,ymax,zmax are expected")
    }
    let box = CropBox(lower: [values[0], values[1], values[2]], upper: [values[3], values[4], values[5]])
    guard (0..<3).allSatisfy({ box.lower[$0] <= box.upper[$0] }) else {
      throw ValidationError("'\(text)': every minimum must not exceed its maximum")
    }
    return box
  }

  /// Finite numbers between commas, as many as their names.
  static func numbers(_ text: String, names: String) throws -> [Double] {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    let values = words.compactMap { decimal(String($0)) }.filter(\.isFinite)
    let count = names.split(separator: ",").count
    guard words.count == count, values.count == count else {
      throw ValidationError("'\(text)': \(count) numbers \(names) are expected")
    }
    return values
  }

  /// A decimal number; hexadecimal digits, blanks and words other than nan and inf are refused.
  private static func decimal(_ text: String) -> Double? {
    guard !text.lowercased().contains("x") else { return nil }
    return Double(text)
  }
}
