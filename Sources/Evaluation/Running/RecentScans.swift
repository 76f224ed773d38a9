import PointClouds
import Geometry

/// The scans that were used last, as many as fit a budget; only their points are kept.
struct RecentScans {
  /// The most bytes that are kept besides the scan in use.
  let budget: Int
  /// Oldest first.
  private var kept: [(path: String, cloud: PointCloud)] = []
  private var bytes = 0

  init(budget: Int) { self.budget = budget }

  /// A scan, kept or read.
  mutating func scan(_ path: String, _ reader: CloudReader) throws(CloudFileError) -> PointCloud {
    if let i = kept.firstIndex(where: { $0.path == path }) {
      let found = kept.remove(at: i)
      kept.append(found)
      return found.cloud
    }
    let loaded = try reader(path).cloud
    let cloud = PointCloud(positions: loaded.positions, origin: loaded.origin)
    kept.append((path, cloud))
    bytes += RecentScans.size(cloud)
    while bytes > budget, kept.count > 1 { bytes -= RecentScans.size(kept.removeFirst().cloud) }
    return cloud
  }

  private static func size(_ cloud: PointCloud) -> Int { cloud.count * MemoryLayout<SIMD3<Float>>.stride + 256 }
}
