import Geometry

/// The checked header of a PCD file.
struct PCDHeader {
  enum Encoding: String {
    case ascii, binary, compressed = "binary_compressed"
  }

  struct Field {
    var name: String
    var type: ScalarType
    var count: Int
    var size: Int { type.size * count }
  }

  var fields: [Field] = []
  var points = 0
  var encoding = Encoding.ascii
  /// Where the payload starts.
  var size = 0
  /// How many lines the header has.
  var lineCount = 0
  /// Where the sensor stood, unless the header holds the default that stands for unknown.
  var sensorPosition: Point3?

  private static let keywords: Set<String> = [
    "VERSION", "FIELDS", "COLUMNS", "SIZE", "TYPE", "COUNT", "WIDTH", "HEIGHT", "VIEWPOINT", "POINTS", "DATA",
  ]

  /// Whether a file begins like a PCD file.
  static func matches(_ head: [UInt8]) -> Bool {
    for line in head.prefix(4096).split(separator: 10) {
      let text = String(decoding: line.prefix(64), as: UTF8.self)
      if text.hasPrefix("#") {
        if text.contains(".PCD") { return true }
        continue
      }
      return keywords.contains(text.split { $0 == " " || $0 == "\t" || $0 == "\r" }.first.map(String.init) ?? "")
    }
    return false
  }

  /// Parses and checks the header at the start of a file.
  init(_ source: ByteSource) throws(CloudFileError) {
    let head = try source.head(PLYHeader.maximumSize + 1)
    var lines = HeaderLines(head)
    var entries: [String: [Substring]] = [:]
    while true {
      guard let line = lines.next() else {
        throw CloudFileError(
          .damaged, source.path,
          source.size > PLYHeader.maximumSize
            ? "header longer than 64 KiB (no DATA line)" : "header ends early: no DATA line; is the file complete?")
      }
      let words = line.split { $0 == " " || $0 == "\t" }
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      let keyword = first == "COLUMNS" ? "FIELDS" : String(first)
      guard PCDHeader.keywords.contains(keyword) else {
        throw CloudFileError(
          .damaged, source.path, "header line \(lines.number): unknown keyword \(CloudFileError.quoted(line.utf8))")
      }
      guard entries.updateValue(Array(words.dropFirst()), forKey: keyword) == nil else {
        throw CloudFileError(.damaged, source.path, "header line \(lines.number): \(keyword) twice")
      }
      if keyword == "DATA" { break }
    }
    size = lines.offset
    lineCount = lines.number
    let data = entries["DATA"]?.first ?? ""
    guard let encoding = Encoding(rawValue: data.lowercased()) else {
      throw CloudFileError(
        .damaged, source.path,
        "header line \(lines.number): unknown DATA \(CloudFileError.quoted(data.utf8)); ascii, binary or "
          + "binary_compressed expected")
    }
    self.encoding = encoding
    try takeFields(entries, source.path)
    try takeCounts(entries, source.path)
    takeViewpoint(entries["VIEWPOINT"] ?? [])
  }

  private mutating func takeFields(_ entries: [String: [Substring]], _ path: String) throws(CloudFileError) {
    func fail(_ cause: String) -> CloudFileError { CloudFileError(.damaged, path, "header: \(cause)") }
    guard let names = entries["FIELDS"] else { throw fail("no FIELDS line") }
    if names.count > PLYHeader.maximumProperties { throw fail("more than 256 fields") }
    for (keyword, isNeeded) in [("SIZE", true), ("TYPE", true), ("COUNT", false)] {
      guard let values = entries[keyword] else {
        if isNeeded { throw fail("no \(keyword) line") }
        continue
      }
      if values.count != names.count {
        throw fail("\(keyword) has \(values.count) entries, FIELDS has \(names.count)")
      }
    }
    let (sizes, types) = (entries["SIZE"] ?? [], entries["TYPE"] ?? [])
    var stride = 0
    for (k, name) in names.enumerated() {
      guard ["I", "U", "F"].contains(types[k]) else {
        throw fail("TYPE of field \(name) is \(CloudFileError.quoted(types[k].utf8)); I, U or F expected")
      }
      guard let size = Int(sizes[k]), let type = ScalarType(letter: types[k], size: size), type != .float16 else {
        throw fail("SIZE of field \(name) is \(CloudFileError.quoted(sizes[k].utf8)) for TYPE \(types[k])")
      }
      let text = entries["COUNT"]?[k] ?? "1"
      guard let count = Int(text), count >= 1, count <= 1 << 20 else {
        throw fail("COUNT of field \(name) is \(CloudFileError.quoted(text.utf8)); 1 or more expected")
      }
      let role = FieldRole(name: String(name))
      if count > 1, role == .x || role == .y || role == .z { throw fail("\(name) must be a scalar, COUNT is \(count)") }
      fields.append(Field(name: String(name), type: type, count: count))
      stride += fields[k].size
      if stride > 1 << 20 { throw fail("a point takes more than 1 MiB") }
    }
  }

  private mutating func takeCounts(_ entries: [String: [Substring]], _ path: String) throws(CloudFileError) {
    func number(_ keyword: String) throws(CloudFileError) -> Int? {
      guard let words = entries[keyword] else { return nil }
      guard words.count == 1, let value = UInt64(words[0]), value <= UInt64(Int64.max) else {
        let text = words.joined(separator: " ")
        throw CloudFileError(
          .damaged, path, "header: \(keyword) count out of range: \(CloudFileError.quoted(text.utf8))")
      }
      return Int(value)
    }
    let (width, height, stated) = (try number("WIDTH"), try number("HEIGHT") ?? 1, try number("POINTS"))
    let (product, overflow) = (width ?? stated ?? 0).multipliedReportingOverflow(by: height)
    guard !overflow, product <= 1 << 31 else {
      throw CloudFileError(.damaged, path, "count out of range: WIDTH x HEIGHT, at most 2^31 points are read")
    }
    if let stated, stated != product {
      throw CloudFileError(.damaged, path, "WIDTH x HEIGHT is \(product) points, POINTS is \(stated)")
    }
    guard product > 0 else { throw CloudFileError(.unusable, path, "no points (POINTS 0)") }
    points = product
  }

  private mutating func takeViewpoint(_ words: [Substring]) {
    let values = words.compactMap { Double($0) }
    guard values.count == 7, words.count == 7, values.allSatisfy(\.isFinite), values != [0, 0, 0, 1, 0, 0, 0] else {
      return
    }
    sensorPosition = Point3(values[0], values[1], values[2])
  }
}
