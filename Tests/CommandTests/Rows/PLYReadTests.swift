import Testing

/// Rows 20–25 and 33–35: unusual PLY files that are valid.
@Suite struct PLYReadTests {
  private let points = Pair.small.source

  /// Writes a file and expects that it registers.
  @discardableResult
  private func accept(
    _ bytes: [UInt8], name: String = "valid.ply", saying words: [String] = [],
    at location: SourceLocation = #_sourceLocation
  ) throws -> RegisterReport? {
    try TemporaryFolder.with { folder in
      try expectReadable(try folder.write(name, bytes), folder, saying: words, at: location)
    }
  }

  @Test("row 20: vertices after a list of faces", arguments: PLY.Encoding.allCases)
  func facesFirst(encoding: PLY.Encoding) throws {
    var ply = PLY(points, encoding)
    var payload: [UInt8] = []
    let faces = [[0, 1, 2], [0, 1, 2, 3], [7, 8, 9, 10, 11]] as [[Int32]]
    for face in faces {
      if encoding == .ascii {
        payload.append("\(face.count) " + face.map(String.init).joined(separator: " ") + "\n")
      } else {
        payload.append(UInt8(face.count))
        for index in face { payload.append(index, encoding == .big ? .big : .little) }
      }
    }
    ply.leading = (["element face 3", "property list uchar int vertex_indices"], payload)
    try accept(ply.bytes)
  }

  @Test("row 21: CRLF line ends", arguments: PLY.Encoding.allCases)
  func carriageReturns(encoding: PLY.Encoding) throws {
    var ply = PLY(points, encoding)
    ply.lineEnd = "\r\n"
    try accept(ply.bytes)
  }

  @Test(
    "row 22: comments and obj_info",
    arguments: [
      ["comment written by Jürgen 点", "obj_info origin unknown"], ["obj_info num_cols 100", "obj_info num_rows 10000"],
      ["comment element vertex 3", "comment end_header is not here", "comment"], ["obj_info is_mesh 0", "obj_info"],
    ])
  func comments(lines: [String]) throws {
    var ply = PLY(points)
    ply.comments = lines
    try accept(ply.bytes)
  }

  @Test(
    "row 22: colours in any order and number",
    arguments: [
      ["blue", "green", "red"], ["red"], ["red", "green", "blue", "alpha"], ["alpha", "red"],
    ])
  func colors(names: [String]) throws {
    var ply = PLY(points)
    ply.after = (names.map { "property uchar \($0)" }, names.map { _ in 200 })
    try accept(ply.bytes)
    ply.before = ply.after
    ply.after = ([], [])
    try accept(ply.bytes)
  }

  @Test("row 22: camera and range_grid elements after the vertices")
  func camera() throws {
    var ply = PLY(points)
    var camera: [UInt8] = []
    for value in [640, 480] as [Int32] { camera.append(value) }
    ply.trailing = (["element camera 1", "property int viewportx", "property int viewporty"], camera)
    try accept(ply.bytes)
    ply.trailing = (["element range_grid 2", "property list uchar int vertex_indices"], [1, 0, 0, 0, 0, 0])
    try accept(ply.bytes)
  }

  @Test("row 22: properties of every type around the coordinates")
  func manyProperties() throws {
    var ply = PLY(points)
    ply.before = (["property char a", "property ushort b", "property double c"], Array(repeating: 1, count: 11))
    ply.after = (["property int8 d", "property uint32 e", "property float32 quality"], Array(repeating: 1, count: 9))
    try accept(ply.bytes)
  }

  @Test("rows 24 and 25: big-endian equals little-endian to the bit, ASCII within 1e-6")
  func encodings() throws {
    for scalar in ["float", "double"] {
      var results: [PLY.Encoding: RegisterReport] = [:]
      for encoding in PLY.Encoding.allCases {
        var ply = PLY(points, encoding)
        ply.scalar = scalar
        results[encoding] = try accept(ply.bytes)
      }
      let (little, big, ascii) = (results[.little], results[.big], results[.ascii])
      for key in ["T", "T_inverse", "covariance"] where little?.object[key] != nil {
        #expect(little?.printed(key) == big?.printed(key), "\(key) of \(scalar)")
      }
      #expect(little != nil && little?.T == big?.T)
      #expect((little?.T ?? []).largestDifference(ascii?.T ?? []) < 1e-6)
    }
  }

  @Test("row 33: PLY named .pcd")
  func wrongEnding() throws { try accept(PLY(points).bytes, name: "really.pcd", saying: ["content is PLY"]) }

  @Test("rows 34 and 35: the name does not matter", arguments: ["cloud", "cloud.foo", "CLOUD.PLY", "cloud."])
  func anyName(name: String) throws {
    try accept(PLY(points).bytes, name: name)
    try accept(PLY(points, .ascii).bytes, name: name)
  }
}
