import Foundation
import LinearAlgebra
import Parallelism
import Registration
import Testing

@Suite(.serialized) struct DescriptorMapTests {
  /// A map of arbitrary numbers.
  private func map(
    _ n: Int = 426, to d: Int = 20, format: Int = DescriptorExtractor.format
  ) throws -> DescriptorMap {
    try DescriptorMap(
      format: format, mean: normalRows(1, dimension: n, seed: 1).map(Float.init),
      matrix: normalRows(d, dimension: n, seed: 2).map(Float.init), provenance: ["a test", "of two lines"])
  }

  @Test("a mapped descriptor is W (x - μ)", arguments: [0, 1, 2, 700])
  func definition(count: Int) throws {
    let (n, d) = (37, 11)
    let map = try map(n, to: d)
    let x = normalRows(count, dimension: n, seed: 4).map(Float.init)
    let y = map(x)
    #expect(y.count == count * d)
    for i in 0..<count {
      for k in 0..<d {
        let direct = (0..<n).reduce(0.0) {
          $0 + Double(map.matrix[k * n + $1]) * (Double(x[i * n + $1]) - Double(map.mean[$1]))
        }
        #expect(abs(Double(y[i * d + k]) - direct) < 2e-5)
      }
    }
  }

  @Test func bitsDoNotDependOnThreads() throws {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let x = normalRows(1111, dimension: 426, seed: 5).map(Float.init)
    let results = try [1, 2, 16].map { threads -> [UInt32] in
      Parallel.threads = threads
      return try map()(x).map(\.bitPattern)
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test("a map of other descriptors is refused")
  func mismatch() throws {
    let extractor = DescriptorExtractor(voxel: 0.05)
    try map().check(extractor)
    let other = try map(format: DescriptorExtractor.format + 1)
    #expect(throws: DescriptorMapError.self) { try other.check(extractor) }
    let shorter = try map(425)
    #expect(throws: DescriptorMapError.self) { try shorter.check(extractor) }
    var wider = extractor
    wider.featureRadii = [5]
    #expect(throws: DescriptorMapError.self) { try map().check(wider) }
  }

  @Test("parts that are no map are refused")
  func parts() {
    func make(_ mean: [Float], _ matrix: [Float]) throws {
      _ = try DescriptorMap(format: 1, mean: mean, matrix: matrix, provenance: [])
    }
    #expect(throws: DescriptorMapError.self) { try make([], []) }
    #expect(throws: DescriptorMapError.self) { try make([1, 2], [1, 2, 3]) }
    #expect(throws: DescriptorMapError.self) { try make([1], [1, 2]) }
    #expect(throws: DescriptorMapError.self) { try make([1, .nan], [1, 2]) }
    #expect(throws: DescriptorMapError.self) { try make([1, 2], [1, .infinity]) }
  }

  @Test("a table holds the map but for rounding, and itself exactly")
  func table() throws {
    let map = try map()
    let read = try DescriptorMap(table: map.table)
    #expect(read.format == map.format && read.provenance == map.provenance)
    #expect(read.inputDimension == 426 && read.dimension == 20)
    let largest = map.matrix.map { abs($0) }.max() ?? 0
    #expect(zip(read.matrix, map.matrix).allSatisfy { abs($0 - $1) <= largest / 65000 })
    #expect(zip(read.mean, map.mean).allSatisfy { abs($0 - $1) <= 5 / 65000 })
    #expect(try DescriptorMap(table: read.table) == read)
    #expect(String(decoding: map.table.prefix(80), as: UTF8.self).contains("values 426 to 20\n# a test\n"))
  }

  @Test("damaged tables are refused with a reason and never crash")
  func damaged() throws {
    let table = try map(6, to: 3).table
    for length in 0..<table.count {
      #expect(throws: DescriptorMapError.self) { try DescriptorMap(table: Array(table[..<length])) }
    }
    #expect(throws: DescriptorMapError.self) { try DescriptorMap(table: table + [0]) }
    func replaced(_ old: String, _ new: String) throws -> [UInt8] {
      let at = try #require(Data(table).range(of: Data(old.utf8)))
      return Array(table[..<at.lowerBound]) + Array(new.utf8) + Array(table[at.upperBound...])
    }
    for (old, new) in [
      ("map 1", "map 2"), ("format 1", "format x"), ("6 to 3", "6 to 7"), ("6 to 3", "0 to 0"),
      ("6 to 3", "9223372036854775807 to 9223372036854775807"), ("6 to 3", "99999999999999999999 to 3"),
      ("# a test", "a test"),
    ] {
      let bytes = try replaced(old, new)
      #expect(throws: DescriptorMapError.self, "\(new)") { try DescriptorMap(table: bytes) }
    }
    // The first scale is not a number.
    let at = try #require(Data(table).range(of: Data("numbers\n".utf8))).upperBound
    var bytes = table
    (bytes[at + 2], bytes[at + 3]) = (0xc0, 0x7f)
    #expect(throws: DescriptorMapError.self) { try DescriptorMap(table: bytes) }
    var rng = SeededGenerator(seed: 9)
    for _ in 0..<2000 {
      var bytes = table
      bytes[Int(rng.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: rng.next())
      if let read = try? DescriptorMap(table: bytes) {
        let isFinite = read.matrix.allSatisfy { $0.isFinite }
        #expect(isFinite)
      }
    }
  }

  @Test("the map that comes with Plumb fits its descriptors and says where it comes from")
  func shipped() throws {
    let map = DescriptorMap.shipped
    try map.check(DescriptorExtractor(voxel: 0.1))
    #expect(map.provenance.first?.hasPrefix("plumb train descriptor --kinds room,street,object") == true)
    #expect(try DescriptorMap(table: map.table) == map)
  }
}
