import Geometry

/// Reads PLY: the gate in front of the decoder, and elements other than vertices walked over with checks.
struct PLYFile {
  let source: ByteSource
  let memoryLimit: Int

  func read() throws(CloudFileError) -> FilePayload {
    let header = try PLYHeader(source)
    guard let index = header.vertexIndex else {
      let found = header.elements.map(\.name).joined(separator: ", ")
      throw CloudFileError(.damaged, source.path, "no element vertex (found \(found.isEmpty ? "none" : found))")
    }
    let vertex = header.elements[index]
    let names = vertex.properties.map(\.name)
    for property in vertex.properties where property.lengthType != nil {
      throw CloudFileError(
        .damaged, source.path, "property \(property.name) must be a scalar, lists on vertices are not read")
    }
    try FieldRole.checkCoordinates(names, word: "property", path: source.path)
    guard vertex.count > 0 else { throw CloudFileError(.unusable, source.path, "no points (element vertex 0)") }
    guard vertex.count <= 1 << 31 else {
      throw CloudFileError(.damaged, source.path, "count out of range: \(vertex.count) points, at most 2^31 are read")
    }
    return header.encoding == .ascii
      ? try readText(header, index) : try readBinary(header, index)
  }

  // MARK: Binary

  private func readBinary(_ header: PLYHeader, _ index: Int) throws(CloudFileError) -> FilePayload {
    let vertex = header.elements[index]
    let isBig = header.encoding == .bigEndian
    var layout = RecordLayout(fields: [], stride: 0, isSwapped: isBig)
    for property in vertex.properties {
      layout.fields.append(RecordField(name: property.name, type: property.type, offset: layout.stride))
      layout.stride += property.type.size
    }
    var walker = ElementWalker(source: source, isSwapped: isBig, offset: header.size)
    for element in header.elements[..<index] { try walker.walk(element) }
    let start = walker.offset
    try PromisedBytes(count: vertex.count, stride: layout.stride, available: source.size - start)
      .check(source.path)
    walker.offset += vertex.count * layout.stride
    for element in header.elements[(index + 1)...] { try walker.walk(element) }

    let records = RecordFile(source: source, layout: layout, start: start, count: vertex.count)
    let sample = try records.sample()
    try records.checkByteOrder(sample, named: header.encoding.rawValue)
    let roles = layout.roles
    let rule = PointRule(
      sample, storesDoubles: layout.storesDoubles, roles: Set(roles.keys), colorType: roles[.red]?.type)
    var payload = FilePayload(
      columns: try records.read(rule: rule, memoryLimit: memoryLimit), encoding: "PLY \(header.encoding.rawValue)",
      declaredPoints: vertex.count, storedAsDouble: layout.storesDoubles, fields: vertex.properties.map(\.name))
    payload.warnings = [sample.quantisationWarning].compactMap { $0 }
    if walker.offset < source.size {
      payload.warnings.append("\(source.size - walker.offset) bytes after the last \(header.lastRecordName)")
    }
    return payload
  }

  // MARK: ASCII

  private func readText(_ header: PLYHeader, _ index: Int) throws(CloudFileError) -> FilePayload {
    let vertex = header.elements[index]
    let lines = LineCursor(source, offset: header.size, line: header.lineCount)
    for element in header.elements[..<index] { try TextElement(element, lines).walk() }
    let names = vertex.properties.map(\.name)
    let available = source.size - lines.offset
    guard vertex.count <= (available + 1) / (2 * names.count) else {
      throw CloudFileError(
        .damaged, source.path,
        "header promises \(vertex.count) points, \(available) bytes follow: at most "
          + "\((available + 1) / (2 * names.count)) complete")
    }
    let roles = FieldRole.roles(of: names)
    let rows = TextRows(columns: names, separator: .blank, roles: roles)
    let sample = try rows.sample(source, from: lines.offset)
    let doubles = [FieldRole.x, .y, .z].contains { roles[$0].map { vertex.properties[$0].type.exceedsFloat } ?? false }
    let rule = PointRule(
      sample, storesDoubles: doubles, roles: Set(roles.keys),
      colorType: roles[.red].map { vertex.properties[$0].type })
    let file = TextFile(source: source, rows: rows, memoryLimit: memoryLimit)
    let read = try file.read(from: lines, rule: rule, promised: vertex.count)
    for element in header.elements[(index + 1)...] { try TextElement(element, lines).walk() }

    var payload = FilePayload(
      columns: read, encoding: "PLY ascii", declaredPoints: vertex.count, storedAsDouble: doubles, fields: names)
    payload.warnings = [sample.quantisationWarning].compactMap { $0 }
    if try lines.hasContent() {
      payload.warnings.append("\(source.size - lines.offset) bytes after the last \(header.lastRecordName)")
    }
    return payload
  }
}

extension PLYHeader {
  /// What the last record of the file is called in a message.
  fileprivate var lastRecordName: String {
    let last = elements.last { $0.count > 0 }?.name ?? "vertex"
    return last == "vertex" ? "point" : last
  }
}

/// A count of records against the bytes that are there.
struct PromisedBytes {
  let count: Int
  let stride: Int
  let available: Int
  var what = "points"

  /// Refuses a promise that the file cannot keep; nothing has been allocated yet.
  func check(_ path: String) throws(CloudFileError) {
    let (needed, overflow) = count.multipliedReportingOverflow(by: stride)
    if overflow || needed > available {
      let bytes = overflow ? "more bytes than can be counted" : "\(needed) bytes"
      throw CloudFileError(
        .damaged, path,
        "header promises \(count) \(what) (\(bytes)), \(available) bytes follow: \(available / max(1, stride)) complete"
      )
    }
  }
}
