/// The checked header of a PLY file.
struct PLYHeader {
  enum Encoding: String {
    case ascii, littleEndian = "binary_little_endian", bigEndian = "binary_big_endian"
  }

  struct Property {
    var name: String
    var type: ScalarType
    /// The type of the length when the property is a list.
    var lengthType: ScalarType?
  }

  struct Element {
    var name: String
    var count: Int
    var properties: [Property] = []

    /// Bytes of a binary record; nil when a list makes it vary.
    var fixedSize: Int? {
      properties.contains { $0.lengthType != nil } ? nil : properties.reduce(0) { $0 + $1.type.size }
    }
    /// The fewest bytes that a binary record takes.
    var minimumSize: Int { properties.reduce(0) { $0 + ($1.lengthType ?? $1.type).size } }
  }

  var encoding: Encoding
  var elements: [Element]
  /// Where the payload starts.
  var size: Int
  /// How many lines the header has.
  var lineCount: Int

  /// The place of the vertex element.
  var vertexIndex: Int? { elements.firstIndex { $0.name == "vertex" } }

  /// Headers longer than this are refused.
  static let maximumSize = 64 << 10
  /// More properties than this are refused.
  static let maximumProperties = 256

  /// Parses and checks the header at the start of a file.
  init(_ source: ByteSource) throws(CloudFileError) {
    let head = try source.head(PLYHeader.maximumSize + 1)
    var parser = Parser(path: source.path)
    var lines = HeaderLines(head)
    // A file that is cut within the first line is still recognised by it.
    guard let magic = lines.next() ?? (head == Array("ply".utf8) ? "ply" : nil), magic == "ply" else {
      throw CloudFileError(.damaged, source.path, "not a PLY file: the first line is not \"ply\"")
    }
    while true {
      guard let line = lines.next() else {
        throw CloudFileError(
          .damaged, source.path,
          source.size > PLYHeader.maximumSize
            ? "header longer than 64 KiB (no end_header)" : "header ends early: no end_header; is the file complete?")
      }
      if try parser.take(line, number: lines.number) { break }
    }
    guard let encoding = parser.encoding else {
      throw CloudFileError(.damaged, source.path, "header has no format line")
    }
    self.encoding = encoding
    elements = parser.elements
    size = lines.offset
    lineCount = lines.number
  }

  private struct Parser {
    let path: String
    var encoding: Encoding?
    var elements: [Element] = []
    var properties = 0

    func fail(_ number: Int, _ cause: String) -> CloudFileError {
      CloudFileError(.damaged, path, "header line \(number): \(cause)")
    }

    /// Takes a line; true when it was the last.
    mutating func take(_ line: String, number: Int) throws(CloudFileError) -> Bool {
      let words = line.split { $0 == " " || $0 == "\t" }
      switch words.first {
      case nil, "comment"?, "obj_info"?: break
      case "end_header"?: return true
      case "format"?:
        guard words.count >= 2, encoding == nil, let known = Encoding(rawValue: String(words[1])) else {
          throw fail(
            number,
            "unknown or repeated format \(CloudFileError.quoted(line.utf8)); ascii, "
              + "binary_little_endian or binary_big_endian expected")
        }
        encoding = known
      case "element"?: try takeElement(words, number)
      case "property"?: try takeProperty(words, number)
      default: throw fail(number, "unknown keyword \(CloudFileError.quoted(line.utf8))")
      }
      return false
    }

    private mutating func takeElement(_ words: [Substring], _ number: Int) throws(CloudFileError) {
      guard words.count == 3 else { throw fail(number, "element needs a name and a count") }
      guard let count = UInt64(words[2]), count <= UInt64(Int64.max), words[2].utf8.first != UInt8(ascii: "+") else {
        throw fail(number, "element \(words[1]): count out of range: \(CloudFileError.quoted(words[2].utf8))")
      }
      if elements.contains(where: { $0.name == words[1] }) { throw fail(number, "element \(words[1]) twice") }
      if elements.count >= PLYHeader.maximumProperties { throw fail(number, "more than 256 elements") }
      elements.append(Element(name: String(words[1]), count: Int(count)))
    }

    private mutating func takeProperty(_ words: [Substring], _ number: Int) throws(CloudFileError) {
      guard !elements.isEmpty else { throw fail(number, "property before any element") }
      properties += 1
      if properties > PLYHeader.maximumProperties { throw fail(number, "more than 256 properties") }
      let isList = words.count > 1 && words[1] == "list"
      guard words.count == (isList ? 5 : 3), let name = words.last else {
        throw fail(number, "property needs a type and a name")
      }
      func type(_ word: Substring) throws(CloudFileError) -> ScalarType {
        guard let type = ScalarType(ply: word) else {
          throw fail(number, "unknown type \(word) of property \(name)")
        }
        return type
      }
      let element = elements.count - 1
      if elements[element].properties.contains(where: { $0.name == name }) {
        throw fail(number, "property \(name) twice in element \(elements[element].name)")
      }
      var property = Property(name: String(name), type: try type(words[isList ? 3 : 1]))
      if isList {
        let length = try type(words[2])
        if length.isFloating { throw fail(number, "list \(name) has a length of type \(words[2])") }
        property.lengthType = length
      }
      elements[element].properties.append(property)
    }
  }
}

/// The lines of a header that is held in memory, ended by LF, CR LF or (where the first is) CR.
struct HeaderLines {
  private let bytes: [UInt8]
  private let end: UInt8
  /// Where the next line starts.
  private(set) var offset = 0
  /// The number of the line that was returned last, from one.
  private(set) var number = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    let first = bytes.firstIndex { $0 == 10 || $0 == 13 }
    let isOldMac = first.map { bytes[$0] == 13 && ($0 + 1 >= bytes.count || bytes[$0 + 1] != 10) } ?? false
    end = isOldMac ? 13 : 10
  }

  /// The next whole line without its end and trailing blanks; nil when there is none.
  mutating func next() -> String? {
    guard let stop = bytes[offset...].firstIndex(of: end) else { return nil }
    var last = stop
    while last > offset, bytes[last - 1] == 13 || bytes[last - 1] == 32 || bytes[last - 1] == 9 { last -= 1 }
    let line = String(decoding: bytes[offset..<last], as: UTF8.self)
    offset = stop + 1
    number += 1
    return line
  }
}
