import Geometry

/// Reads PCD: the gate in front of the decoder.
struct PCDFile {
  let source: ByteSource
  let memoryLimit: Int

  func read() throws(CloudFileError) -> FilePayload {
    let header = try PCDHeader(source)
    try FieldRole.checkCoordinates(header.fields.map(\.name), word: "field", path: source.path)
    switch header.encoding {
    case .ascii: return try readText(header)
    case .binary: return try readBinary(header)
    case .compressed: return try readCompressed(header)
    }
  }

  private func payload(_ header: PCDHeader, _ columns: PointColumns, doubles: Bool) -> FilePayload {
    FilePayload(
      columns: columns, encoding: "PCD \(header.encoding.rawValue)", declaredPoints: header.points,
      storedAsDouble: doubles, fields: header.fields.map(\.name).filter { $0 != "_" },
      sensorPosition: header.sensorPosition)
  }

  private func readBinary(_ header: PCDHeader) throws(CloudFileError) -> FilePayload {
    let layout = header.layout(of: header.fields)
    let available = source.size - header.size
    try PromisedBytes(count: header.points, stride: layout.stride, available: available).check(source.path)
    let records = RecordFile(source: source, layout: layout, start: header.size, count: header.points)
    let sample = try records.sample()
    try records.checkByteOrder(sample, named: "binary, which is little-endian")
    let columns = try records.read(rule: rule(sample, layout), memoryLimit: memoryLimit)
    var payload = payload(header, columns, doubles: layout.storesDoubles)
    payload.warnings = [sample.quantisationWarning].compactMap { $0 }
    let extra = available - header.points * layout.stride
    if extra > 0 { payload.warnings.append("\(extra) bytes after the last point") }
    return payload
  }

  private func rule(_ sample: PointSample, _ layout: RecordLayout) -> PointRule {
    let roles = layout.roles
    return PointRule(
      sample, storesDoubles: layout.storesDoubles, roles: Set(roles.keys), colorType: roles[.red]?.type)
  }

  /// The whole payload is one LZF stream, field after field; both of its sizes are checked before anything is allocated.
  private func readCompressed(_ header: PCDHeader) throws(CloudFileError) -> FilePayload {
    let available = source.size - header.size
    guard available >= 8 else {
      throw CloudFileError(
        .damaged, source.path, "header promises \(header.points) points, \(available) bytes follow: 0 complete")
    }
    let sizes = try source.read(header.size..<header.size + 8).withUnsafeBytes {
      ($0.loadUnaligned(as: UInt32.self), $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    }
    let (packed, unpacked) = (Int(sizes.0), Int(sizes.1))
    // PCL's writer leaves padding out of compressed files, others keep it.
    var layout = header.layout(of: header.fields)
    if unpacked != header.points * layout.stride {
      layout = header.layout(of: header.fields.filter { $0.name != "_" })
    }
    guard unpacked == header.points * layout.stride else {
      throw CloudFileError(
        .damaged, source.path,
        "compressed payload claims \(unpacked) bytes, \(header.points) points of "
          + "\(header.layout(of: header.fields).stride) bytes are promised")
    }
    guard packed <= available - 8 else {
      throw CloudFileError(
        .damaged, source.path,
        "header promises \(header.points) points in \(packed) compressed bytes, \(available - 8) bytes follow")
    }
    guard packed > 0, unpacked <= packed * 255 else {
      throw CloudFileError(
        .damaged, source.path, "compressed payload claims to grow from \(packed) to \(unpacked) bytes, over 255:1")
    }
    // The roles are known before the payload is: this estimate needs no sample.
    let blind = rule(PointSample(points: []), layout)
    let extra = 2 * packed + 2 * unpacked
    try MemoryEstimate(points: header.points, rule: blind, extra: extra, path: source.path).check(memoryLimit)
    let bytes = try source.read(header.size..<header.size + 8 + packed)
    let records = try PCLRecords(
      header: .pcd(layout, count: header.points, compressed: true), payload: bytes, path: source.path)
    try records.require(count: header.points, layout: layout, path: source.path)

    let step = max(1, header.points / 4096)
    var sampled: [UInt8] = []
    for k in stride(from: 0, to: header.points, by: step) {
      sampled += UnsafeRawBufferPointer(start: records.base + k * layout.stride, count: layout.stride)
    }
    let sample = PointSample(sampled, layout: layout)
    let rule = rule(sample, layout)
    guard let decoder = RecordDecoder(layout, rule: rule) else {
      throw CloudFileError(.damaged, source.path, "no x, y, z")
    }
    var columns = PointColumns(rule, capacity: header.points)
    let block = 1 << 17
    for first in stride(from: 0, to: header.points, by: block) {
      columns.append(
        decoder.decode(records.base + first * layout.stride, count: min(block, header.points - first)))
    }
    var payload = payload(header, columns, doubles: layout.storesDoubles)
    payload.warnings = [sample.quantisationWarning].compactMap { $0 }
    let left = available - 8 - packed
    if left > 0 { payload.warnings.append("\(left) bytes after the last point") }
    return payload
  }

  private func readText(_ header: PCDHeader) throws(CloudFileError) -> FilePayload {
    // A field of several numbers takes as many columns; only the first one has its name.
    var names: [String] = []
    var types: [ScalarType] = []
    for field in header.fields {
      names += (0..<field.count).map { $0 == 0 ? field.name : "\(field.name)[\($0)]" }
      types += Array(repeating: field.type, count: field.count)
    }
    let available = source.size - header.size
    guard header.points <= (available + 1) / (2 * names.count) else {
      throw CloudFileError(
        .damaged, source.path,
        "header promises \(header.points) points, \(available) bytes follow: at most "
          + "\((available + 1) / (2 * names.count)) complete")
    }
    let roles = FieldRole.roles(of: names)
    var rows = TextRows(columns: names, separator: .blank, roles: roles)
    rows.packedIsFloat = roles[.packedColor].map { types[$0] == .float32 } ?? false
    let sample = try rows.sample(source, from: header.size)
    let doubles = [FieldRole.x, .y, .z].contains { roles[$0].map { types[$0].exceedsFloat } ?? false }
    let rule = PointRule(
      sample, storesDoubles: doubles, roles: Set(roles.keys), colorType: roles[.red].map { types[$0] })
    let lines = LineCursor(source, offset: header.size, line: header.lineCount)
    let file = TextFile(source: source, rows: rows, memoryLimit: memoryLimit)
    let columns = try file.read(from: lines, rule: rule, promised: header.points)
    var payload = payload(header, columns, doubles: doubles)
    payload.warnings = [sample.quantisationWarning].compactMap { $0 }
    if try lines.hasContent() {
      payload.warnings.append("\(source.size - lines.offset) bytes after the last point")
    }
    return payload
  }
}

extension PCDHeader {
  /// The layout of binary records made of some of the fields; only scalars get a name.
  func layout(of fields: [Field]) -> RecordLayout {
    var layout = RecordLayout(fields: [], stride: 0)
    for field in fields {
      if field.count == 1, field.name != "_" {
        layout.fields.append(RecordField(name: field.name, type: field.type, offset: layout.stride))
      }
      layout.stride += field.size
    }
    return layout
  }
}
