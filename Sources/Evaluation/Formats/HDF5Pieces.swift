internal import CHDF5
import PointClouds

/// The numbers of one data set of an HDF5 file, which lie in one run or in pieces (chunks) of equal shape, packed or not.
///
/// Sizes are checked before memory is taken: at most 2^24 along an axis, at most 256 MB per piece and per result, and no more
/// than zlib could have packed into the file. A piece must unpack to exactly the bytes of its shape. Little-endian numbers of 1 to 8 bytes; packing by zlib, shuffling.
final class HDF5Pieces {
  /// How many numbers there are along each of 1 to 3 axes.
  let shape: [Int]
  /// Bytes of one number.
  let size: Int
  /// Whether these are whole numbers, not floats.
  let isInteger: Bool

  private let set: hid_t
  private let name: String
  private let path: String
  /// The shape of a piece; nil where the numbers lie in one run.
  private let piece: [Int]?
  private let filters: [H5Z_filter_t]
  private let fileSize: Int

  private static let limit = 256 << 20
  /// The most bytes that one byte of zlib stands for.
  private static let ratio = 1032

  /// Looks at an open data set and closes it when it goes away.
  init(_ set: hid_t, _ name: String, _ path: String, fileSize: Int) throws(CloudFileError) {
    (self.set, self.name, self.path, self.fileSize) = (set, name, path, fileSize)
    func fail(_ cause: String) -> CloudFileError { CloudFileError(.damaged, path, "'\(name)' \(cause)") }
    do throws(CloudFileError) {
      shape = try HDF5Pieces.shape(set, fail)
      (size, isInteger) = try HDF5Pieces.type(set, fail)
      let properties = H5Dget_create_plist(set)
      guard properties >= 0 else { throw fail("cannot be read") }
      defer { H5Pclose(properties) }
      switch H5Pget_layout(properties) {
      case H5D_CONTIGUOUS where H5Pget_external_count(properties) == 0: (piece, filters) = (nil, [])
      case H5D_CHUNKED:
        var sizes = [hsize_t](repeating: 0, count: shape.count)
        guard H5Pget_chunk(properties, Int32(sizes.count), &sizes) == Int32(sizes.count) else {
          throw fail("cannot be read")
        }
        guard let count = HDF5Pieces.product(sizes), count > 0, count <= HDF5Pieces.limit / 8 else {
          throw fail("is stored in pieces of shape \(sizes), which are too large")
        }
        piece = sizes.map(Int.init)
        filters = try HDF5Pieces.filters(properties, fail)
      default: throw fail("is neither stored in one run nor in pieces of this file, which is not read")
      }
    } catch {
      H5Dclose(set)
      throw error
    }
  }

  deinit { H5Dclose(set) }

  private typealias Failure = (String) -> CloudFileError

  private func error(_ cause: String) -> CloudFileError { CloudFileError(.damaged, path, "'\(name)' \(cause)") }

  private static func shape(_ set: hid_t, _ fail: Failure) throws(CloudFileError) -> [Int] {
    let space = H5Dget_space(set)
    guard space >= 0 else { throw fail("has no shape") }
    defer { H5Sclose(space) }
    let rank = Int(H5Sget_simple_extent_ndims(space))
    guard (1...3).contains(rank) else { throw fail("has \(max(rank, 0)) axes, 1 to 3 are expected") }
    var sizes = [hsize_t](repeating: 0, count: rank)
    guard H5Sget_simple_extent_dims(space, &sizes, nil) == Int32(rank), sizes.allSatisfy({ 1...(1 << 24) ~= $0 }) else {
      throw fail("has shape \(sizes)")
    }
    return sizes.map(Int.init)
  }

  private static func type(_ set: hid_t, _ fail: Failure) throws(CloudFileError) -> (size: Int, isInteger: Bool) {
    let type = H5Dget_type(set)
    guard type >= 0 else { throw fail("has no type") }
    defer { H5Tclose(type) }
    let kind = H5Tget_class(type)
    let size = Int(H5Tget_size(type))
    guard kind == H5T_FLOAT || kind == H5T_INTEGER, (1...8).contains(size), H5Tget_order(type) == H5T_ORDER_LE else {
      throw fail("does not hold plain little-endian numbers")
    }
    return (size, kind == H5T_INTEGER)
  }

  private static func filters(_ properties: hid_t, _ fail: Failure) throws(CloudFileError) -> [H5Z_filter_t] {
    var found: [H5Z_filter_t] = []
    for k in 0..<max(0, H5Pget_nfilters(properties)) {
      var (flags, count, configuration) = (UInt32(0), 0, UInt32(0))
      let filter = H5Pget_filter2(properties, UInt32(k), &flags, &count, nil, 0, nil, &configuration)
      guard filter == packing || filter == shuffling else {
        throw fail("is packed by filter \(filter); zlib and shuffling are read")
      }
      found.append(filter)
    }
    return found
  }

  /// H5Z_FILTER_DEFLATE and H5Z_FILTER_SHUFFLE, macros that Swift does not see.
  private static let (packing, shuffling): (H5Z_filter_t, H5Z_filter_t) = (1, 2)

  private static func product(_ sizes: [some BinaryInteger]) -> Int? {
    var count = 1
    for size in sizes {
      guard let factor = Int(exactly: size) else { return nil }
      let (product, isOver) = count.multipliedReportingOverflow(by: factor)
      if isOver { return nil }
      count = product
    }
    return count
  }

  /// The bytes of whole rows, the first axis counting rows.
  func bytes(rows: Range<Int>) throws(CloudFileError) -> [UInt8] {
    guard let count = Self.product([rows.count] + shape.dropFirst()), count <= Self.limit / size,
      count * size / Self.ratio <= fileSize
    else {
      throw error("of shape \(shape) is too large")
    }
    guard let piece else { return try run(rows, count * size) }
    // Three axes, whatever there are.
    let whole = shape + [Int](repeating: 1, count: 3 - shape.count)
    let part = piece + [Int](repeating: 1, count: 3 - piece.count)
    var out = [UInt8](repeating: 0, count: count * size)
    for x in stride(from: rows.lowerBound / part[0] * part[0], to: rows.upperBound, by: part[0]) {
      for y in stride(from: 0, to: whole[1], by: part[1]) {
        for z in stride(from: 0, to: whole[2], by: part[2]) {
          let bytes = try unpacked([x, y, z], part)
          let width = min(part[2], whole[2] - z) * size
          for i in max(x, rows.lowerBound)..<min(x + part[0], rows.upperBound) {
            for j in y..<min(y + part[1], whole[1]) {
              let from = ((i - x) * part[1] + j - y) * part[2] * size
              let to = (((i - rows.lowerBound) * whole[1] + j) * whole[2] + z) * size
              out.replaceSubrange(to..<(to + width), with: bytes[from..<(from + width)])
            }
          }
        }
      }
    }
    return out
  }

  /// Rows of a data set that lies in one run.
  private func run(_ rows: Range<Int>, _ count: Int) throws(CloudFileError) -> [UInt8] {
    let (space, type) = (H5Dget_space(set), H5Dget_type(set))
    guard space >= 0, type >= 0 else { throw error("cannot be read") }
    defer {
      H5Sclose(space)
      H5Tclose(type)
    }
    let start = [hsize_t(rows.lowerBound)] + shape.dropFirst().map { _ in 0 }
    let sizes = [hsize_t(rows.count)] + shape.dropFirst().map { hsize_t($0) }
    let memory = H5Screate_simple(Int32(sizes.count), sizes, nil)
    guard memory >= 0 else { throw error("cannot be read") }
    defer { H5Sclose(memory) }
    var bytes = [UInt8](repeating: 0, count: count)
    guard H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nil, sizes, nil) >= 0,
      bytes.withUnsafeMutableBytes({ H5Dread(set, type, memory, space, 0, $0.baseAddress) }) >= 0
    else { throw error("cannot be read; is the file complete?") }
    return bytes
  }

  /// The bytes of the piece that begins at a place, as many as its shape has.
  private func unpacked(_ place: [Int], _ part: [Int]) throws(CloudFileError) -> [UInt8] {
    let offset = place.prefix(shape.count).map { hsize_t($0) }
    let wanted = part[0] * part[1] * part[2] * size
    var stored = hsize_t(0)
    guard H5Dget_chunk_storage_size(set, offset, &stored) >= 0, stored > 0, stored <= UInt64(fileSize),
      UInt64(wanted / Self.ratio) <= stored
    else {
      throw error("has no piece at \(place) that fits its shape and the file")
    }
    var bytes = [UInt8](repeating: 0, count: Int(stored))
    var mask = UInt32(0)
    guard bytes.withUnsafeMutableBytes({ H5Dread_chunk(set, 0, offset, &mask, $0.baseAddress) }) >= 0, mask == 0 else {
      throw error("cannot be read at \(place); is the file complete?")
    }
    for filter in filters.reversed() {
      if filter == Self.packing {
        var length = uLongf(wanted)
        var plain = [UInt8](repeating: 0, count: wanted)
        guard uncompress(&plain, &length, bytes, uLong(bytes.count)) == Z_OK, length == uLongf(wanted) else {
          throw error("does not unpack at \(place); is the file damaged?")
        }
        bytes = plain
      } else {
        guard bytes.count == wanted else { throw error("has another size at \(place) than its shape") }
        // All first bytes of the numbers come first, then all second ones, …
        let (packed, count) = (bytes, wanted / size)
        for k in 0..<count { for b in 0..<size { bytes[k * size + b] = packed[b * count + k] } }
      }
    }
    guard bytes.count == wanted else { throw error("has another size at \(place) than its shape") }
    return bytes
  }
}
