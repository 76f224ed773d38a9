import Geometry
import Parallelism

/// Counted binary records inside a file whose header has been checked.
struct RecordFile {
  /// How the bytes of a block become records that lie as the layout says.
  enum Decoding {
    /// Through PCL, which also brings the other byte order into the machine's.
    case pcl
    /// They already do.
    case none
  }

  let source: ByteSource
  let layout: RecordLayout
  let start: Int
  let count: Int
  var decoding = Decoding.pcl

  /// At most 4096 points from 64 places spread over the file.
  func sample(swapped: Bool? = nil) throws(CloudFileError) -> PointSample {
    var bytes: [UInt8] = []
    let windows = min(64, count)
    for k in 0..<windows {
      let first = count / windows * k
      let last = min(count, first + 64, k + 1 < windows ? count / windows * (k + 1) : count)
      bytes += try source.read(start + first * layout.stride..<start + last * layout.stride)
    }
    var layout = layout
    if let swapped { layout.isSwapped = swapped }
    return PointSample(bytes, layout: layout)
  }

  /// Refuses records that make sense only in the byte order that the header does not name.
  func checkByteOrder(_ sample: PointSample, named order: String) throws(CloudFileError) {
    if sample.isImplausible(comparedWith: try self.sample(swapped: !layout.isSwapped)) {
      let largest = PointSample.short(sample.largestValue, digits: 1)
      throw CloudFileError(
        .damaged, source.path, "values up to \(largest); wrong endianness? The header says \(order)")
    }
  }

  /// The points under a rule. Memory beyond the result: a few blocks of at most 2 MiB per thread.
  func read(rule: PointRule, memoryLimit: Int) throws(CloudFileError) -> PointColumns {
    try MemoryEstimate(points: count, rule: rule, path: source.path).check(memoryLimit)
    var native = layout
    if decoding == .pcl { native.isSwapped = false }
    guard let decoder = RecordDecoder(native, rule: rule) else {
      throw CloudFileError(.damaged, source.path, "no x, y, z")
    }
    var columns = PointColumns(rule, capacity: count)
    let blockSize = max(1, min(1 << 17, (2 << 20) / layout.stride))
    let batch = 4 * Parallel.threads
    let blocks = (count + blockSize - 1) / blockSize
    for firstBlock in stride(from: 0, to: blocks, by: batch) {
      let results = Parallel.map(min(batch, blocks - firstBlock), grain: 1) { k in
        let first = (firstBlock + k) * blockSize
        return block(first..<min(count, first + blockSize), decoder)
      }
      for result in results { columns.append(try result.get()) }
    }
    return columns
  }

  private func block(_ range: Range<Int>, _ decoder: RecordDecoder) -> Result<PointBlock, CloudFileError> {
    do throws(CloudFileError) {
      let bytes = try source.read(start + range.lowerBound * layout.stride..<start + range.upperBound * layout.stride)
      switch decoding {
      case .none:
        return .success(
          bytes.withUnsafeBytes { buffer in
            buffer.baseAddress.map { decoder.decode($0, count: range.count) } ?? PointBlock()
          })
      case .pcl:
        let header = layout.isSwapped ? try plyHeader(range.count) : CanonicalHeader.pcd(layout, count: range.count)
        let records = try PCLRecords(header: header, payload: bytes, path: source.path)
        try records.require(count: range.count, layout: layout, path: source.path)
        return .success(decoder.decode(records.base, count: range.count))
      }
    } catch {
      return .failure(error)
    }
  }

  private func plyHeader(_ count: Int) throws(CloudFileError) -> CanonicalHeader {
    guard let header = CanonicalHeader.bigEndianPLY(layout, count: count) else {
      throw CloudFileError(.damaged, source.path, "a field of a type that PLY lacks")
    }
    return header
  }
}

/// What reading will take, said before it is taken.
struct MemoryEstimate {
  let path: String
  let bytes: Int
  let points: Int

  /// For points that arrive in blocks, with `extra` bytes beside them.
  init(points: Int, rule: PointRule, extra: Int = 0, path: String) {
    self.path = path
    self.points = points
    // Blocks in flight and the decoder's copies of them.
    let blocks = min(1 << 26, points.multipliedReportingOverflow(by: 128).partialValue)
    bytes = points * rule.bytesPerPoint + extra + blocks
  }

  /// Refuses what exceeds the limit.
  func check(_ limit: Int) throws(CloudFileError) {
    if bytes > limit {
      throw CloudFileError(
        .memoryLimit, path,
        "\(points) points need about \(MemoryBudget.words(bytes)), the limit is \(MemoryBudget.words(limit)); "
          + "raise --max-memory or thin the file")
    }
  }
}
