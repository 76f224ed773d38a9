import Foundation
import Geometry
import PointClouds
import Testing

@Suite struct CloudWriterTests {
  /// A cloud with everything that a file can hold.
  private func cloud(origin: Point3 = .zero) -> PointCloud {
    var numbers = SeededNumbers(state: 8)
    let n = 40_000
    return PointCloud(
      positions: randomPoints(n, seed: 6, in: -20...20), origin: origin,
      normals: randomPoints(n, seed: 7).map { $0.normalized },
      intensities: (0..<n).map { Float($0) / 7 },
      colors: (0..<n).map { _ in SIMD3.random(in: 0...255, using: &numbers) }, sensorPosition: Point3(1, 2, 3.5))
  }

  private func roundTrip(_ writer: CloudWriter, _ cloud: PointCloud, _ name: String) throws -> LoadedCloud {
    let scratch = Scratch()
    try writer(cloud, to: scratch.path(name))
    #expect(scratch.names == [name])
    return try CloudReader()(scratch.path(name))
  }

  @Test(arguments: [CloudFormat.ply, .pcd], CloudWriter.Encoding.allCases)
  func everythingComesBack(format: CloudFormat, encoding: CloudWriter.Encoding) throws {
    let cloud = cloud()
    let file = try roundTrip(CloudWriter(format: format, encoding: encoding), cloud, "a.\(format.rawValue)")
    #expect(file.cloud.positions == cloud.positions && file.cloud.origin == .zero)
    #expect(file.cloud.normals == cloud.normals)
    #expect(file.cloud.intensities == cloud.intensities)
    #expect(file.cloud.colors == cloud.colors)
    #expect(file.cloud.sensorPosition == (format == .pcd ? cloud.sensorPosition : nil))
    #expect(!file.storedAsDouble && file.warnings.isEmpty && file.notes.isEmpty)
  }

  @Test(arguments: [CloudFormat.ply, .pcd, .xyz, .csv, .npy])
  func originsMakeDoubles(format: CloudFormat) throws {
    let cloud = cloud(origin: Point3(500_000.25, 5_000_000, 100))
    for encoding in CloudWriter.Encoding.allCases {
      let file = try roundTrip(CloudWriter(format: format, encoding: encoding), cloud, "a.\(format.rawValue)")
      #expect(file.storedAsDouble)
      for i in 0..<cloud.count { #expect((file.cloud.position(i) - cloud.position(i)).length < 4e-6) }
    }
    let single = try roundTrip(CloudWriter(format: format, precision: .single), cloud, "a.\(format.rawValue)")
    #expect(abs(single.cloud.position(5).x - cloud.position(5).x) > 1e-6)
    let double = try roundTrip(
      CloudWriter(format: format, precision: .double), PointCloud(positions: cloud.positions), "a.\(format.rawValue)")
    #expect(double.cloud.positions == cloud.positions && double.storedAsDouble)
  }

  @Test func simpleFormats() throws {
    let cloud = cloud()
    let csv = try roundTrip(CloudWriter(format: .csv), cloud, "a.csv").cloud
    #expect(csv.positions == cloud.positions && csv.colors == cloud.colors && csv.normals == cloud.normals)
    #expect(csv.intensities == cloud.intensities)
    let kitti = try roundTrip(CloudWriter(format: .kitti), cloud, "a.bin").cloud
    #expect(kitti.positions == cloud.positions && kitti.intensities == cloud.intensities)
    let npy = try roundTrip(CloudWriter(format: .npy), cloud, "a.npy").cloud
    #expect(npy.positions == cloud.positions)
    let bare = PointCloud(positions: cloud.positions, intensities: cloud.intensities, colors: cloud.colors)
    let xyz = try roundTrip(CloudWriter(format: .xyz), bare, "a.xyz").cloud
    #expect(xyz.positions == cloud.positions && xyz.colors == cloud.colors && xyz.intensities == cloud.intensities)
    #expect(CloudFormat(path: "/a.b/c.PCD") == .pcd && CloudFormat(path: "/a.ply/c") == nil)
    #expect(CloudFormat(pathExtension: "TXT") == .xyz && CloudFormat(pathExtension: "las") == nil)
  }

  @Test func existingFilesAreKept() throws {
    let scratch = Scratch()
    let path = scratch.file("a.ply", [1, 2, 3])
    do {
      try CloudWriter(format: .ply)(cloud(), to: path)
      Issue.record("an existing file was replaced")
    } catch { #expect(error.kind == .wouldOverwrite && error.description.contains("exists already")) }
    #expect(FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
    try CloudWriter(format: .ply)(cloud(), to: path, replacing: true)
    #expect(try CloudReader()(path).cloud.count == 40_000)
    #expect(scratch.names == ["a.ply"])
  }
}
