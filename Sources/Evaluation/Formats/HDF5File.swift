internal import CHDF5
import PointClouds
import Synchronization

/// A file of models in HDF5: `data` of shape (models, points, 3) and `label` of shape (models, 1).
///
/// The library is not safe for threads, so one call at a time is made. Only plain data sets of this file are read: no links
/// to other files, no virtual data, and none whose pieces would take more than 256 MB.
struct HDF5File {
  let path: String

  private static let gate = Mutex(())
  private static let pieceLimit = 256 << 20

  /// A file with its path; it is opened by each call.
  init(_ path: String) { self.path = path }

  /// How many models there are.
  func count() throws(CloudFileError) -> Int {
    try run { (file: OpenFile) throws(CloudFileError) in try file.extent("data")[0] }
  }

  /// The label of each model; nil where the file has none.
  func labels() throws(CloudFileError) -> [Int]? {
    try run { (file: OpenFile) throws(CloudFileError) -> [Int]? in
      guard file.has("label") else { return nil }
      let shape = try file.extent("label")
      let values: [Int32] = try file.read("label", shape, row: nil, file.integers, zero: 0)
      return values.map(Int.init)
    }
  }

  /// The points of one model.
  func points(row: Int) throws(CloudFileError) -> [SIMD3<Float>] {
    try run { (file: OpenFile) throws(CloudFileError) in
      let shape = try file.extent("data")
      guard shape.count == 3, shape[2] == 3, shape[1] <= 1 << 20 else {
        throw file.error("data has shape \(shape), (models, points, 3) is expected")
      }
      guard (0..<shape[0]).contains(row) else { throw file.error("model \(row) of \(shape[0]) does not exist") }
      let values: [Float] = try file.read("data", shape, row: row, file.floats, zero: 0)
      return (0..<shape[1]).map { SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
    }
  }

  private func run<T: Sendable>(_ work: (OpenFile) throws(CloudFileError) -> T) throws(CloudFileError) -> T {
    // Missing, a folder, forbidden: said as everywhere else.
    _ = try FileKind(path)
    let result: Result<T, CloudFileError> = Self.gate.withLock { _ in
      do throws(CloudFileError) { return .success(try work(OpenFile(path))) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// An open file; closed when it goes away.
  private final class OpenFile {
    let path: String
    private let file: hid_t

    init(_ path: String) throws(CloudFileError) {
      self.path = path
      guard H5open() >= 0 else { throw CloudFileError(.io, path, "the HDF5 library does not start") }
      H5Eset_auto2(0, nil, nil)
      file = H5Fopen(path, 0, 0)
      guard file >= 0 else { throw CloudFileError(.damaged, path, "is no sound HDF5 file; is it complete?") }
    }

    deinit { H5Fclose(file) }

    var floats: hid_t { chdf5_native_float() }
    var integers: hid_t { chdf5_native_int32() }

    func error(_ cause: String) -> CloudFileError { CloudFileError(.damaged, path, cause) }

    /// Whether the file holds an object of its own under a name.
    func has(_ name: String) -> Bool {
      guard H5Lexists(file, name, 0) > 0 else { return false }
      var info = H5L_info_t()
      return H5Lget_info(file, name, &info, 0) >= 0 && info.type == H5L_TYPE_HARD
    }

    /// The shape of a data set, checked to be plain.
    func extent(_ name: String) throws(CloudFileError) -> [Int] {
      guard has(name) else { throw error("no data set '\(name)'") }
      let set = H5Dopen2(file, name, 0)
      guard set >= 0 else { throw error("'\(name)' is no data set") }
      defer { H5Dclose(set) }
      let space = H5Dget_space(set)
      guard space >= 0 else { throw error("'\(name)' has no shape") }
      defer { H5Sclose(space) }
      let rank = Int(H5Sget_simple_extent_ndims(space))
      guard (1...3).contains(rank) else { throw error("'\(name)' has \(max(rank, 0)) dimensions") }
      var sizes = [hsize_t](repeating: 0, count: rank)
      guard H5Sget_simple_extent_dims(space, &sizes, nil) == Int32(rank), sizes.allSatisfy({ 1...(1 << 24) ~= $0 })
      else {
        throw error("'\(name)' has sizes \(sizes)")
      }
      try checkStorage(set, name, rank)
      return sizes.map(Int.init)
    }

    private func checkStorage(_ set: hid_t, _ name: String, _ rank: Int) throws(CloudFileError) {
      let type = H5Dget_type(set)
      guard type >= 0 else { throw error("'\(name)' has no type") }
      defer { H5Tclose(type) }
      let kind = H5Tget_class(type)
      let size = H5Tget_size(type)
      guard kind == H5T_FLOAT || kind == H5T_INTEGER, (1...8).contains(size) else {
        throw error("'\(name)' does not hold plain numbers")
      }
      let properties = H5Dget_create_plist(set)
      guard properties >= 0 else { throw error("'\(name)' cannot be read") }
      defer { H5Pclose(properties) }
      let layout = H5Pget_layout(properties)
      guard H5Pget_external_count(properties) == 0, layout != H5D_VIRTUAL else {
        throw error("'\(name)' lies in other files, which is not read")
      }
      if layout == H5D_CHUNKED {
        var chunk = [hsize_t](repeating: 0, count: rank)
        guard H5Pget_chunk(properties, Int32(rank), &chunk) == Int32(rank) else {
          throw error("'\(name)' cannot be read")
        }
        var bytes = UInt64(size)
        for length in chunk {
          let (product, isOver) = bytes.multipliedReportingOverflow(by: UInt64(length))
          guard !isOver, product <= UInt64(HDF5File.pieceLimit) else {
            throw error("'\(name)' is stored in pieces of \(chunk) numbers, which are too large")
          }
          bytes = product
        }
      }
    }

    /// All numbers of a data set, or those of one row.
    func read<Number>(
      _ name: String, _ shape: [Int], row: Int?, _ type: hid_t, zero: Number
    ) throws(CloudFileError) -> [Number] {
      var (start, sizes) = (shape.map { _ in hsize_t(0) }, shape.map { hsize_t($0) })
      if let row { (start[0], sizes[0]) = (hsize_t(row), 1) }
      var count = 1
      for size in sizes {
        let (product, isOver) = count.multipliedReportingOverflow(by: Int(size))
        guard !isOver, product <= HDF5File.pieceLimit / 4 else {
          throw error("'\(name)' of shape \(shape) is too large")
        }
        count = product
      }
      let set = H5Dopen2(file, name, 0)
      guard set >= 0 else { throw error("'\(name)' is no data set") }
      defer { H5Dclose(set) }
      let space = H5Dget_space(set)
      guard space >= 0 else { throw error("'\(name)' has no shape") }
      defer { H5Sclose(space) }
      let memory = H5Screate_simple(Int32(sizes.count), sizes, nil)
      guard memory >= 0, H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nil, sizes, nil) >= 0 else {
        throw error("'\(name)' cannot be read")
      }
      defer { H5Sclose(memory) }
      var values = [Number](repeating: zero, count: count)
      let status = values.withUnsafeMutableBytes { H5Dread(set, type, memory, space, 0, $0.baseAddress) }
      guard status >= 0 else { throw error("'\(name)' cannot be read; is the file complete?") }
      return values
    }
  }
}
