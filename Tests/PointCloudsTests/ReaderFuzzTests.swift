import Foundation
import Geometry
import PointClouds
import Testing

/// Mutated files of every format: reading returns a cloud or throws, and takes no more memory than it may.
@Suite struct ReaderFuzzTests {
  static let points = randomPoints(60, seed: 2, in: -30...30)

  /// A small sound file of a kind.
  static func seed(_ kind: String) -> (bytes: [UInt8], name: String) {
    switch kind {
    case "ply little": return (ply(points), "a.ply")
    case "ply big": return (ply(points, big: true), "a.ply")
    case "ply ascii":
      return (Array(asciiPLY(points.map { "\($0.x) \($0.y) \($0.z)" }).utf8), "a.ply")
    case "ply lists":
      var out = Bytes(
        "ply\nformat binary_little_endian 1.0\nelement face 9\nproperty list uchar int v\nproperty uchar q\n"
          + "element vertex 60\nproperty uchar red\n\(xyzHeader)element strip 3\nproperty list int short s\nend_header\n"
      )
      for k in 0..<9 {
        out.add(UInt8(k % 4))
        for _ in 0..<k % 4 { out.add(Int32(k)) }
        out.add(UInt8(1))
      }
      for p in points {
        out.add(UInt8(7))
        out.add(p)
      }
      for k in 0..<3 {
        out.add(Int32(k))
        for _ in 0..<k { out.add(Int16(k)) }
      }
      return (out.bytes, "a.ply")
    case "pcd binary", "pcd compressed":
      let isPacked = kind == "pcd compressed"
      var out = Bytes(pcdHeader("60", data: isPacked ? "binary_compressed" : "binary"))
      var plain = Bytes()
      for p in points { plain.add(p) }
      if isPacked {
        out.add(UInt32(literalLZF(plain.bytes).count))
        out.add(UInt32(plain.bytes.count))
      }
      return (out.bytes + (isPacked ? literalLZF(plain.bytes) : plain.bytes), "a.pcd")
    case "pcd ascii":
      return (
        Array((pcdHeader("60", data: "ascii") + points.map { "\($0.x) \($0.y) \($0.z)\n" }.joined()).utf8), "a.pcd"
      )
    case "csv": return (Array(("x,y,z\n" + points.map { "\($0.x),\($0.y),\($0.z)\n" }.joined()).utf8), "a.csv")
    case "xyz": return (Array(points.map { "\($0.x) \($0.y) \($0.z) 0.5\n" }.joined().utf8), "a.xyz")
    case "npy":
      var out = Bytes()
      for p in points { out.add(p) }
      return (npy("'<f4'", "(60, 3)", out.bytes), "a.npy")
    default:
      var out = Bytes()
      for p in points {
        out.add(p)
        out.add(Float(0.5))
      }
      return (out.bytes, "a.bin")
    }
  }

  static let kinds = [
    "ply little", "ply big", "ply ascii", "ply lists", "pcd binary", "pcd compressed", "pcd ascii", "csv", "xyz", "npy",
    "kitti",
  ]

  @Test(arguments: kinds)
  func mutationsNeverTrap(kind: String) throws {
    let (sound, name) = ReaderFuzzTests.seed(kind)
    let scratch = Scratch()
    let limit = 256 << 20
    let reader = CloudReader(memoryLimit: limit)
    // The sound file is read, so that mutations start from something that reaches the payload.
    #expect(try reader(scratch.file(name, sound)).cloud.count == 60)
    var numbers = SeededNumbers(state: 99)
    var (read, refused) = (0, 0)
    for _ in 0..<1000 {
      let bytes = ReaderFuzzTests.mutate(sound, &numbers)
      do throws(CloudFileError) {
        let file = try reader(scratch.file(name, bytes))
        // At most a point from two bytes; positions are finite.
        #expect(file.cloud.count <= bytes.count / 2 && file.cloud.count > 0)
        #expect(file.cloud.positions.allSatisfy { $0.isFinite })
        read += 1
      } catch {
        #expect(!error.description.isEmpty && error.path.hasSuffix(name))
        refused += 1
      }
    }
    // Both outcomes occur: a fuzzer that only ever breaks the first byte would test nothing.
    #expect(read > 20 && refused > 20, "\(read) read, \(refused) refused")
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    #expect(usage.ru_maxrss < 2 << 20, "peak of \(usage.ru_maxrss) kB")
  }

  private static let words = [
    "0", "-1", "4294967295", "18446744073709551615", "9223372036854775807", "99999999999999999999", "1e9", "nan",
    "list",
    "property", "element vertex 7\n", "end_header\n", "DATA binary\n", "double", "uchar", "x", "_", "\n", "\r\n", "\0",
    "COUNT 1 1 1000000", "POINTS 2147483647", ",", ";", "1,5", "float128", "(3, 9)", "True",
  ]

  /// One to four changes: a flipped bit, a byte, a word or number put in or written over, a cut, a doubled piece.
  private static func mutate(_ sound: [UInt8], _ numbers: inout SeededNumbers) -> [UInt8] {
    var bytes = sound
    // Half of the changes hit the header, where most of the decisions are.
    for _ in 0..<Int.random(in: 1...4, using: &numbers) where !bytes.isEmpty {
      let reach = Bool.random(using: &numbers) ? bytes.count : min(bytes.count, 200)
      let place = Int.random(in: 0..<reach, using: &numbers)
      switch Int.random(in: 0..<8, using: &numbers) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
      case 2: bytes.insert(contentsOf: words[Int.random(in: 0..<words.count, using: &numbers)].utf8, at: place)
      case 3: bytes.removeLast(Int.random(in: 0..<min(40, bytes.count), using: &numbers))
      case 4: bytes.remove(at: place)
      case 5: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place)
      case 6:
        let number = [UInt8](repeating: [0, 0xFF, 0x7F, 0x80].randomElement(using: &numbers) ?? 0, count: 4)
        bytes.replaceSubrange(place..<min(bytes.count, place + 4), with: number)
      default:
        // Another number where a digit stands.
        if let digit = bytes[place...].firstIndex(where: { (48...57).contains($0) }) {
          let word = words[Int.random(in: 0..<7, using: &numbers)]
          bytes.replaceSubrange(digit...digit, with: word.utf8)
        }
      }
    }
    return bytes
  }
}
