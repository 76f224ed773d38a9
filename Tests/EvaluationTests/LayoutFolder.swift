import Evaluation
import Foundation
import Geometry
import PointClouds
import Testing

/// A folder of its own that goes away with the value's owner, filled file by file.
final class LayoutFolder {
  let path: String

  init() {
    var template = Array((NSTemporaryDirectory() + "/plumb-layout-XXXXXX").utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp/plumb-layout-failed"
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with the folders that lead to it, and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String = "x\n") -> String { write(name, Array(text.utf8)) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) -> String {
    let file = path + "/" + name
    let folder = (file as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(FileManager.default.createFile(atPath: file, contents: Data(bytes)))
    return file
  }

  func read(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path + "/" + name) ?? Data(), as: UTF8.self)
  }

  /// Reads this folder, or something in it, as a benchmark.
  func benchmark(_ name: String = "", _ change: (inout BenchmarkReader) -> Void = { _ in }) throws -> Benchmark {
    var reader = BenchmarkReader()
    change(&reader)
    return try reader(name.isEmpty ? path : path + "/" + name)
  }

  /// The error of reading it.
  func error(_ name: String = "", _ change: (inout BenchmarkReader) -> Void = { _ in }) -> BenchmarkError? {
    do {
      _ = try benchmark(name, change)
      return nil
    } catch { return error as? BenchmarkError }
  }
}

extension Benchmark {
  var pairs: [PairItem] { if case .pairs(let items) = work { items } else { [] } }
  var tracklets: [TrackletItem] { if case .tracklets(let items) = work { items } else { [] } }
}

extension BenchmarkError {
  /// The kind of the file's error, if it is one.
  var fileKind: CloudFileError.Kind? { if case .file(let error) = kind { error.kind } else { nil } }
}

extension RigidTransform {
  /// A motion that is the same for the same number.
  static func sample(_ k: Int) -> RigidTransform {
    let x = Double(k)
    return RigidTransform(
      rotation: Rotation3(rotationVector: Point3(0.3 * x, 1 - 0.1 * x, 0.2)), translation: Point3(x, -2 * x, 0.5))
  }

  /// The block of a log.
  func block(_ i: Int, _ j: Int, n: Int = 60) -> String {
    "\(i)\t \(j)\t \(n)\t\n" + rows.map { " " + $0.map { "\($0)" }.joined(separator: "\t ") + "\t\n" }.joined()
  }

  /// The numbers of the upper rows on one line.
  var line: String { rows.prefix(3).flatMap { $0 }.map { "\($0)" }.joined(separator: " ") }

  func isNear(_ other: RigidTransform, _ tolerance: Double = 1e-9) -> Bool {
    let apart = inverse * other
    return apart.translation.length < tolerance && apart.rotation.angleRadians < tolerance
  }
}
