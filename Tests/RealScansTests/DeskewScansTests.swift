import Geometry
import PointClouds
import Registration
import Solvers
import Testing

private let hasSweeps = RealPair.folder != nil

/// Sweeps of a hand-held LiDAR with the authors' own deskewed clouds, point by point.
@Suite struct DeskewScansTests {
  /// The authors' clouds are in the frame of another sensor: a rigid motion is taken out before the points are compared.
  private func distance(_ found: PointCloud, _ truth: PointCloud) throws -> Double {
    let pairs = (0..<truth.count).map { (source: found.position($0), target: truth.position($0)) }
    let pose = try #require(RigidAlignment(pairs).transform)
    let squares = pairs.reduce(0.0) { $0 + (pose($1.source) - $1.target).squaredLength }
    return (squares / Double(pairs.count)).squareRoot()
  }

  @Test(.enabled(if: hasSweeps, "real scans are absent"), arguments: [(0, 1), (1, 0)])
  func theTurnFromAnotherSweepComesNearTheAuthors(scan: Int, other: Int) throws {
    let folder = try #require(RealPair.folder).appending(path: "lidar_newer_college_06_deskew")
    func read(_ name: String) throws -> LoadedCloud { try CloudReader()(folder.appending(path: name).path) }
    func sweep(_ k: Int) throws -> TimedScan {
      let loaded = try read("raw_0\(k).ply")
      return try TimedScan(loaded.cloud, times: loaded.times, name: "raw_0\(k).ply")
    }
    let (raw, truth) = (try sweep(scan), try read("deskewed_0\(scan).ply").cloud)
    let motion = try SweepMotion.turn(of: raw, with: try sweep(other))
    let (before, after) = (try distance(raw.cloud, truth), try distance(raw.still(SweepWarp(motion.twist)), truth))
    print("deskew \(scan) with \(other): \(before) m from the authors' cloud before, \(after) m after")
    #expect(after < before / 3 && after < 0.2)
  }
}
