import Geometry
import Glibc

/// How the rows of a text file are cut into columns and what these mean.
struct TextRows: Sendable {
  /// What stands between two values.
  enum Separator: Sendable, Equatable {
    /// One or more blanks or tabs.
    case blank
    /// This byte, with blanks around it allowed.
    case byte(UInt8)
  }

  /// The names of the columns.
  var columns: [String]
  var separator: Separator
  /// The column of every role.
  var roles: [FieldRole: Int]
  /// Whether lines that start with `#` or `//` are skipped and columns without a role may hold text.
  var isLoose = false
  /// Whether a packed colour is written as the 32-bit float that has its bits.
  var packedIsFloat = false

  /// The points of some whole lines, up to `limit` of them or the first line that is wrong.
  struct Outcome: Sendable {
    var block: PointBlock
    var rows = 0
    var lines = 0
    var consumed = 0
    /// What is wrong with the line after the last one counted, to stand behind its number, and whether it merely ends early.
    var failure: String?
    var failureIsShort = false
  }

  func parse(_ bytes: UnsafeBufferPointer<UInt8>, rule: PointRule, limit: Int) -> Outcome {
    var out = Outcome(block: PointBlock())
    guard let base = bytes.baseAddress else { return out }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: columns.count) { values in
      values.initialize(repeating: 0)
      while out.consumed < bytes.count, out.rows < limit {
        let start = base + out.consumed
        let rest = bytes.count - out.consumed
        let found = memchr(start, 10, rest)
        let length = found.map { UnsafeRawPointer(start).distance(to: UnsafeRawPointer($0)) } ?? rest
        if length > LineCursor.maximumLength {
          out.failure = ": line too long, over 1 MiB; is this a point cloud?"
          return
        }
        let line = UnsafeBufferPointer(start: start, count: length)
        if !isSkipped(line) {
          var isShort = false
          if let failure = split(line, into: values, &isShort) {
            (out.failure, out.failureIsShort) = (failure, isShort)
            return
          }
          append(values, rule, &out.block)
          out.rows += 1
        }
        out.lines += 1
        out.consumed += min(rest, length + 1)
      }
    }
    return out
  }

  /// Whether a line holds no row.
  private func isSkipped(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    var k = 0
    while k < line.count, line[k] == 32 || line[k] == 9 || line[k] == 13 { k += 1 }
    if k == line.count { return true }
    return isLoose && (line[k] == 0x23 || (line[k] == 0x2F && k + 1 < line.count && line[k + 1] == 0x2F))
  }

  /// The bounds of the value that starts at or after `k`; moves `k` behind it and its separator.
  @inline(__always)
  private func nextToken(_ line: UnsafeBufferPointer<UInt8>, _ k: inout Int) -> Range<Int>? {
    func isBlank(_ b: UInt8) -> Bool { b == 32 || b == 9 || b == 13 }
    switch separator {
    case .blank:
      while k < line.count, isBlank(line[k]) { k += 1 }
      if k == line.count { return nil }
      let start = k
      while k < line.count, !isBlank(line[k]) { k += 1 }
      return start..<k
    case .byte(let byte):
      if k > line.count { return nil }
      var (start, stop) = (k, k)
      while stop < line.count, line[stop] != byte { stop += 1 }
      // A separator at the very end of the line closes the last value instead of opening an empty one.
      k = stop + 1
      let isLast = stop >= line.count
      while start < stop, isBlank(line[start]) { start += 1 }
      while stop > start, isBlank(line[stop - 1]) { stop -= 1 }
      if isLast, start == stop { return nil }
      if stop - start >= 2, line[start] == 0x22, line[stop - 1] == 0x22 { (start, stop) = (start + 1, stop - 1) }
      return start..<stop
    }
  }

  /// Parses a line; returns what is wrong with it.
  private func split(
    _ line: UnsafeBufferPointer<UInt8>, into values: UnsafeMutableBufferPointer<Double>, _ isShort: inout Bool
  ) -> String? {
    guard let base = line.baseAddress else { return nil }
    var (k, column) = (0, 0)
    var wrong: Int?
    var wrongToken = 0..<0
    while let token = nextToken(line, &k) {
      if column < columns.count {
        if let value = NumberScanner.parse(base + token.lowerBound, token.count) {
          values[column] = value
        } else if wrong == nil, !isLoose || roles.values.contains(column) {
          (wrong, wrongToken) = (column, token)
        } else {
          values[column] = .nan
        }
      }
      column += 1
    }
    if let wrong {
      let text = line[wrongToken]
      return ", column \(columns[wrong]): \(CloudFileError.quoted(text))\(NumberScanner.hint(text))"
    }
    if column != columns.count {
      isShort = column < columns.count
      return ": \(column) \(column == 1 ? "value" : "values"), \(columns.count) expected"
    }
    return nil
  }

  private func append(
    _ values: UnsafeMutableBufferPointer<Double>, _ rule: PointRule, _ block: inout PointBlock
  ) {
    func value(_ role: FieldRole) -> Double { roles[role].map { values[$0] } ?? 0 }
    let p = rule.local(Point3(value(.x), value(.y), value(.z)))
    guard p.isFinite else {
      block.drop()
      return
    }
    block.positions.append(p)
    if rule.hasNormals {
      block.normals.append(PointRule.unit(SIMD3<Float>(Point3(value(.normalX), value(.normalY), value(.normalZ)))))
    }
    if rule.hasIntensity { block.intensities.append(Float(value(.intensity))) }
    if rule.hasTimes { block.times.append(value(.time)) }
    guard rule.hasColors else { return }
    if roles[.red] != nil {
      block.colors.append(
        SIMD3(rule.channel(value(.red)), rule.channel(value(.green)), rule.channel(value(.blue))))
    } else {
      block.colors.append(PointRule.unpack(packedBits(value(.packedColor))))
    }
  }

  private func packedBits(_ value: Double) -> UInt32 {
    if packedIsFloat { return Float(value).bitPattern }
    return value.isFinite && abs(value) < 0x1p53 ? UInt32(truncatingIfNeeded: Int64(value)) : 0
  }

  /// The values of the first rows at a place in the file, at most 4096 of them from 1 MiB; wrong lines are left out.
  func firstRows(_ source: ByteSource, from offset: Int) throws(CloudFileError) -> [[Double]] {
    let bytes = try source.read(offset..<min(source.size, offset + (1 << 20)))
    return bytes.withUnsafeBufferPointer { buffer in
      var rows: [[Double]] = []
      withUnsafeTemporaryAllocation(of: Double.self, capacity: columns.count) { values in
        values.initialize(repeating: 0)
        var place = 0
        while place < buffer.count, rows.count < 4096 {
          let stop = buffer[place...].firstIndex(of: 10) ?? buffer.count
          let line = UnsafeBufferPointer(rebasing: buffer[place..<stop])
          var isShort = false
          if !isSkipped(line), split(line, into: values, &isShort) == nil { rows.append(Array(values)) }
          place = stop + 1
        }
      }
      return rows
    }
  }

  /// A sample of the points at a place in the file.
  func sample(_ source: ByteSource, from offset: Int) throws(CloudFileError) -> PointSample {
    sample(of: try firstRows(source, from: offset))
  }

  /// A sample of the points in some rows.
  func sample(of rows: [[Double]]) -> PointSample {
    guard let x = roles[.x], let y = roles[.y], let z = roles[.z] else { return PointSample(points: []) }
    let colors = [FieldRole.red, .green, .blue].compactMap { roles[$0] }
    return PointSample(
      points: rows.map { Point3($0[x], $0[y], $0[z]) },
      largestColor: rows.reduce(0) { m, row in colors.reduce(m) { max($0, row[$1]) } })
  }
}
