/// The checked header of a NumPy array file (format versions 1 to 3).
struct NPYHeader {
  var type: ScalarType
  var isSwapped: Bool
  var isFortran: Bool
  var shape: [Int]
  /// NumPy's description of the type, such as `<f4`.
  var description: String
  /// Where the payload starts.
  var size: Int

  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  init(_ source: ByteSource) throws(CloudFileError) {
    let path = source.path
    func fail(_ cause: String) -> CloudFileError { CloudFileError(.damaged, path, cause) }
    let head = try source.head(PLYHeader.maximumSize + 12)
    guard head.starts(with: NPYHeader.magic) else { throw fail("not an NPY file: no NUMPY mark") }
    guard head.count >= 12 else { throw fail("header ends early; is the file complete?") }
    let isShort = head[6] == 1
    guard (1...3).contains(head[6]) else { throw fail("NPY version \(head[6]).\(head[7]) is not known") }
    let bytes = isShort ? head[8..<10] : head[8..<12]
    let length = bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    size = bytes.endIndex + length
    guard length <= PLYHeader.maximumSize else { throw fail("header longer than 64 KiB") }
    guard size <= head.count else { throw fail("header ends early; is the file complete?") }
    let text = String(decoding: head[bytes.endIndex..<size], as: UTF8.self)

    guard let descriptor = NPYHeader.value(of: "descr", in: text) else { throw fail("header has no descr") }
    guard descriptor.hasPrefix("'") || descriptor.hasPrefix("\"") else {
      throw fail("structured arrays are not read; save a plain (N, 3) array")
    }
    description = String(descriptor.dropFirst().prefix { $0 != "'" && $0 != "\"" })
    if description.contains("O") { throw fail("object arrays refused: they hold Python code; save plain numbers") }
    let order = description.first.map { "<>=|".contains($0) } == true ? description.prefix(1) : "="
    let kind = description.dropFirst(description.hasPrefix(order) ? 1 : 0)
    guard let letter = kind.first, let bytesEach = Int(kind.dropFirst()),
      let type = ScalarType(letter: String(letter).uppercased(), size: bytesEach), "iuf".contains(letter)
    else { throw fail("type \(CloudFileError.quoted(description.utf8)) is not read; save numbers of 1 to 8 bytes") }
    (self.type, isSwapped) = (type, order == ">")

    guard let fortran = NPYHeader.value(of: "fortran_order", in: text),
      fortran.hasPrefix("True") || fortran.hasPrefix("False")
    else { throw fail("header has no fortran_order") }
    isFortran = fortran.hasPrefix("True")
    guard let tuple = NPYHeader.value(of: "shape", in: text), tuple.hasPrefix("("), let end = tuple.firstIndex(of: ")")
    else { throw fail("header has no shape") }
    shape = []
    for word in tuple[tuple.index(after: tuple.startIndex)..<end].split(separator: ",") {
      let digits = word.filter { $0 != " " }
      if digits.isEmpty { continue }
      guard let number = UInt64(digits), number <= UInt64(Int64.max) else {
        throw fail("shape count out of range: \(CloudFileError.quoted(digits.utf8))")
      }
      shape.append(Int(number))
    }
  }

  /// The text that follows a key of the dictionary.
  private static func value(of key: String, in text: String) -> Substring? {
    for quote in ["'", "\""] {
      let parts = text.split(separator: quote + key + quote, maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { return parts[1].drop { $0 == " " || $0 == ":" } }
    }
    return nil
  }
}
