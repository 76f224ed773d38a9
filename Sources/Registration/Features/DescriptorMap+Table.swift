/// The table that a map is kept in: lines of text that say what it is, then the numbers.
///
///     plumb descriptor map 1
///     descriptor format 1
///     values 426 to 64
///     # command plumb train descriptor ...      (provenance, any number of lines)
///     numbers
///
/// After the last line, little-endian, for μ and then for every row of W: the scale as a 32-bit float, and the numbers
/// divided by it as 16-bit integers, the largest of them at ±32767.
extension DescriptorMap {
  /// The first line of a table.
  private static let title = "plumb descriptor map 1"
  /// The most values of a descriptor that a table may state.
  private static let largestDimension = 1 << 14

  /// The map that comes with Plumb, for rooms, streets and objects; its ``provenance`` says how it was fitted.
  public static let shipped: DescriptorMap = {
    do throws(DescriptorMapError) {
      let map = try DescriptorMap(table: PackageResources.shipped_map)
      try map.check(DescriptorExtractor(voxel: 1))
      return map
    } catch {
      preconditionFailure("the descriptor map of this build: \(error)")
    }
  }()

  /// The map rounded as its table holds it.
  public var table: [UInt8] {
    var lines = [Self.title, "descriptor format \(format)", "values \(inputDimension) to \(dimension)"]
    lines += provenance.map { "# \($0)" } + ["numbers"]
    var bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    for k in -1..<dimension {
      let row = k < 0 ? mean[...] : matrix[k * inputDimension..<(k + 1) * inputDimension]
      let scale = (row.map { abs($0) }.max() ?? 0) / 32767
      withUnsafeBytes(of: scale.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      for value in row {
        let whole = scale > 0 ? Int16(max(-32767, min(32767, (value / scale).rounded()))) : 0
        withUnsafeBytes(of: whole.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  /// Reads a table.
  /// - Throws: ``DescriptorMapError`` with the line and what is wrong with it.
  public init(table bytes: [UInt8]) throws(DescriptorMapError) {
    var (rest, line) = (bytes[...], 0)
    func nextLine() throws(DescriptorMapError) -> String {
      line += 1
      guard let end = rest.prefix(4096).firstIndex(of: 10) else {
        throw DescriptorMapError("line \(line): does not end, a descriptor map is expected")
      }
      defer { rest = rest[(end + 1)...] }
      return String(decoding: rest[..<end], as: UTF8.self)
    }
    guard try nextLine() == Self.title else {
      throw DescriptorMapError("line 1: is not \"\(Self.title)\", a descriptor map is expected")
    }
    let words = try nextLine().split(separator: " ")
    guard words.count == 3, words[0] == "descriptor", words[1] == "format", let format = Int(words[2]) else {
      throw DescriptorMapError("line 2: is not \"descriptor format NUMBER\"")
    }
    let sizes = try nextLine().split(separator: " ")
    guard sizes.count == 4, sizes[0] == "values", sizes[2] == "to", let n = Int(sizes[1]), let d = Int(sizes[3]),
      1...Self.largestDimension ~= n, 1...n ~= d
    else { throw DescriptorMapError("line 3: is not \"values MANY to FEW\"") }
    var provenance: [String] = []
    while true {
      let text = try nextLine()
      if text == "numbers" { break }
      guard text.hasPrefix("# ") else { throw DescriptorMapError("line \(line): neither a remark nor \"numbers\"") }
      provenance.append(String(text.dropFirst(2)))
    }
    let expected = (d + 1) * (4 + 2 * n)
    guard rest.count == expected else {
      throw DescriptorMapError("\(rest.count) bytes of numbers, \(expected) are expected for \(n) to \(d) values")
    }
    let numbers = Self.numbers(rest, rows: d + 1, columns: n)
    try self.init(
      format: format, mean: Array(numbers[..<n]), matrix: Array(numbers[n...]), provenance: provenance)
  }

  /// The numbers of rows that each start with their scale.
  private static func numbers(_ bytes: ArraySlice<UInt8>, rows: Int, columns: Int) -> [Float] {
    bytes.withUnsafeBytes { bytes in
      var result: [Float] = []
      result.reserveCapacity(rows * columns)
      for r in 0..<rows {
        let at = r * (4 + 2 * columns)
        let bits = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
        let scale = Float(bitPattern: bits)
        for k in 0..<columns {
          let whole = Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 4 + 2 * k, as: Int16.self))
          result.append(Float(whole) * scale)
        }
      }
      return result
    }
  }
}
