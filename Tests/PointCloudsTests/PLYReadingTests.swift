import Foundation
import Geometry
import PointClouds
import Testing

@Suite struct PLYReadingTests {
  let points = randomPoints(20_000, seed: 3, in: -40...40)

  @Test func bitsSurviveInBothByteOrders() throws {
    let little = try loaded(ply(points))
    let big = try loaded(ply(points, big: true))
    #expect(little.cloud.positions == points)
    #expect(big.cloud.positions == points)
    #expect(little.cloud.origin == .zero && big.cloud.origin == .zero)
    #expect(little.encoding == "PLY binary_little_endian")
    #expect(big.encoding == "PLY binary_big_endian")
    #expect(little.warnings.isEmpty && little.notes.isEmpty)
    #expect(little.fields == ["x", "y", "z"] && !little.storedAsDouble)
  }

  @Test func hashIsSHA256() throws {
    let text = asciiPLY(["1 2 3", "4 5 6", "7 8 9.5"])
    // echo of the same bytes through sha256sum.
    #expect(
      try loaded(text).sha256 == "103eb835f6270149dd5574d18ad6e5ded520a4965ce7f6ab3d50428e4eae12da")
  }

  /// The law behind blocks: any number of points around a block border comes out whole and in order.
  @Test(arguments: [1, 131_071, 131_072, 131_073, 300_001])
  func blocksJoin(count: Int) throws {
    let points = (0..<count).map { SIMD3<Float>(Float($0), Float($0 % 7), 1) }
    #expect(try loaded(ply(points)).cloud.positions == points)
  }

  @Test func allTypesInBothOrders() throws {
    let types = ["char", "uchar", "short", "ushort", "int", "uint", "float", "double"]
    for big in [false, true] {
      for type in types {
        var out = Bytes(
          "ply\nformat binary_\(big ? "big" : "little")_endian 1.0\nelement vertex 2\nproperty uchar junk\n"
            + "property \(type) x\nproperty short y\nproperty double z\nproperty \(type) intensity\nend_header\n",
          big: big)
        for k in 1...2 {
          func number(_ v: Int) {
            switch type {
            case "char": out.add(Int8(v))
            case "uchar": out.add(UInt8(v))
            case "short": out.add(Int16(v))
            case "ushort": out.add(UInt16(v))
            case "int": out.add(Int32(v))
            case "uint": out.add(UInt32(v))
            case "float": out.add(Float(v))
            default: out.add(Double(v))
            }
          }
          out.add(UInt8(250))
          number(k * 10)
          out.add(Int16(-300 * k))
          out.add(Double(k) / 3)
          number(k + 100)
        }
        let cloud = try loaded(out.bytes).cloud
        #expect(cloud.count == 2, "\(type)")
        #expect(cloud.position(1).x == 20 && cloud.position(1).y == -600, "\(type), big \(big)")
        #expect(abs(cloud.position(1).z - 2.0 / 3) < 1e-4)
        #expect(cloud.intensities == [101, 102])
      }
    }
  }

  @Test func surveyDoublesKeepMicrometres() throws {
    var out = Bytes(
      "ply\nformat binary_little_endian 1.0\nelement vertex 1000\nproperty double x\nproperty double y\n"
        + "property double z\nend_header\n")
    let truth = randomPoints(1000, seed: 5, in: 0...8).map { Point3($0) + Point3(500_000.123, 5_000_000.456, 100) }
    for p in truth { for k in 0..<3 { out.add(p[k]) } }
    let file = try loaded(out.bytes)
    #expect(file.storedAsDouble && file.warnings.isEmpty)
    #expect(file.cloud.origin != .zero)
    for (i, p) in truth.enumerated() { #expect((file.cloud.position(i) - p).length < 1e-6) }
  }

  @Test func surveyFloatsWarn() throws {
    let shifted = points.prefix(500).map { $0 + SIMD3<Float>(500_000, 5_000_000, 100) }
    let file = try loaded(ply(shifted))
    #expect(file.warnings.contains { $0.contains("coordinates quantised to 0.5 m") })
    for (i, p) in shifted.enumerated() { #expect(file.cloud.position(i) == Point3(p)) }
  }

  @Test func attributesSurviveInAnyOrder() throws {
    var out = Bytes(
      "ply\r\nformat binary_little_endian 1.0\r\ncomment Größe\r\nobj_info num_cols 1000\r\nobj_info num_rows 1000\r\n"
        + "element camera 1\r\nproperty float viewportx\r\nproperty int viewporty\r\n"
        + "element face 2\r\nproperty list uchar int vertex_indices\r\nelement vertex 2\r\n"
        + "property uchar blue\r\nproperty float nz\r\nproperty uchar green\r\nproperty float z\r\n"
        + "property float y\r\nproperty float x\r\nproperty uchar red\r\nproperty float nx\r\nproperty float ny\r\n"
        + "property float scalar_Intensity\r\nelement range_grid 1\r\nproperty list uchar int vertex_indices\r\n"
        + "end_header\r\n")
    out.add(Float(640))
    out.add(Int32(480))
    for n in [3, 4] {
      out.add(UInt8(n))
      for k in 0..<n { out.add(Int32(k)) }
    }
    for k in 0..<2 {
      out.add(UInt8(30 + k))
      out.add(Float(1))
      out.add(UInt8(20 + k))
      out.add(SIMD3<Float>(3, 2, Float(k)))
      out.add(UInt8(10 + k))
      out.add(Float(0))
      out.add(Float(0))
      out.add(Float(0.25))
    }
    out.add(UInt8(1))
    out.add(Int32(0))
    let file = try loaded(out.bytes)
    #expect(file.cloud.positions == [SIMD3(0, 2, 3), SIMD3(1, 2, 3)])
    #expect(file.cloud.colors == [SIMD3(10, 20, 30), SIMD3(11, 21, 31)])
    #expect(file.cloud.normals == [SIMD3(0, 0, 1), SIMD3(0, 0, 1)])
    #expect(file.cloud.intensities == [0.25, 0.25])
    #expect(file.warnings.isEmpty)
  }

  @Test func redAloneIsNoColor() throws {
    var out = Bytes(
      "ply\nformat binary_little_endian 1.0\nelement vertex 2\nproperty uchar red\n\(xyzHeader)end_header\n")
    for k in 0..<2 {
      out.add(UInt8(9))
      out.add(SIMD3<Float>(Float(k), 5, 6))
    }
    let cloud = try loaded(out.bytes).cloud
    #expect(cloud.positions == [SIMD3(0, 5, 6), SIMD3(1, 5, 6)] && cloud.colors == nil)
  }

  @Test func asciiEqualsBinary() throws {
    let rows = points.map { "\($0.x) \($0.y) \($0.z)" }
    let text = try loaded(asciiPLY(rows))
    #expect(text.cloud.positions == points && text.encoding == "PLY ascii")
    let faces = "element face 2\nproperty list uchar int vertex_indices\n"
    let header = "ply\nformat ascii 1.0\n\(faces)element vertex 20000\n\(xyzHeader)end_header\n3 0 1 2\n4 0 1 2 3\n"
    #expect(try loaded(header + rows.joined(separator: "\n")).cloud.positions == points)
    let after = asciiPLY(rows, properties: xyzHeader + faces) + "3 0 1 2\n4 0 1 2 3\n"
    #expect(try loaded(after).cloud.positions == points)
    #expect(try loaded(after).warnings.isEmpty)
  }

  @Test func asciiSpecialNumbersAreDropped() throws {
    let file = try loaded(asciiPLY(["1 2 3", "nan 0 0", "NaN 0 0", "0 -inf 0", "4 5 6", "1e300 0 0"]))
    #expect(file.cloud.positions == [SIMD3(1, 2, 3), SIMD3(4, 5, 6)])
    #expect(file.droppedNonFinite == 4 && file.dropNote == "4 non-finite dropped")
    #expect(file.warnings.contains { $0.contains("4 of 6 points are non-finite") })
    #expect(file.isMostlyDropped)
  }

  @Test func nonFiniteIsCountedOrRefused() throws {
    var some = points
    for k in stride(from: 0, to: points.count, by: 7) { some[k].y = .nan }
    let file = try loaded(ply(some))
    #expect(file.dropNote == "2858 non-finite dropped" && file.declaredPoints == 20_000)
    #expect(file.cloud.positions == points.enumerated().filter { $0.offset % 7 != 0 }.map(\.element))
    some[0].y = 0
    let strict = refusal(ply(some), reader: CloudReader(nonFinite: .error))
    #expect(strict?.kind == .damaged)
    #expect(strict?.description.contains("2857 of 20000 points are non-finite, the first is point 8") == true)
    let nothing = refusal(ply(points.map { _ in SIMD3(repeating: .nan) }))
    #expect(nothing?.kind == .unusable && nothing?.description.contains("all 20000 points") == true)
  }

  @Test(arguments: [Float(1e9), 1e30, 3e38])
  func outliersAreKeptAndNamed(far: Float) throws {
    let file = try loaded(ply(points + [SIMD3(far, 0, 0)]))
    #expect(file.cloud.positions.last == SIMD3(far, 0, 0))
    #expect(file.warnings.contains { $0.contains("1 outlier") })
  }
}

@Suite struct PLYRefusalTests {
  let points = randomPoints(20_000, seed: 3, in: -40...40)

  @Test func truncationCountsWholePoints() {
    let whole = ply(points)
    let half = refusal(Array(whole.prefix(whole.count - 240_000 + 119_940)))?.description ?? ""
    #expect(half.contains("promises 20000 points (240000 bytes), 119940 bytes follow: 9995 complete"))
    #expect(refusal(whole.dropLast())?.description.contains("19999 complete") == true)
    let text = asciiPLY(points.prefix(100).map { "\($0.x) \($0.y) \($0.z)" })
    let cut = refusal(String(text.prefix(text.count / 2)))
    #expect(cut.contains("promises 100 points") && cut.contains("complete"))
  }

  @Test func trailingBytesWarn() throws {
    let file = try loaded(ply(points, claim: 10))
    #expect(file.cloud.count == 10)
    #expect(file.warnings.contains { $0.contains("239880 bytes after the last point") })
    #expect(try loaded(asciiPLY(["1 2 3", "4 5 6"], claim: 1)).warnings.contains { $0.contains("6 bytes after") })
  }

  @Test(arguments: [
    ("2000000000", "promises 2000000000 points"), ("100000000000000000000", "count out of range"),
    ("-5", "count"), ("1e20", "count out of range"), ("0", "no points"), ("9223372036854775807", "count out of range"),
    ("18446744073709551615", "count out of range"),
  ])
  func counts(count: String, message: String) {
    for format in ["ascii", "binary_little_endian", "binary_big_endian"] {
      let header = "ply\nformat \(format) 1.0\nelement vertex \(count)\n\(xyzHeader)end_header\n"
      #expect(refusal(header + String(repeating: "1 2 3\n", count: 100)).contains(message), "\(format) \(count)")
    }
  }

  @Test func otherElementsAreBounded() {
    for (length, big) in [(UInt32.max, false), (UInt32.max, true), (1_000_000, false)] {
      var out = Bytes(
        "ply\nformat binary_\(big ? "big" : "little")_endian 1.0\nelement vertex 1\n\(xyzHeader)element face 1\n"
          + "property list uint int vertex_indices\nend_header\n", big: big)
      out.add(SIMD3<Float>(1, 2, 3))
      out.add(length)
      out.add(Int32(1))
      #expect(refusal(out.bytes)?.description.contains("list longer than file") == true)
    }
    let many =
      "ply\nformat binary_little_endian 1.0\nelement face 9223372036854775807\nproperty float a\n"
      + "property list uint int b\nelement vertex 1\n\(xyzHeader)end_header\n123456789012"
    #expect(refusal(many).contains("records of element face"))
    let none =
      "ply\nformat binary_little_endian 1.0\nelement face 9223372036854775807\nelement vertex 1\n"
      + "\(xyzHeader)end_header\n123456789012"
    #expect(refusal(none) == "")
    let text = asciiPLY(["1 2 3"], properties: xyzHeader + "element face 1\nproperty list uchar int v\n")
    #expect(refusal(text + "4294967295 1\n").contains("list longer than file"))
    #expect(refusal(text + "3 0 1\n").contains("line 11: 3 values, more expected"))
    #expect(refusal(text).contains("0 complete"))
  }

  @Test func headers() {
    let good = "ply\nformat ascii 1.0\nelement vertex 1\n"
    let cases: [(String, String)] = [
      ("ply\nformat ascii 1.0\nelement ver", "header ends early"),
      ("ply", "header ends early"),
      (
        good + "property list uchar float x\nproperty float y\nproperty float z\nend_header\n1 2 3 4\n",
        "x must be a scalar"
      ),
      (good + "property float a\nproperty float b\nend_header\n1 2\n", "no x, y, z (found a, b)"),
      (good + xyzHeader + "property float x\nend_header\n1 2 3 4\n", "property x twice"),
      (good + "property float128 x\nproperty float y\nproperty float z\nend_header\n1 2 3\n", "float128"),
      (good + String(repeating: "comment 0123456789\n", count: 500_000), "header longer than 64 KiB"),
      ("ply\nformat ascii 1.0\nelement face 1\nproperty float x\nend_header\n1\n", "no element vertex"),
      ("ply\nformat utf8 1.0\n" + xyzHeader + "end_header\n", "unknown or repeated format"),
      ("ply\n" + xyzHeader, "property before any element"),
      ("ply\nelement vertex 1\n" + xyzHeader + "end_header\n1 2 3\n", "no format line"),
      (good + "element vertex 1\n", "element vertex twice"),
      (good + (0..<300).map { "property float p\($0)\n" }.joined() + "end_header\n", "more than 256 properties"),
      (good + "property list float int q\n", "length of type float"),
    ]
    for (text, message) in cases { #expect(refusal(text).contains(message), "\(message): \(refusal(text))") }
    #expect(refusal(Array(cases[0].0.utf8))?.kind == .damaged)
  }

  @Test func textRowsNameLineAndColumn() {
    var rows = (0..<50).map { "\($0) \($0 + 1) 3" }
    func with(_ row: String) -> String {
      rows[13] = row  // line 21 of the file, behind seven lines of header
      return refusal(asciiPLY(rows))
    }
    #expect(with("1 abc 3").contains("line 21, column y: \"abc\""))
    #expect(with("1 2").contains("line 21: 2 values, 3 expected"))
    #expect(with("1 2 3 4").contains("line 21: 4 values, 3 expected"))
    #expect(with("1,5 2 3").contains("line 21, column x: \"1,5\"") && with("1,5 2 3").contains("decimal comma?"))
    #expect(with("1 2 1e999").contains("line 21, column z: \"1e999\" is out of range"))
    #expect(with("0x10 2 3").contains("line 21, column x: \"0x10\""))
    #expect(with("1 1_000 3").contains("line 21, column y: \"1_000\""))
    #expect(with("1 2 3 ") == "")
    #expect(with(String(repeating: "1", count: 3_000_000)).contains("line 21: line too long"))
  }

  /// The same wrong row far behind, in another block of text, still gets its own line number.
  @Test func lineNumbersAreCountedThroughAllPieces() {
    var rows = (0..<400_000).map { "\($0) 2.125 3.0625" }
    rows[399_990] = "1 2 x"
    #expect(refusal(asciiPLY(rows)).contains("line 399998, column z: \"x\""))
  }

  @Test func wrongByteOrderIsNoticed() {
    var bytes = ply(points)
    let text = Array("little".utf8)
    guard let place = (0..<40).first(where: { Array(bytes[$0..<$0 + 6]) == text }) else {
      Issue.record("no byte order in the header")
      return
    }
    bytes.replaceSubrange(place..<place + 6, with: Array("big".utf8))
    let message = refusal(bytes)?.description ?? ""
    #expect(message.contains("values up to ") && message.contains("wrong endianness?"))
  }
}
