import Evaluation
import Foundation
import Geometry
import Testing

@Suite("KITTI odometry folders") struct LayoutsOdometryTests {
  /// A camera pose that goes forward (z of the camera) by a step per frame.
  private static func pose(_ k: Int, _ step: Double = 1) -> RigidTransform {
    RigidTransform(
      rotation: Rotation3(rotationVector: Point3(0, 0.01 * Double(k), 0)),
      translation: Point3(0.1 * Double(k), 0, step * Double(k)))
  }

  private static func poses(_ count: Int, _ step: Double = 1) -> String {
    (0..<count).map { pose($0, step).line + "\n" }.joined()
  }

  private static let calibration = RigidTransform(
    rotation: Rotation3(nearest: Matrix3(rows: Point3(0, -1, 0), Point3(0, 0, -1), Point3(1, 0, 0))),
    translation: Point3(0.1, -0.2, -0.3))

  private static func truth(_ i: Int, _ j: Int, _ c: RigidTransform = calibration) -> RigidTransform {
    c.inverse * pose(i).inverse * pose(j) * c
  }

  @Test("listed pairs: scan j is moved to scan i by inv(V_i) V_j")
  func listed() throws {
    let folder = LayoutFolder()
    folder.write("sequences/03/calib.txt", "P0: 1 0 0 0 0 1 0 0 0 0 1 0\nTr: \(Self.calibration.line)\n")
    folder.write("poses/03.txt", Self.poses(20))
    folder.write("poses/04.txt", Self.poses(20))
    folder.write("pairs/03.txt", "0 5\n11 6\n")
    let benchmark = try folder.benchmark()
    #expect(benchmark.layout == .odometry && benchmark.pairs.map(\.id) == ["03/0-5", "03/11-6"])
    let pair = benchmark.pairs[1]
    #expect(pair.list == "KITTI" && pair.scene == "03")
    #expect(pair.source.path.hasSuffix("sequences/03/velodyne/000006.bin"))
    #expect(pair.target.path.hasSuffix("sequences/03/velodyne/000011.bin"))
    #expect(pair.truth?.isNear(Self.truth(11, 6)) == true)
    // The scan of frame 6 is behind that of frame 11: its points move back along x of the scanner.
    #expect((pair.truth?.translation.x ?? 0) < -4)
  }

  @Test(
    "lists with damage are named with their line",
    arguments: [
      ("0 5\n0 20\n", "line 2, column 2: frame 20 has no pose (20 poses)"), ("0 5 1\n", "line 1: 3 values"),
      ("3 3\n", "line 1"), ("0 5\n1 6\n0 5\n", "line 3: pair 0 5 is on line 1 already"), ("-1 5\n", "frame -1"),
      ("0 x\n", "\"x\""),
    ])
  func damage(text: String, cause: String) {
    let folder = LayoutFolder()
    folder.write("sequences/03/calib.txt", "Tr: \(Self.calibration.line)\n")
    folder.write("poses/03.txt", Self.poses(20))
    folder.write("pairs/03.txt", text)
    let error = folder.error()
    #expect(error?.fileKind == .damaged && error?.description.contains(cause) == true, "\(error?.description ?? "")")
  }

  @Test("10 m protocol: the frame before the first one beyond 10 m, then the frame after it; the earlier scan is moved")
  func protocolPairs() throws {
    let folder = LayoutFolder()
    folder.write("dataset/sequences/00/velodyne/.keep")
    folder.write("dataset/poses/00.txt", Self.poses(34))
    let benchmark = try folder.benchmark()
    // Steps of a bit more than 1 m: frame 10 is beyond 10 m, so the pairs end at 9, 19, 29; the rest is too short.
    #expect(benchmark.pairs.map(\.id) == ["00/9-0", "00/19-10", "00/29-20"])
    #expect(benchmark.pairs[0].source.path.hasSuffix("000000.bin"))
    #expect(benchmark.notes.contains { $0.contains("no calib.txt") })
    let velodyne = RigidTransform(
      rotation: Rotation3(
        nearest: Matrix3(
          rows: Point3(7.533745e-03, -9.999714e-01, -6.166020e-04), Point3(1.480249e-02, 7.280733e-04, -9.998902e-01),
          Point3(9.998621e-01, 7.523790e-03, 1.480755e-02))),
      translation: Point3(-4.069766e-03, -7.631618e-02, -2.717806e-01))
    #expect(benchmark.pairs[0].truth?.isNear(Self.truth(9, 0, velodyne)) == true)
  }

  @Test("10 m protocol against brute force: gaps in the scans, standing still, steps beyond 10 m")
  func protocolLaws() {
    for (step, scans) in [(1.0, nil), (0.05, nil), (0.3, [Int](5..<90) + [Int](95..<300)), (12, nil), (0, nil)]
      as [(Double, [Int]?)]
    {
      let places = (0..<300).map { Point3(0, 0, step * Double($0)) }
      let pairs = OdometryPairs.frames(places, scans: scans)
      let isThere = Set(scans ?? Array(0..<300))
      var free = scans?.first ?? 0
      for (t, u) in pairs {
        #expect(t >= free && u > t && isThere.contains(t) && isThere.contains(u))
        if step < 10 {
          #expect((places[u] - places[t]).length <= 10 && (places[u + 1] - places[t]).length > 10 && u + 1 < t + 100)
        }
        free = u + 1
      }
      #expect(pairs.isEmpty == (step == 0 || step == 0.05))
    }
    #expect(OdometryPairs.frames([]).isEmpty && OdometryPairs.frames([.zero], scans: [7]).isEmpty)
  }

  @Test("the tested sequences 08 to 10 are chosen when all are there, and (8, 15, 58) is left out")
  func tested() throws {
    let folder = LayoutFolder()
    folder.write("sequences/08/velodyne/.keep")
    for sequence in ["07", "08", "09", "10"] { folder.write("poses/\(sequence).txt", Self.poses(30)) }
    // A jump after frame 14, then 0.23 m per frame: the second pair is (15, 58).
    let slow = (0..<120).map { k -> String in
      let place: Double = k < 15 ? 0.7 * Double(k) : 1000 + 0.23 * Double(k)
      return RigidTransform(translation: Point3(0, 0, place)).line + "\n"
    }
    folder.write("poses/08.txt", slow.joined())
    let benchmark = try folder.benchmark()
    #expect(Set(benchmark.pairs.map(\.scene)) == ["08", "09", "10"])
    #expect(benchmark.pairs.prefix(2).map(\.id) == ["08/14-0", "08/102-59"])
    #expect(benchmark.notes.contains { $0.contains("555") })
    let all = try folder.benchmark { $0.sequences = ["08"] }
    #expect(all.pairs.map(\.id) == ["08/14-0", "08/102-59"])
    #expect(folder.error { $0.sequences = ["11"] }?.fileKind == .missing)
  }

  @Test("refined truth: M·reg as stored, reg·M as the exact order")
  func refined() throws {
    let folder = LayoutFolder()
    folder.write("dataset/sequences/00/velodyne/.keep")
    folder.write("dataset/poses/00.txt", Self.poses(12))
    let plain = try #require(try folder.benchmark().pairs[0].truth)
    let reg = RigidTransform(rotation: Rotation3(rotationVector: Point3(0.01, 0, 0.02)), translation: Point3(0.1, 0, 0))
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    let header =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 4), }".padding(
        toLength: 117, withPad: " ", startingAt: 0) + "\n"
    bytes += [UInt8(header.utf8.count), 0] + Array(header.utf8)
    for value in (plain * reg).rows.flatMap({ $0 }) {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
    }
    folder.write("icp/0_0_9.npy", bytes)
    #expect(try folder.benchmark().pairs[0].truth?.isNear(plain * reg) == true)
    #expect(try folder.benchmark { $0.odometryTruth = .exact }.pairs[0].truth?.isNear(reg * plain) == true)
    folder.write("icp/0_0_9.npy", Array(bytes.dropLast(8)))
    #expect(folder.error()?.fileKind == .damaged)
  }
}
