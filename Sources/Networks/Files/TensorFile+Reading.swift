extension TensorFile {
  /// The longest header that is read, bytes.
  static let headerLimit = 100 << 20

  /// Reads a file from its bytes. Every size is checked before memory is taken.
  /// - Parameter path: the name of the file, for messages.
  /// - Throws: for a file that is cut short, overlaps, holes, unknown types of numbers, shapes that do not fit their
  ///   bytes, names that stand there twice, and numbers that are not finite.
  public init(_ bytes: [UInt8], path: String) throws(TensorFileError) {
    guard bytes.count >= 8 else {
      throw TensorFileError(path, "\(bytes.count) bytes are no safetensors file: its first 8 hold the header's length")
    }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(TensorFile.headerLimit) else {
      throw TensorFileError(path, "a header of \(length) bytes, at most \(TensorFile.headerLimit) are read")
    }
    guard length <= UInt64(bytes.count - 8) else {
      throw TensorFileError(
        path, "the header should have \(length) bytes, the file ends after \(bytes.count - 8) of them; is it complete?")
    }
    let header = try TensorHeader(bytes[8..<8 + Int(length)], path: path)
    let data = bytes[(8 + Int(length))...]
    let entries = try TensorFile.checked(header.entries, dataSize: data.count, path)
    tensors = []
    for (entry, precision) in entries {
      let part = data[data.startIndex + entry.offsets[0]..<data.startIndex + entry.offsets[1]]
      let values = TensorFile.values(part, precision)
      if let k = values.firstIndex(where: { !$0.isFinite }) {
        throw TensorFileError(path, "\"\(TensorHeader.short(entry.name))\", number \(k): \(values[k]) is not finite")
      }
      tensors.append(Tensor(name: entry.name, shape: entry.shape, values: values))
    }
    notes = header.notes
  }

  /// The entries in the order of their bytes, which they share among them without overlap or hole.
  private static func checked(
    _ entries: [TensorHeader.Entry], dataSize: Int, _ path: String
  ) throws(TensorFileError) -> [(TensorHeader.Entry, Precision)] {
    var checked: [(TensorHeader.Entry, Precision)] = []
    for entry in entries {
      let name = "\"\(TensorHeader.short(entry.name))\""
      guard let precision = Precision(rawValue: entry.precision) else {
        throw TensorFileError(path, "\(name) is of type \(TensorHeader.short(entry.precision)), F16 or F32 is expected")
      }
      guard entry.offsets.count == 2, entry.offsets[0] <= entry.offsets[1], entry.offsets[1] <= dataSize else {
        throw TensorFileError(
          path, "\(name): data_offsets \(entry.offsets) do not lie in the \(dataSize) bytes of data")
      }
      var (count, isTooLarge) = (precision.size, false)
      for extent in entry.shape {
        let product = count.multipliedReportingOverflow(by: extent)
        (count, isTooLarge) = (product.partialValue, isTooLarge || product.overflow)
      }
      guard !isTooLarge, count == entry.offsets[1] - entry.offsets[0] else {
        throw TensorFileError(
          path,
          "\(name): a shape of \(entry.shape) in \(precision.rawValue) does not take "
            + "\(entry.offsets[1] - entry.offsets[0]) bytes")
      }
      checked.append((entry, precision))
    }
    checked.sort { ($0.0.offsets[0], $0.0.offsets[1], $0.0.name) < ($1.0.offsets[0], $1.0.offsets[1], $1.0.name) }
    var end = 0
    for (entry, _) in checked {
      guard entry.offsets[0] == end else {
        throw TensorFileError(
          path,
          "\"\(TensorHeader.short(entry.name))\" begins at byte \(entry.offsets[0]) of the data, \(end) is expected: "
            + (entry.offsets[0] < end ? "it overlaps with another tensor" : "bytes before it belong to no tensor"))
      }
      end = entry.offsets[1]
    }
    guard end == dataSize else {
      throw TensorFileError(path, "\(dataSize - end) bytes at the end belong to no tensor")
    }
    return checked
  }

  private static func values(_ bytes: ArraySlice<UInt8>, _ precision: Precision) -> [Float] {
    bytes.withUnsafeBytes { buffer in
      switch precision {
      case .single:
        (0..<buffer.count / 4).map {
          Float(bitPattern: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
        }
      case .half:
        (0..<buffer.count / 2).map {
          Float(
            Float16(bitPattern: UInt16(littleEndian: buffer.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))))
        }
      }
    }
  }
}
