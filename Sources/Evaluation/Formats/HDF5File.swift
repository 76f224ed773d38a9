internal import CHDF5
import PointClouds
import Synchronization

/// A file of models in HDF5: `data` of shape (models, points, 3) and `label` of shape (models, 1).
///
/// The library is not safe for threads, so one call at a time is made. It finds the data; their pieces are unpacked by
/// ``HDF5Pieces``, because the library trusts what a damaged file says of their size. Only numbers in the file itself are
/// read: no links to other files and no virtual data.
struct HDF5File {
  let path: String

  private static let gate = Mutex(())

  /// A file with its path; it is opened by each call.
  init(_ path: String) { self.path = path }

  /// How many models there are.
  func count() throws(CloudFileError) -> Int {
    try run { (file: OpenHDF5) throws(CloudFileError) in
      let count = try file.dataSet("data").shape[0]
      guard count <= 1 << 17 else { throw file.error("\(count) models are more than \(1 << 17)") }
      return count
    }
  }

  /// The label of each model; nil where the file has none.
  func labels() throws(CloudFileError) -> [Int]? {
    try run { (file: OpenHDF5) throws(CloudFileError) -> [Int]? in
      guard file.has("label") else { return nil }
      let set = try file.dataSet("label")
      guard set.isInteger else { throw file.error("'label' does not hold whole numbers") }
      let bytes = try set.bytes(rows: 0..<set.shape[0])
      return stride(from: 0, to: bytes.count, by: set.size).map { start in
        // Labels are small and not negative: the lowest byte tells.
        Int(bytes[start])
      }
    }
  }

  /// The points of one model.
  func points(row: Int) throws(CloudFileError) -> [SIMD3<Float>] {
    try run { (file: OpenHDF5) throws(CloudFileError) in
      let set = try file.dataSet("data")
      guard set.shape.count == 3, set.shape[2] == 3, set.shape[1] <= 1 << 20 else {
        throw file.error("data has shape \(set.shape), (models, points, 3) is expected")
      }
      guard !set.isInteger, set.size == 4 else { throw file.error("'data' does not hold 32-bit floats") }
      guard (0..<set.shape[0]).contains(row) else { throw file.error("model \(row) of \(set.shape[0]) does not exist") }
      let bytes = try set.bytes(rows: row..<(row + 1))
      func number(_ k: Int) -> Float {
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[4 * k + $1]) << UInt32(8 * $1) }
        return Float(bitPattern: bits)
      }
      return (0..<set.shape[1]).map { SIMD3(number(3 * $0), number(3 * $0 + 1), number(3 * $0 + 2)) }
    }
  }

  private func run<T: Sendable>(_ work: (OpenHDF5) throws(CloudFileError) -> T) throws(CloudFileError) -> T {
    // Missing, a folder, forbidden: said as everywhere else.
    _ = try FileKind(path)
    let result: Result<T, CloudFileError> = Self.gate.withLock { _ in
      do throws(CloudFileError) { return .success(try work(OpenHDF5(path))) } catch { return .failure(error) }
    }
    return try result.get()
  }
}

/// An open file; closed when it goes away. To be used under the gate of ``HDF5File`` only.
private final class OpenHDF5 {
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

  func error(_ cause: String) -> CloudFileError { CloudFileError(.damaged, path, cause) }

  /// Whether the file holds an object of its own under a name.
  func has(_ name: String) -> Bool {
    guard H5Lexists(file, name, 0) > 0 else { return false }
    var info = H5L_info_t()
    return H5Lget_info(file, name, &info, 0) >= 0 && info.type == H5L_TYPE_HARD
  }

  /// A data set of plain numbers.
  func dataSet(_ name: String) throws(CloudFileError) -> HDF5Pieces {
    guard has(name) else { throw error("no data set '\(name)'") }
    let set = H5Dopen2(file, name, 0)
    guard set >= 0 else { throw error("'\(name)' is no data set") }
    var fileSize = hsize_t(0)
    H5Fget_filesize(file, &fileSize)
    return try HDF5Pieces(set, name, path, fileSize: Int(clamping: fileSize))
  }
}
