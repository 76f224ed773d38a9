import Geometry
import PointClouds
import Testing

/// A PCD header.
func pcdHeader(
  _ points: String, fields: String = "x y z", size: String = "4 4 4", type: String = "F F F", count: String = "1 1 1",
  width: String? = nil, height: String = "1", viewpoint: String = "0 0 0 1 0 0 0", data: String = "binary"
) -> String {
  "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS \(fields)\nSIZE \(size)\nTYPE \(type)\n"
    + "COUNT \(count)\nWIDTH \(width ?? points)\nHEIGHT \(height)\nVIEWPOINT \(viewpoint)\nPOINTS \(points)\n"
    + "DATA \(data)\n"
}

/// LZF that copies: runs of at most 32 literal bytes, each behind its length less one.
func literalLZF(_ plain: [UInt8]) -> [UInt8] {
  var out: [UInt8] = []
  for start in stride(from: 0, to: plain.count, by: 32) {
    let run = plain[start..<min(plain.count, start + 32)]
    out.append(UInt8(run.count - 1))
    out += run
  }
  return out
}

@Suite struct PCDReadingTests {
  let points = randomPoints(5000, seed: 9, in: -40...40)

  private func binary(_ header: String) -> [UInt8] {
    var out = Bytes(header)
    for p in points { out.add(p) }
    return out.bytes
  }

  private func compressed(_ header: String, claim: UInt32? = nil, packed: UInt32? = nil) -> [UInt8] {
    var plain = Bytes()
    for axis in 0..<3 { for p in points { plain.add(p[axis]) } }
    let body = literalLZF(plain.bytes)
    var out = Bytes(header)
    out.add(packed ?? UInt32(body.count))
    out.add(claim ?? UInt32(plain.bytes.count))
    return out.bytes + body
  }

  @Test func threeEncodingsHoldTheSameBits() throws {
    let raw = try loaded(binary(pcdHeader("5000")), name: "a.pcd")
    #expect(raw.cloud.positions == points && raw.encoding == "PCD binary" && raw.warnings.isEmpty)
    let packed = try loaded(compressed(pcdHeader("5000", data: "binary_compressed")), name: "a.pcd")
    #expect(packed.cloud.positions == points && packed.encoding == "PCD binary_compressed")
    let text = pcdHeader("5000", data: "ascii") + points.map { "\($0.x) \($0.y) \($0.z)\n" }.joined()
    #expect(try loaded(text, name: "a.pcd").cloud.positions == points)
  }

  @Test func oldHeadersAreRead() throws {
    var out = Bytes("FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nWIDTH 2\nDATA binary\n")
    out.add(SIMD3<Float>(1, 2, 3))
    out.add(SIMD3<Float>(4, 5, 6))
    #expect(try loaded(out.bytes, name: "a.pcd").cloud.positions == [SIMD3(1, 2, 3), SIMD3(4, 5, 6)])
  }

  @Test func fieldsInAnyOrderWithColorAndPadding() throws {
    let header = pcdHeader(
      "2", fields: "rgb _ z normal_y x fpfh y normal_x normal_z _ intensity", size: "4 1 4 4 8 4 4 4 4 2 2",
      type: "F U F F F F F F F U U", count: "1 3 1 1 1 33 1 1 1 1 1", viewpoint: "1 2 3 1 0 0 0")
    var out = Bytes(header)
    for k in 0..<2 {
      out.add(UInt32(0xFF10_2030 + k))
      out.bytes += [7, 7, 7]
      out.add(Float(3))
      out.add(Float(0))
      out.add(Double(k) + 0.5)
      for _ in 0..<33 { out.add(Float.nan) }
      out.add(Float(2))
      out.add(Float(0))
      out.add(Float(-2))
      out.add(UInt16(9))
      out.add(UInt16(700 + k))
    }
    let file = try loaded(out.bytes, name: "a.pcd")
    #expect(file.cloud.position(0) == Point3(0.5, 2, 3) && file.cloud.position(1) == Point3(1.5, 2, 3))
    #expect(file.cloud.colors == [SIMD3(0x10, 0x20, 0x30), SIMD3(0x10, 0x20, 0x31)])
    #expect(file.cloud.normals == [SIMD3(0, 0, -1), SIMD3(0, 0, -1)])
    #expect(file.cloud.intensities == [700, 701])
    #expect(file.cloud.sensorPosition == Point3(1, 2, 3))
    #expect(try loaded(binary(pcdHeader("5000")), name: "a.pcd").cloud.sensorPosition == nil)
  }

  @Test func paddingMayBeLeftOutOfCompressedFiles() throws {
    let header = pcdHeader(
      "5000", fields: "x y z _", size: "4 4 4 1", type: "F F F U", count: "1 1 1 4", data: "binary_compressed")
    #expect(try loaded(compressed(header), name: "a.pcd").cloud.positions == points)
  }

  @Test func packedColorInText() throws {
    let bits = Float(bitPattern: 0x0010_2030)
    let asFloat =
      pcdHeader(
        "1", fields: "x y z rgb", size: "4 4 4 4", type: "F F F F", count: "1 1 1 1", data: "ascii") + "1 2 3 \(bits)\n"
    #expect(try loaded(asFloat, name: "a.pcd").cloud.colors == [SIMD3(0x10, 0x20, 0x30)])
    let whole = asFloat.replacing("F F F F", with: "F F F U").replacing("\(bits)", with: "\(0x10_2030)")
    #expect(try loaded(whole, name: "a.pcd").cloud.colors == [SIMD3(0x10, 0x20, 0x30)])
  }

  @Test func refusals() {
    let good = pcdHeader("10")
    let body = String(repeating: "x", count: 120)
    let cases: [(String, String)] = [
      (pcdHeader("10", width: "7") + body, "WIDTH x HEIGHT is 7 points, POINTS is 10"),
      (pcdHeader("10", size: "0 4 4") + body, "SIZE of field x is \"0\""),
      (pcdHeader("10", size: "3 4 4") + body, "SIZE of field x"),
      (pcdHeader("10", type: "Q F F") + body, "TYPE of field x is \"Q\""),
      (pcdHeader("10", count: "-1 1 1") + body, "COUNT of field x is \"-1\""),
      (pcdHeader("10", count: "2 1 1") + body, "x must be a scalar"),
      (pcdHeader("10", size: "4 4") + body, "SIZE has 2 entries, FIELDS has 3"),
      (pcdHeader("10", fields: "a b c") + body, "no x, y, z (found a, b, c)"),
      (pcdHeader("10", fields: "x x z") + body, "field x twice"),
      (pcdHeader("-10") + body, "count out of range"),
      (pcdHeader("4000000000", width: "4000000000", height: "4000000000") + body, "count out of range"),
      (pcdHeader("0") + body, "no points"),
      (pcdHeader("10", data: "zip") + body, "unknown DATA"),
      (good + String(body.prefix(119)), "promises 10 points (120 bytes), 119 bytes follow: 9 complete"),
      (String(good.prefix(60)), "header ends early"),
      (good.replacing("DATA", with: "DATE") + body, "unknown keyword"),
      (pcdHeader("2", data: "ascii") + "1 2 3\n1 abc 3\n", "line 13, column y: \"abc\""),
      (pcdHeader("2", data: "ascii") + "1.5 2.5\n1.5 2.5 3.5\n", "line 12: 2 values, 3 expected"),
      (pcdHeader("3", data: "ascii") + "1 2 3\n1 2 3\n", "promises 3 points, 12 bytes follow"),
      ("# .PCD v0.7\n" + String(repeating: "# comment\n", count: 10_000), "header longer than 64 KiB"),
    ]
    for (text, message) in cases {
      #expect(refusal(text, name: "a.pcd").contains(message), "\(message): \(refusal(text, name: "a.pcd"))")
    }
  }

  @Test func compressedSizesAreCheckedFirst() {
    func message(_ bytes: [UInt8]) -> String { refusal(bytes, name: "a.pcd")?.description ?? "" }
    let header = pcdHeader("5000", data: "binary_compressed")
    #expect(message(compressed(header, claim: .max)).contains("claims 4294967295 bytes, 5000 points"))
    #expect(message(compressed(header, packed: .max)).contains("compressed bytes"))
    #expect(message(compressed(header, packed: 10)).contains("over 255:1"))
    #expect(message(Array(compressed(header).dropLast(100))).contains("promises 5000 points"))
    #expect(message(Array(header.utf8) + [1, 2, 3]).contains("0 complete"))
    let bomb = pcdHeader("357913941", data: "binary_compressed")
    #expect(message(compressed(bomb, claim: 4_294_967_292)).contains("over 255:1"))
    var garbage = compressed(header)
    for k in garbage.count - 30_000..<garbage.count { garbage[k] = 0xFF }
    #expect(message(garbage).contains("cannot be decoded"))
  }
}
