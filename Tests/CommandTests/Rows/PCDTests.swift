import Testing

/// Rows 39–43: PCD files.
@Suite struct PCDTests {
  private let points = Pair.small.source

  @Test("good PCD files", arguments: PCD.Encoding.allCases)
  func good(encoding: PCD.Encoding) throws {
    try TemporaryFolder.with { folder in
      try expectReadable(try folder.write("good.pcd", PCD(points, encoding).bytes), folder)
    }
  }

  @Test("row 39: PCD cut at half and before the last byte", arguments: PCD.Encoding.allCases)
  func cut(encoding: PCD.Encoding) throws {
    try TemporaryFolder.with { folder in
      let pcd = PCD(points, encoding)
      let half = try folder.write("half.pcd", pcd.header + pcd.body.prefix(pcd.body.count / 2))
      try expectUnreadable(half, folder, containing: ["4000"])
      if encoding == .ascii { return }
      let last = try folder.write("last.pcd", pcd.bytes.dropLast())
      try expectUnreadable(last, folder, containing: encoding == .binary ? ["4000", "3999"] : [])
    }
  }

  @Test("row 39: PCD cut in the header")
  func cutInHeader() throws {
    try TemporaryFolder.with { folder in
      try expectUnreadable(try folder.write("cut.pcd", PCD(points).header.prefix(90)), folder)
    }
  }

  @Test("row 40: WIDTH × HEIGHT differs from POINTS")
  func sizes() throws {
    try TemporaryFolder.with { folder in
      var pcd = PCD(points)
      pcd.replaced = ["HEIGHT": "2"]
      try expectUnreadable(try folder.write("sizes.pcd", pcd.bytes), folder, containing: ["POINTS"])
    }
  }

  @Test("row 41: compressed block that claims 4 GB", arguments: [true, false])
  func bomb(consistent: Bool) throws {
    try TemporaryFolder.with { folder in
      var pcd = PCD([], .compressed)
      let count = consistent ? "357913941" : "4000"
      pcd.replaced = ["WIDTH": count, "POINTS": count]
      let block = PCD.compressedBlock(Array(repeating: 0, count: 160), claimed: 4_294_967_292)
      try expectUnreadable(try folder.write("bomb.pcd", pcd.header + block), folder, megabytes: 100)
    }
  }

  @Test("row 41: damaged compressed blocks", arguments: [0, 1, 2, 3])
  func damagedBlock(kind: Int) throws {
    try TemporaryFolder.with { folder in
      let pcd = PCD(points, .compressed)
      var body = pcd.body
      switch kind {
      case 0: body.replaceSubrange(8..<1000, with: garbage(992))  // wild back references
      case 1: body.replaceSubrange(0..<4, with: [255, 255, 255, 127])  // more packed bytes than the file has
      case 2: body.replaceSubrange(4..<8, with: [1, 0, 0, 0])  // fewer bytes than the points need
      default: body = Array(body.prefix(5))  // cut in the sizes
      }
      try expectUnreadable(try folder.write("block.pcd", pcd.header + body), folder)
    }
  }

  @Test(
    "row 42: SIZE, TYPE, COUNT, DATA that nothing has",
    arguments: [
      ("SIZE", "0 4 4"), ("TYPE", "Q F F"), ("COUNT", "-1 1 1"), ("COUNT", "0 1 1"), ("SIZE", "4 4"), ("SIZE", "3 4 4"),
      ("POINTS", "-1"), ("POINTS", "100000000000000000000"), ("WIDTH", "x"), ("DATA", "zipped"), ("FIELDS", "a b c"),
      ("COUNT", "4294967296 1 1"), ("FIELDS", "x y x"),
    ])
  func badHeader(keyword: String, value: String) throws {
    try TemporaryFolder.with { folder in
      var pcd = PCD(points)
      pcd.replaced = [keyword: value]
      try expectUnreadable(try folder.write("header.pcd", pcd.bytes), folder)
    }
  }

  @Test("row 43: fields out of order with colour and padding", arguments: [PCD.Encoding.ascii, .binary])
  func mixed(encoding: PCD.Encoding) throws {
    try TemporaryFolder.with { folder in
      try expectReadable(try folder.write("mixed.pcd", PCD.mixed(points, encoding)), folder)
    }
  }
}
