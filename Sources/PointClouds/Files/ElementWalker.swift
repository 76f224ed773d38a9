/// Walks over the records of binary PLY elements that are not vertices.
struct ElementWalker {
  let source: ByteSource
  let isSwapped: Bool
  /// Where the next record starts.
  var offset: Int
  private var window: [UInt8] = []
  private var windowStart = 0

  init(source: ByteSource, isSwapped: Bool, offset: Int) {
    (self.source, self.isSwapped, self.offset) = (source, isSwapped, offset)
  }

  /// Moves past all records of an element; refuses one that leaves the file.
  mutating func walk(_ element: PLYHeader.Element) throws(CloudFileError) {
    let what = "records of element \(element.name)"
    try PromisedBytes(
      count: element.count, stride: element.fixedSize ?? element.minimumSize, available: source.size - offset,
      what: what
    ).check(source.path)
    if let size = element.fixedSize {
      offset += element.count * size
      return
    }
    for k in 0..<element.count {
      for property in element.properties {
        guard let lengthType = property.lengthType else {
          try skip(property.type.size, element, k)
          continue
        }
        let length = try number(lengthType, element, k)
        let left = source.size - offset
        guard length >= 0, length <= Double(left / property.type.size) else {
          throw CloudFileError(
            .damaged, source.path,
            "list longer than file: element \(element.name), record \(k), property \(property.name) states "
              + "\(Int64(exactly: length) ?? .max) entries, \(left) bytes follow")
        }
        offset += Int(length) * property.type.size
      }
    }
  }

  private mutating func skip(_ size: Int, _ element: PLYHeader.Element, _ k: Int) throws(CloudFileError) {
    if source.size - offset < size { throw short(element, k) }
    offset += size
  }

  private func short(_ element: PLYHeader.Element, _ k: Int) -> CloudFileError {
    CloudFileError(
      .damaged, source.path,
      "header promises \(element.count) records of element \(element.name), the file ends early: \(k) complete")
  }

  private mutating func number(
    _ type: ScalarType, _ element: PLYHeader.Element, _ k: Int
  ) throws(CloudFileError) -> Double {
    if source.size - offset < type.size { throw short(element, k) }
    if offset < windowStart || offset + type.size > windowStart + window.count {
      windowStart = offset
      window = try source.read(offset..<min(source.size, offset + 1 << 18))
    }
    defer { offset += type.size }
    let place = offset - windowStart
    return window.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return -1 }
      return isSwapped ? type.loadSwapped(base + place) : type.load(base + place)
    }
  }
}
