import Foundation
import Geometry
import Parallelism
import PointClouds
import Registration
import Testing

@Suite(.serialized) struct PreparedScanTests {
  private static let data = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "data")

  private static func cloud(_ name: String) throws -> PointCloud {
    try CloudReader()(data.appending(path: "\(name).ply").path).cloud
  }

  /// Everything of a result but its times.
  private func expectSame(
    _ a: RegistrationResult, _ b: RegistrationResult, _ comment: Comment, location: SourceLocation = #_sourceLocation
  ) {
    #expect(a.targetFromSource.rows == b.targetFromSource.rows, comment, sourceLocation: location)
    #expect(a.localTransform.rows == b.localTransform.rows, comment, sourceLocation: location)
    #expect(a.verdict == b.verdict && a.reasons == b.reasons, comment, sourceLocation: location)
    #expect(a.diagnosis == b.diagnosis, comment, sourceLocation: location)
    #expect(a.voxel == b.voxel && a.offset == b.offset, comment, sourceLocation: location)
    #expect(a.alternatives.map(\.targetFromSource.rows) == b.alternatives.map(\.targetFromSource.rows), comment)
    #expect(a.putativeMatches == b.putativeMatches, comment, sourceLocation: location)
    #expect(a.stages.map(\.name) == b.stages.map(\.name), comment, sourceLocation: location)
    #expect(
      a.stages.map { $0.counts.map(\.value) } == b.stages.map { $0.counts.map(\.value) }, comment,
      sourceLocation: location)
  }

  @Test("kept scans give the bits of fresh clouds, whatever was registered before and on any number of threads")
  func keptScansChangeNothing() throws {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let clouds = (room: try Self.cloud("room_source"), other: try Self.cloud("room_target"))
    let third = try Self.cloud("street_source")
    var local = Registrar.Settings()
    local.method = .local
    local.voxel = 0.09
    let forward = try Registrar()(source: clouds.room, target: clouds.other)
    let backward = try Registrar()(source: clouds.other, target: clouds.room)
    let refined = try Registrar(settings: local)(source: clouds.room, target: clouds.other)
    #expect(forward.putativeMatches.count > 100 && refined.putativeMatches.isEmpty)
    for threads in [1, 3] {
      Parallel.threads = threads
      let scans = (
        room: try PreparedScan(clouds.room, name: "a"), other: try PreparedScan(clouds.other, name: "b"),
        third: try PreparedScan(third, name: "c")
      )
      _ = try Registrar()(source: scans.third, target: scans.room)
      expectSame(try Registrar(settings: local)(source: scans.room, target: scans.other), refined, "local first")
      for round in 0..<2 {
        expectSame(try Registrar()(source: scans.room, target: scans.other), forward, "\(threads) threads, \(round)")
        expectSame(try Registrar()(source: scans.other, target: scans.room), backward, "\(threads) threads, \(round)")
      }
      expectSame(try Registrar(settings: local)(source: scans.room, target: scans.other), refined, "local last")
    }
  }

  @Test("a scan on itself is the identity, and only the first registration makes it grow")
  func growth() throws {
    let cloud = try Self.cloud("object_source")
    let scan = try PreparedScan(cloud, name: "object")
    let bare = scan.byteCount
    let attributes =
      4 * (cloud.intensities?.count ?? 0) + (cloud.colors?.count ?? 0) * MemoryLayout<SIMD3<UInt8>>.stride
    #expect(bare == 16 * cloud.count + attributes)
    let result = try Registrar()(source: scan, target: scan)
    #expect(result.targetFromSource.rotation.angleDegrees < 0.01)
    let grown = scan.byteCount
    let features = try #require(result.stages.first { $0.name == "features" }?.counts.first?.value)
    let dimension = DescriptorMap.shipped.dimension
    #expect(grown > bare + features * dimension * 4, "descriptors alone are that large")
    _ = try Registrar()(source: scan, target: scan)
    #expect(scan.byteCount == grown)
    var finer = Registrar.Settings()
    finer.voxel = result.voxel / 1.1
    _ = try Registrar(settings: finer)(source: scan, target: scan)
    #expect(scan.byteCount > grown + (grown - bare) / 2, "another voxel is another level")
  }

  @Test("messages name the scan")
  func errors() throws {
    let line = PointCloud(positions: (0..<50).map { SIMD3(Float($0), 0, 0) })
    let error = #expect(throws: RegistrationError.self) { try PreparedScan(line, name: "wire.ply") }
    #expect(error?.description.hasPrefix("wire.ply: the points lie on a line") == true)
    let scan = try PreparedScan(try Self.cloud("object_source"), name: "cup.ply")
    var coarse = Registrar.Settings()
    coarse.voxel = 10
    let swallowed = #expect(throws: RegistrationError.self) {
      try Registrar(settings: coarse)(source: scan, target: scan)
    }
    #expect(swallowed?.description.hasPrefix("cup.ply: voxel 10.0 m leaves") == true)
  }

  @Test("putative matches are in true coordinates: many agree with the truth, wherever the survey put its origin")
  func matches() throws {
    let text = try String(contentsOf: Self.data.appending(path: "room_truth.txt"), encoding: .utf8)
    let truth = try RigidTransform(rowMajor: text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) })
    let (source, target) = (try Self.cloud("room_source"), try Self.cloud("room_target"))
    let shift = Point3(431_000, -5_210_000, 300)
    func moved(_ cloud: PointCloud, by shift: Point3) -> PointCloud {
      PointCloud(positions: cloud.positions, origin: cloud.origin + shift)
    }
    let result = try Registrar()(source: moved(source, by: shift), target: moved(target, by: -shift))
    let inliers = result.putativeMatches.count {
      (truth($0.source - shift) - ($0.target + shift)).length < 0.1
    }
    #expect(inliers * 5 > result.putativeMatches.count, "\(inliers) of \(result.putativeMatches.count)")
    #expect(result.putativeMatches.count == result.diagnosis.correspondenceCount)
  }
}

@Suite struct WorkingVoxelTests {
  @Test("rounding: the nearest power of 2^(1/4), once and for all, at any scale")
  func laws() {
    var edge = 1e-12
    while edge < 1e9 {
      let rounded = WorkingVoxel.rounded(edge)
      #expect(abs(log2(rounded / edge)) <= 0.125 + 1e-12, "\(edge) → \(rounded)")
      let power = 4 * log2(rounded)
      #expect(abs(power - power.rounded()) < 1e-9, "\(rounded)")
      #expect(WorkingVoxel.rounded(rounded) == rounded)
      #expect(WorkingVoxel.rounded(rounded.nextUp) == rounded && WorkingVoxel.rounded(rounded.nextDown) == rounded)
      #expect(WorkingVoxel.rounded(2 * edge) == 2 * rounded)
      #expect(WorkingVoxel.rounded(1.01 * edge) >= rounded)
      edge *= 1.0137
    }
    // What is no length stays what it is, for others to refuse.
    #expect(WorkingVoxel.rounded(0) == 0 && WorkingVoxel.rounded(.infinity) == .infinity)
    #expect(WorkingVoxel.rounded(.leastNonzeroMagnitude) > 0 && WorkingVoxel.rounded(.greatestFiniteMagnitude) > 1e308)
  }

  @Test("a registration works at a rounded voxel that scales with the clouds and does not mind their order")
  func registrations() throws {
    let sheet = (0..<3600).map { k -> SIMD3<Float> in
      let (x, y) = (Double(k / 60), Double(k % 60))
      let height = 4 * (sin(0.31 * x) * cos(0.23 * y) + sin(0.11 * y))
      return 0.01 * SIMD3(Float(x), Float(y), Float(height))
    }
    let part = sheet.filter { $0.x < 0.4 }
    func voxel(_ a: [SIMD3<Float>], _ b: [SIMD3<Float>], _ edge: Double? = nil) throws -> Double {
      var settings = Registrar.Settings()
      settings.method = .local
      settings.voxel = edge
      return try Registrar(settings: settings)(source: PointCloud(positions: a), target: PointCloud(positions: b)).voxel
    }
    let v = try voxel(sheet, part)
    #expect(v == WorkingVoxel.rounded(v))
    #expect(try voxel(part, sheet) == v)
    for scale in [Float(0x1p-30), 0.5, 1024] {
      #expect(try voxel(sheet.map { scale * $0 }, part.map { scale * $0 }) == Double(scale) * v)
    }
    #expect(try voxel(sheet, part, 0.0371) == 0.0371, "a given voxel is taken as it is")
  }
}
