extension TensorFile {
  /// The bytes of the file. Numbers in half precision are rounded to the nearest; those beyond its range become the
  /// largest there is.
  public func bytes(_ precision: Precision) -> [UInt8] {
    var (header, offset) = ("{", 0)
    if !notes.isEmpty {
      let texts = notes.map { "\(TensorFile.quoted($0.key)):\(TensorFile.quoted($0.text))" }
      header += "\"__metadata__\":{\(texts.joined(separator: ","))}"
    }
    for tensor in tensors {
      let end = offset + tensor.values.count * precision.size
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      header += header.count > 1 ? "," : ""
      header +=
        "\(TensorFile.quoted(tensor.name)):{\"dtype\":\"\(precision.rawValue)\",\"shape\":[\(shape)],"
        + "\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    header += "}"
    // The numbers begin at a multiple of eight.
    let length = (header.utf8.count + 7) / 8 * 8
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + length + offset)
    bytes += withUnsafeBytes(of: UInt64(length).littleEndian) { Array($0) }
    bytes += Array(header.utf8)
    bytes += [UInt8](repeating: 0x20, count: length - header.utf8.count)
    for tensor in tensors {
      for value in tensor.values {
        switch precision {
        case .single: bytes += withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        case .half:
          let limit = Float(Float16.greatestFiniteMagnitude)
          let half = Float16(min(max(value, -limit), limit))
          bytes += withUnsafeBytes(of: half.bitPattern.littleEndian) { Array($0) }
        }
      }
    }
    return bytes
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
