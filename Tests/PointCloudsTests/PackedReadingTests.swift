import Geometry
import PointClouds
import Testing

/// An NPY file, version 1.
func npy(_ descriptor: String, _ shape: String, fortran: Bool = false, _ body: [UInt8]) -> [UInt8] {
  let text = "{'descr': \(descriptor), 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count & 255), UInt8(text.utf8.count >> 8)]
    + Array(text.utf8) + body
}

@Suite struct NPYReadingTests {
  let points = randomPoints(1000, seed: 31, in: -9...9)

  private func body(byColumns: Bool, big: Bool = false, double: Bool = false) -> [UInt8] {
    var out = Bytes(big: big)
    func add(_ v: Float) { if double { out.add(Double(v)) } else { out.add(v) } }
    if byColumns {
      for axis in 0..<3 { for p in points { add(p[axis]) } }
    } else {
      for p in points { for axis in 0..<3 { add(p[axis]) } }
    }
    return out.bytes
  }

  @Test func ordersAndTypes() throws {
    for (big, double) in [(false, false), (true, false), (false, true), (true, true)] {
      let type = "'\(big ? ">" : "<")f\(double ? 8 : 4)'"
      let rows = body(byColumns: false, big: big, double: double)
      let columns = body(byColumns: true, big: big, double: double)
      let cases = [
        npy(type, "(1000, 3)", rows), npy(type, "(1000, 3)", fortran: true, columns), npy(type, "(3, 1000)", columns),
        npy(type, "(3, 1000)", fortran: true, rows),
      ]
      for bytes in cases {
        let file = try loaded(bytes, name: "a.npy")
        #expect(file.cloud.positions == points && file.format == .npy)
        #expect(file.storedAsDouble == double)
      }
    }
  }

  @Test func halvesAndWholeNumbers() throws {
    var out = Bytes()
    // 1, -2.5, 65504, the smallest positive half, infinity and NaN.
    for bits in [0x3C00, 0xC100, 0x7BFF, 0x0001, 0x3800, 0x3400, 0x7C00, 0, 0, 0x7E00, 0, 0] { out.add(UInt16(bits)) }
    let halves = try loaded(npy("'<f2'", "(4, 3)", out.bytes), name: "a.npy")
    #expect(halves.cloud.positions == [SIMD3(1, -2.5, 65504), SIMD3(0x1p-24, 0.5, 0.25)])
    #expect(halves.droppedNonFinite == 2)
    var whole = Bytes(big: true)
    for v in [1, -2, 3, 4, 5, 600_000] { whole.add(Int64(v)) }
    let cloud = try loaded(npy("'>i8'", "(2, 3)", whole.bytes), name: "a.npy").cloud
    #expect(cloud.position(0) == Point3(1, -2, 3))
  }

  @Test func ambiguousShapesAreNoted() throws {
    var out = Bytes()
    for k in 0..<9 { out.add(Float(k)) }
    let file = try loaded(npy("'<f4'", "(3, 3)", out.bytes), name: "a.npy")
    #expect(file.cloud.positions == [SIMD3(0, 1, 2), SIMD3(3, 4, 5), SIMD3(6, 7, 8)])
    #expect(file.notes.contains { $0.contains("read as 3 points") })
  }

  @Test func refusals() {
    let rows = body(byColumns: false)
    let cases: [([UInt8], String)] = [
      (npy("'|O'", "(1000, 3)", rows), "object arrays refused"),
      (npy("[('x', '<f4'), ('y', '<f4')]", "(1000,)", rows), "structured arrays"),
      (npy("'<c8'", "(1000, 3)", rows), "type \"<c8\" is not read"),
      (npy("'<f4'", "(1001, 3)", rows), "promises 1001 points (12012 bytes), 12000 bytes follow: 1000 complete"),
      (npy("'<f4'", "(1000,)", rows), "shape (1000) is not read"),
      (npy("'<f4'", "(0, 3)", rows), "no points"),
      (npy("'<f4'", "(1500, 2)", rows), "no x, y, z"),
      (npy("'<f4'", "(99999999999999999999, 3)", rows), "count out of range"),
      (npy("'<f4'", "(9000000000000000000, 3)", rows), "count out of range"),
      (npy("'<f4'", "(-1, 3)", rows), "count out of range"),
      (npy("'>f4'", "(1000, 3)", rows), "wrong endianness?"),
      (Array(npy("'<f4'", "(1000, 3)", rows).prefix(40)), "header ends early"),
      ([0x93] + Array("NUMPY".utf8), "header ends early"),
    ]
    for (bytes, message) in cases {
      let found = refusal(bytes, name: "a.npy")?.description ?? ""
      #expect(found.contains(message), "\(message): \(found)")
    }
  }
}

@Suite struct KITTIReadingTests {
  private func records(_ count: Int, ring: Bool = false) -> [UInt8] {
    var out = Bytes()
    for (i, p) in randomPoints(count, seed: 41, in: -60...60).enumerated() {
      out.add(p)
      out.add(Float(i % 100) / 100)
      if ring { out.add(Float(i % 32)) }
    }
    return out.bytes
  }

  @Test func kitti() throws {
    let file = try loaded(records(1000), name: "000000.bin")
    #expect(file.cloud.positions == randomPoints(1000, seed: 41, in: -60...60))
    #expect(file.cloud.intensities?[37] == 0.37 && file.encoding == "KITTI float32")
    // Known by its content alone, and by the format asked for.
    #expect(try loaded(records(1000), name: "scan").format == .kitti)
    #expect(try loaded(records(1000), name: "scan", reader: CloudReader(format: .kitti)).cloud.count == 1000)
  }

  @Test func nuScenesOnlyWhenAsked() throws {
    let file = try loaded(records(1000, ring: true), name: "a.pcd.bin", reader: CloudReader(format: .nuscenes))
    #expect(file.cloud.positions == randomPoints(1000, seed: 41, in: -60...60))
    for count in [1000, 1001] {
      let error = refusal(records(count, ring: true), name: "a.pcd.bin")
      #expect(error?.kind == .damaged && error?.description.contains("--format nuscenes") == true)
    }
  }

  @Test func refusals() {
    #expect(
      refusal(Array(records(1).prefix(13)), name: "a.bin")?.description.contains("13 bytes is not a multiple of 16")
        == true)
    var numbers = SeededNumbers(state: 1)
    let garbage = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &numbers) }
    for name in ["a.bin", "a.ply", "a", "a.xyz"] {
      let error = refusal(garbage, name: name)
      #expect(error?.kind == .damaged)
      #expect(error?.description.contains("not a known point-cloud format") == true, "\(name)")
    }
  }
}
