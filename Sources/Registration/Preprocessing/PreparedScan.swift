import Geometry
import PointClouds
import Synchronization

/// One scan made ready to be registered with any number of others.
///
/// What registration derives from one cloud alone (its working frame, the voxel that suits it and, at every working voxel,
/// surfaces, normals, descriptors and nearest-point grids) is computed when it is first asked for, and kept. So a batch that
/// registers a scan with many others keeps its `PreparedScan`; the results are the same bits as from the clouds themselves.
///
/// Memory: 16 bytes per point and its colour and intensity, and some 10 MB for every working voxel that it was registered at, see ``byteCount``.
public final class PreparedScan: Sendable {
  /// What messages call the scan: a file, or its part in the registration.
  public let name: String
  /// The cloud in its working frame.
  let frame: WorkingFrame
  /// How much larger the scan is than what was read, see ``scaled(by:)``.
  let scale: Double
  private let kept = Mutex(Kept())

  private struct Kept: Sendable {
    /// The voxel that suits the scan, by the number of voxels that it should fill.
    var edges: [Double: Double] = [:]
    /// What the scan is at a working voxel.
    var levels: [Double: ScanLevel] = [:]
  }

  /// Moves a cloud to its working frame; the rest is computed when it is needed.
  /// - Throws: ``RegistrationError`` for clouds that cannot fix a pose, such as points on a line.
  public init(_ cloud: PointCloud, name: String) throws(RegistrationError) {
    self.name = name
    scale = 1
    frame = try WorkingFrame(cloud, name: name)
  }

  private init(_ frame: WorkingFrame, name: String, scale: Double) {
    (self.frame, self.name, self.scale) = (frame, name, scale)
  }

  /// The scan with all its lengths multiplied by a factor, about the origin of its coordinates.
  func scaled(by factor: Double) throws(RegistrationError) -> PreparedScan {
    if factor == 1 { return self }
    var larger = try WorkingFrame(
      frame.cloud.transformed(by: SimilarityTransform(scale: factor)), name: name)
    larger.outlierCount += frame.outlierCount
    return PreparedScan(larger, name: name, scale: scale * factor)
  }

  /// How many bytes the scan takes with all that was computed for it until now.
  public var byteCount: Int {
    let cloud = frame.cloud
    let bytes = cloud.positions.byteCount + (cloud.intensities?.byteCount ?? 0) + (cloud.colors?.byteCount ?? 0)
    return kept.withLock { $0.levels.values.reduce(bytes) { $0 + $1.byteCount } }
  }

  /// The edge of the voxel at which the scan fills a wanted number of voxels, metres.
  func edge(filling wanted: Double) -> Double {
    if let edge = kept.withLock({ $0.edges[wanted] }) { return edge }
    let edge = WorkingVoxel(wantedVoxels: wanted).edge(for: frame)
    kept.withLock { $0.edges[wanted] = edge }
    return edge
  }

  /// The scan at a working voxel, metres.
  /// - Throws: when the voxel swallows the scan.
  func level(voxel: Double) throws(RegistrationError) -> ScanLevel {
    if let level = kept.withLock({ $0.levels[voxel] }) { return level }
    // Not under the lock: preparing takes all threads. Whoever comes second gets what the first has kept.
    let level = ScanLevel(try PreparedCloud(frame, voxel: voxel, name: name), voxel: voxel)
    return kept.withLock {
      let first = $0.levels[voxel] ?? level
      $0.levels[voxel] = first
      return first
    }
  }
}
