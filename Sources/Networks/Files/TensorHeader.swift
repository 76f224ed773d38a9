/// The header of a safetensors file, read strictly: what the format does not know is an error with its place.
struct TensorHeader {
  /// A tensor as the header describes it.
  struct Entry {
    let name: String
    var precision = ""
    var shape: [Int] = []
    var offsets: [Int] = []
  }

  private(set) var entries: [Entry] = []
  private(set) var notes: [TensorFile.Note] = []
  private let path: String
  private let bytes: ArraySlice<UInt8>
  private var at: Int

  /// Parses the JSON in a part of the file.
  init(_ bytes: ArraySlice<UInt8>, path: String) throws(TensorFileError) {
    (self.bytes, self.path, at) = (bytes, path, bytes.startIndex)
    var names: Set<String> = []
    try object { header, name throws(TensorFileError) in
      guard names.insert(name).inserted else {
        throw header.error("\"\(TensorHeader.short(name))\" stands there twice")
      }
      if name == "__metadata__" { try header.readNotes() } else { try header.readEntry(name) }
    }
    skipBlanks()
    if at < bytes.endIndex { throw error("the header goes on after its end") }
  }

  private mutating func readNotes() throws(TensorFileError) {
    try object { header, key throws(TensorFileError) in
      let text = try header.string()
      header.notes.append(TensorFile.Note(key, text))
    }
  }

  private mutating func readEntry(_ name: String) throws(TensorFileError) {
    var entry = Entry(name: name)
    var seen: [String] = []
    try object { header, key throws(TensorFileError) in
      guard !seen.contains(key) else { throw header.error("\(key) stands twice in \"\(TensorHeader.short(name))\"") }
      seen.append(key)
      switch key {
      case "dtype": entry.precision = try header.string()
      case "shape": entry.shape = try header.numbers()
      case "data_offsets": entry.offsets = try header.numbers()
      default: throw header.error("\"\(TensorHeader.short(key))\" is no part of a tensor")
      }
    }
    for key in ["dtype", "shape", "data_offsets"] where !seen.contains(key) {
      throw error("\"\(TensorHeader.short(name))\" has no \(key)")
    }
    entries.append(entry)
  }

  /// Reads an object and hands on each of its keys with the place behind the colon.
  private mutating func object(
    _ member: (inout TensorHeader, String) throws(TensorFileError) -> Void
  ) throws(TensorFileError) {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  /// An array of whole numbers that are not negative.
  private mutating func numbers() throws(TensorFileError) -> [Int] {
    try expect("[")
    var numbers: [Int] = []
    if take("]") { return numbers }
    repeat {
      skipBlanks()
      let digits = bytes[at...].prefix { $0 &- 48 < 10 }
      guard !digits.isEmpty, let value = Int(String(decoding: digits, as: UTF8.self)) else {
        throw error("a whole number from 0 to \(Int.max) is expected")
      }
      guard numbers.count < 32 else { throw error("more than 32 numbers in a list") }
      at = digits.endIndex
      numbers.append(value)
    } while take(",")
    try expect("]")
    return numbers
  }

  private mutating func string() throws(TensorFileError) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while at < bytes.endIndex, bytes[at] != UInt8(ascii: "\"") {
      let byte = bytes[at]
      guard byte >= 0x20 else { throw error("a control character in a text") }
      at += 1
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      try escape(&text)
    }
    guard at < bytes.endIndex else { throw error("a text does not end") }
    at += 1
    guard let whole = String(validating: text, as: UTF8.self) else { throw error("a text is not UTF-8") }
    return whole
  }

  /// What stands behind a backslash.
  private mutating func escape(_ text: inout [UInt8]) throws(TensorFileError) {
    guard at < bytes.endIndex else { throw error("a text does not end") }
    let simple: [Character: UInt8] = [
      "\"": 0x22, "\\": 0x5C, "/": 0x2F, "n": 0x0A, "r": 0x0D, "t": 0x09, "b": 0x08, "f": 0x0C,
    ]
    let letter = Character(UnicodeScalar(bytes[at]))
    at += 1
    if let byte = simple[letter] {
      text.append(byte)
    } else if letter == "u", at + 4 <= bytes.endIndex,
      let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16),
      let scalar = UnicodeScalar(code)
    {
      at += 4
      text += Array(String(Character(scalar)).utf8)
    } else {
      throw error("an escape in a text that is not understood")
    }
  }

  private mutating func skipBlanks() {
    while at < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
  }

  /// Steps over a character if it comes next.
  private mutating func take(_ character: Character) -> Bool {
    skipBlanks()
    guard at < bytes.endIndex, bytes[at] == character.asciiValue else { return false }
    at += 1
    return true
  }

  private mutating func expect(_ character: Character) throws(TensorFileError) {
    guard take(character) else { throw error("'\(character)' is expected") }
  }

  private func error(_ cause: String) -> TensorFileError {
    TensorFileError(path, "header, byte \(at - bytes.startIndex + 9): \(cause)")
  }

  /// A name for a message: at most 60 characters, without control characters.
  static func short(_ name: String) -> String {
    let plain = name.unicodeScalars.prefix(60).map { $0.value < 0x20 ? "?" : Character($0) }
    return String(plain) + (name.unicodeScalars.count > 60 ? "…" : "")
  }
}
