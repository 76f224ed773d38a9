/// Walks through the lines of a text file with one window of it in memory.
final class LineCursor {
  let source: ByteSource
  /// Where the next line starts.
  private(set) var offset: Int
  /// The number of the line before it, from one.
  private(set) var line: Int
  private var window: [UInt8] = []
  private var windowStart = 0

  /// Longer lines are refused.
  static let maximumLength = 1 << 20

  init(_ source: ByteSource, offset: Int, line: Int) {
    (self.source, self.offset, self.line) = (source, offset, line)
  }

  /// Continues elsewhere.
  func move(to offset: Int, line: Int) { (self.offset, self.line) = (offset, line) }

  /// The next line without its end; nil at the end of the file.
  func next() throws(CloudFileError) -> ArraySlice<UInt8>? {
    guard offset < source.size else { return nil }
    var place = offset - windowStart
    var stop = place >= 0 && place < window.count ? window[place...].firstIndex(of: 10) : nil
    if stop == nil {
      let end = min(source.size, offset + LineCursor.maximumLength + 1)
      window = try source.read(offset..<end)
      (windowStart, place) = (offset, 0)
      stop = window.firstIndex(of: 10)
      if stop == nil, end < source.size { throw LineCursor.tooLong(source.path, line + 1) }
    }
    let last = stop ?? window.count
    offset = windowStart + min(window.count, last + 1)
    line += 1
    return window[place..<(last > place && window[last - 1] == 13 ? last - 1 : last)]
  }

  /// Whether anything but blanks and line ends follows.
  func hasContent() throws(CloudFileError) -> Bool {
    var place = offset
    while place < source.size {
      let bytes = try source.read(place..<min(source.size, place + (1 << 16)))
      if bytes.contains(where: { $0 > 32 }) { return true }
      place += bytes.count
    }
    return false
  }

  /// The refusal of a line without end.
  static func tooLong(_ path: String, _ line: Int) -> CloudFileError {
    CloudFileError(.damaged, path, "line \(line): line too long, over 1 MiB; is this a point cloud?")
  }
}

/// Walks over the lines of a PLY element that is not the vertices.
struct TextElement {
  private let element: PLYHeader.Element
  private let lines: LineCursor

  init(_ element: PLYHeader.Element, _ lines: LineCursor) { (self.element, self.lines) = (element, lines) }

  /// Moves past all records; refuses one that is short or holds what is not a number.
  func walk() throws(CloudFileError) {
    guard !element.properties.isEmpty, element.count > 0 else { return }
    let path = lines.source.path
    let available = lines.source.size - lines.offset
    func short(_ complete: Int) -> CloudFileError {
      CloudFileError(
        .damaged, path,
        "header promises \(element.count) records of element \(element.name), \(available) bytes follow: "
          + "\(complete) complete")
    }
    if element.count > (available + 1) / (2 * element.properties.count) {
      throw short((available + 1) / (2 * element.properties.count))
    }
    var done = 0
    while done < element.count {
      guard let line = try lines.next() else { throw short(done) }
      let words = line.split { $0 == 32 || $0 == 9 || $0 == 13 }
      if words.isEmpty { continue }
      try check(words)
      done += 1
    }
  }

  private func check(_ words: [ArraySlice<UInt8>]) throws(CloudFileError) {
    let path = lines.source.path
    func fail(_ cause: String) -> CloudFileError { CloudFileError(.damaged, path, "line \(lines.line)\(cause)") }
    var next = 0
    func number(_ name: String) throws(CloudFileError) -> Double {
      guard next < words.count else { throw fail(": \(words.count) values, more expected (\(name) is missing)") }
      guard let value = NumberScanner.parse(words[next]) else {
        throw fail(", column \(name): \(CloudFileError.quoted(words[next]))\(NumberScanner.hint(words[next]))")
      }
      next += 1
      return value
    }
    for property in element.properties {
      let value = try number(property.name)
      guard property.lengthType != nil else { continue }
      guard value >= 0, value <= Double(lines.source.size) else {
        throw fail(": list longer than file: \(property.name) states \(value) entries")
      }
      for _ in 0..<Int(value) { _ = try number(property.name) }
    }
    if next < words.count { throw fail(": \(words.count) values, \(next) expected") }
  }
}
