/// Reads tables of numbers in text: XYZ, TXT, CSV, PTS.
struct TableFile {
  let source: ByteSource
  let memoryLimit: Int

  func read() throws(CloudFileError) -> FilePayload {
    let header = try TableHeader(source)
    let rows = header.rows
    let sample = try rows.sample(source, from: header.offset)
    // Digits hold as much as a double does, and colours with a fraction may span 0...1.
    let rule = PointRule(sample, storesDoubles: true, roles: Set(rows.roles.keys), colorType: .float64)
    let lines = LineCursor(source, offset: header.offset, line: header.lineCount)
    let file = TextFile(source: source, rows: rows, memoryLimit: memoryLimit)
    let columns = try file.read(from: lines, rule: rule, promised: nil)
    guard columns.seen > 0 else { throw CloudFileError(.unusable, source.path, "no points: no row of numbers") }
    if let promised = header.promised, columns.seen < promised {
      throw CloudFileError(
        .damaged, source.path, "header promises \(promised) points, \(columns.seen) complete")
    }
    var payload = FilePayload(
      columns: columns, encoding: TableFile.name(rows.separator), declaredPoints: columns.seen, storedAsDouble: true,
      fields: rows.columns, notes: header.notes)
    payload.warnings = [sample.quantisationWarning].compactMap { $0 }
    if let promised = header.promised, columns.seen > promised {
      payload.warnings.append("first line promises \(promised) points, \(columns.seen) follow")
    }
    return payload
  }

  private static func name(_ separator: TextRows.Separator) -> String {
    switch separator {
    case .blank: "XYZ text"
    case .byte(9): "CSV text, tab"
    case .byte(let byte): "CSV text, \(byte == 0x3B ? "semicolon" : "comma")"
    }
  }
}
