import Geometry
import PointClouds

/// A 4x4 matrix in a file of NumPy, such as the cached poses `icp/DRIVE_I_J.npy` of KITTI odometry.
enum NPYPose {
  /// The motion in a file of doubles or floats of shape (4, 4).
  /// - Throws: ``CloudFileError`` for any other content.
  static func read(_ path: String) throws(CloudFileError) -> RigidTransform {
    let bytes = try SmallFile.read(path, limit: 1 << 16, expected: "a 4x4 matrix")
    func fail(_ cause: String) -> CloudFileError { CloudFileError(.damaged, path, cause) }
    guard bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]), bytes.count >= 12, (1...3).contains(bytes[6]) else {
      throw fail("not an NPY file: no NUMPY mark")
    }
    let length = bytes[6] == 1 ? bytes[8..<10] : bytes[8..<12]
    let start = length.endIndex + length.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard start <= bytes.count else { throw fail("header ends early; is the file complete?") }
    let header = String(decoding: bytes[length.endIndex..<start], as: UTF8.self).filter { $0 != " " && $0 != "\"" }
    guard header.contains("(4,4)") else { throw fail("an array of shape (4, 4) is expected") }
    let isDouble = header.contains("<f8")
    guard isDouble || header.contains("<f4") else { throw fail("numbers of type <f8 or <f4 are expected") }
    let size = isDouble ? 8 : 4
    guard bytes.count - start == 16 * size else {
      throw fail("\(bytes.count - start) bytes, \(16 * size) are expected")
    }
    var numbers: [Double] = (0..<16).map { k in
      let bits = bytes[(start + size * k)..<(start + size * (k + 1))].reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      return isDouble ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(bits)))
    }
    if header.contains("'fortran_order':True") { numbers = (0..<16).map { numbers[4 * ($0 % 4) + $0 / 4] } }
    do throws(NotARigidMotion) { return try RigidTransform(rowMajor: numbers) } catch { throw fail("\(error)") }
  }
}
