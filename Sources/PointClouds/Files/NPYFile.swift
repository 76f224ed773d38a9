import Geometry
import Parallelism

/// Reads NumPy arrays of shape (N, 3 or more), or (3, N) with N of at least ten, in C or Fortran order.
struct NPYFile {
  let source: ByteSource
  let memoryLimit: Int

  func read() throws(CloudFileError) -> FilePayload {
    let header = try NPYHeader(source)
    let shown = "(\(header.shape.map(String.init).joined(separator: ", ")))"
    guard header.shape.count == 2 else {
      throw CloudFileError(.damaged, source.path, "shape \(shown) is not read; (N, 3) expected")
    }
    var notes: [String] = []
    // Few rows of three values each are points, not coordinates.
    let isTransposed = header.shape[0] == 3 && header.shape[1] >= 10
    if header.shape[0] == 3, !isTransposed { notes.append("shape \(shown) is read as 3 points, not as 3 coordinates") }
    let (count, columns) = isTransposed ? (header.shape[1], 3) : (header.shape[0], header.shape[1])
    guard count > 0 else { throw CloudFileError(.unusable, source.path, "no points (shape \(shown))") }
    guard columns >= 3, columns <= PLYHeader.maximumProperties else {
      throw CloudFileError(.damaged, source.path, "no x, y, z: shape \(shown), (N, 3) expected")
    }
    guard count <= 1 << 31 else {
      throw CloudFileError(.damaged, source.path, "count out of range: \(count) points, at most 2^31 are read")
    }
    let rowSize = columns * header.type.size
    let available = source.size - header.size
    try PromisedBytes(count: count, stride: rowSize, available: available).check(source.path)

    let table = Table(
      source: source, header: header, count: count, columns: columns,
      isByColumns: header.isFortran != isTransposed)
    var payload = try table.read(memoryLimit)
    payload.encoding = "NPY \(header.description) \(shown)\(header.isFortran ? " fortran order" : "")"
    payload.notes = notes + payload.notes
    if available > count * rowSize {
      payload.warnings.append("\(available - count * rowSize) bytes after the last point")
    }
    return payload
  }
}

/// Numbers of one type in rows or in columns.
private struct Table {
  let source: ByteSource
  let header: NPYHeader
  let count: Int
  let columns: Int
  /// Whether all values of the first column come first.
  let isByColumns: Bool

  func read(_ memoryLimit: Int) throws(CloudFileError) -> FilePayload {
    var names = ["x", "y", "z"]
    var note: String?
    if columns > 3 {
      let guess = ColumnGuess(try sampleRows(), columns: columns)
      (names, note) = (guess.names, guess.note)
    }
    let size = header.type.size
    let layout = RecordLayout(
      fields: names.indices.map { RecordField(name: names[$0], type: header.type, offset: $0 * size) },
      stride: columns * size, isSwapped: header.isSwapped)
    let records = RecordFile(source: source, layout: layout, start: header.size, count: count, decoding: .none)
    let sample = isByColumns ? PointSample(try gather(sampleRange), layout: layout) : try records.sample()
    var other = layout
    other.isSwapped.toggle()
    let swapped =
      isByColumns ? PointSample(try gather(sampleRange), layout: other) : try records.sample(swapped: other.isSwapped)
    if sample.isImplausible(comparedWith: swapped) {
      throw CloudFileError(
        .damaged, source.path,
        "values up to \(PointSample.short(sample.largestValue, digits: 1)); wrong endianness? The header says "
          + header.description)
    }
    let roles = layout.roles
    let rule = PointRule(
      sample, storesDoubles: layout.storesDoubles, roles: Set(roles.keys), colorType: header.type)
    let points =
      isByColumns ? try readColumns(rule, layout, memoryLimit) : try records.read(rule: rule, memoryLimit: memoryLimit)
    return FilePayload(
      columns: points, encoding: "", declaredPoints: count, storedAsDouble: layout.storesDoubles, fields: names,
      warnings: [sample.quantisationWarning].compactMap { $0 }, notes: [note].compactMap { $0 })
  }

  private var sampleRange: Range<Int> { 0..<min(4096, count) }

  /// The first rows, for a guess of what the columns mean.
  private func sampleRows() throws(CloudFileError) -> [[Double]] {
    let bytes = try gather(sampleRange)
    let size = header.type.size
    return bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return [] }
      return sampleRange.map { row in
        (0..<columns).map { column in
          let p = base + (row * columns + column) * size
          return header.isSwapped ? header.type.loadSwapped(p) : header.type.load(p)
        }
      }
    }
  }

  /// The rows of a range, one after the other.
  private func gather(_ range: Range<Int>) throws(CloudFileError) -> [UInt8] {
    let size = header.type.size
    if !isByColumns {
      return try source.read(
        header.size + range.lowerBound * columns * size..<header.size + range.upperBound * columns * size)
    }
    var rows = [UInt8](repeating: 0, count: range.count * columns * size)
    for column in 0..<columns {
      let start = header.size + (column * count + range.lowerBound) * size
      let bytes = try source.read(start..<start + range.count * size)
      for row in 0..<range.count {
        for k in 0..<size { rows[(row * columns + column) * size + k] = bytes[row * size + k] }
      }
    }
    return rows
  }

  private func readColumns(
    _ rule: PointRule, _ layout: RecordLayout, _ memoryLimit: Int
  ) throws(CloudFileError) -> PointColumns {
    try MemoryEstimate(points: count, rule: rule, path: source.path).check(memoryLimit)
    guard let decoder = RecordDecoder(layout, rule: rule) else {
      throw CloudFileError(.damaged, source.path, "no x, y, z")
    }
    var points = PointColumns(rule, capacity: count)
    let block = max(1, min(1 << 16, (2 << 20) / layout.stride))
    for first in stride(from: 0, to: count, by: block) {
      let range = first..<min(count, first + block)
      let bytes = try gather(range)
      points.append(
        bytes.withUnsafeBytes { buffer in
          buffer.baseAddress.map { decoder.decode($0, count: range.count) } ?? PointBlock()
        })
    }
    return points
  }
}
