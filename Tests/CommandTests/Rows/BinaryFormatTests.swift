import Foundation
import Testing

/// Rows 37, 38, 44, 45: KITTI, nuScenes and NumPy files.
@Suite struct BinaryFormatTests {
  private let points = Pair.small.source

  @Test("row 37: KITTI file whose size is not a multiple of 16", arguments: [[], ["--format", "kitti"]])
  func oddSize(options: [String]) throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("odd.bin", garbage(13))
      try expectUnreadable(file, folder, containing: ["13 bytes is not a multiple of 16"], options: options)
    }
  }

  @Test("row 37: a good KITTI file")
  func kitti() throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("000000.bin", Records.file(points, extra: [0.25]))
      try expectReadable(file, folder)
    }
  }

  @Test("row 38: nuScenes records with --format")
  func nuScenes() throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("sweep.bin", Records.file(points, extra: [12, 3]))
      let looked = try Command(arguments: ["inspect", file, "--format", "nuscenes"]).run()
      expectOrderly(looked)
      #expect(looked.exit == 0, "\(looked)")
      // --format speaks of both files, so the target has to be of that format too.
      let target = try folder.write("target.bin", Records.file(Pair.small.target, extra: [12, 3]))
      let outcome = try Command(arguments: ["register", file, target, "--format", "nuscenes", "--json"]).run()
      expectOrderly(outcome)
      #expect(outcome.exit == 0, "\(outcome)")
      let off = RegisterReport(outcome.output)?.displacement(from: Pair.small.targetFromSource, over: points)
      #expect(off ?? 1 < 0.05, "\(outcome)")
    }
  }

  @Test("row 38: nuScenes records without --format", arguments: [3999, 4000])
  func nuScenesUnnamed(count: Int) throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("sweep.pcd.bin", Records.file(Array(points.prefix(count)), extra: [12, 3]))
      try expectUnreadable(file, folder, containing: ["nuscenes"])
    }
  }

  @Test("row 44: a pickled array of objects")
  func pickled() throws {
    try TemporaryFolder.with { folder in
      let bytes = NumPy.file(descr: "|O", shape: "(4000, 3)", body: garbage(5000))
      try expectUnreadable(try folder.write("objects.npy", bytes), folder, containing: ["object arrays refused"])
    }
  }

  @Test("row 45: NumPy types", arguments: ["<f4", ">f4", "<f8", ">f8"])
  func types(descr: String) throws {
    try TemporaryFolder.with { folder in
      for fortran in [false, true] {
        let file = try folder.write("array.npy", NumPy.points(points, descr: descr, fortran: fortran))
        try expectReadable(file, folder)
      }
    }
  }

  @Test("row 45: NumPy half precision is read to the bit")
  func half() throws {
    try TemporaryFolder.with { folder in
      let rounded = points.map { p in SIMD3(NumPy.half(p.x), NumPy.half(p.y), NumPy.half(p.z)) }
      let target = try folder.write("rounded.ply", PLY(rounded).bytes)
      for fortran in [false, true] {
        let source = try folder.write("half.npy", NumPy.points(points, descr: "<f2", fortran: fortran))
        let outcome = try Command(arguments: ["register", source, target, "--json"]).run()
        expectOrderly(outcome)
        #expect(outcome.exit == 0, "\(outcome)")
        #expect((RegisterReport(outcome.output)?.T ?? []).largestDifference(.identity) < 1e-9, "\(outcome)")
      }
    }
  }

  @Test("row 45: shape (3, N)", arguments: [false, true])
  func transposed(fortran: Bool) throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("columns.npy", NumPy.points(points, fortran: fortran, transposed: true))
      let outcome = try Command(arguments: ["inspect", file]).run()
      if outcome.exit == 65 {
        expectRefused(outcome, code: [65], containing: ["(3, "], naming: "columns.npy")
      } else {
        try expectReadable(file, folder)
      }
    }
  }

  @Test("row 45: an ambiguous shape (3, 3) is refused or read, never a crash")
  func ambiguous() throws {
    try TemporaryFolder.with { folder in
      let file = try folder.write("three.npy", NumPy.points(Array(points.prefix(3))))
      let outcome = try Command(arguments: ["inspect", file]).run()
      expectOrderly(outcome)
      #expect([0, 65].contains(outcome.exit), "\(outcome)")
    }
  }

  @Test(
    "rows 44 and 45: damaged NumPy files",
    arguments: [
      ("(4001, 3)", "<f4"), ("(4000, 2)", "<f4"), ("(12000,)", "<f4"), ("(99999999999999999999, 3)", "<f4"),
      ("(-4000, 3)", "<f4"), ("(4000, 3)", "<c8"), ("(4000, 3)", "<f9"), ("(4611686018427387904, 4)", "<f4"),
    ])
  func damaged(shape: String, descr: String) throws {
    try TemporaryFolder.with { folder in
      let body = Records.file(points, extra: [])
      let file = try folder.write("bad.npy", NumPy.file(descr: descr, shape: shape, body: body))
      try expectUnreadable(file, folder)
    }
  }
}
