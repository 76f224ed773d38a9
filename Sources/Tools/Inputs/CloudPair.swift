import Rendering
import Geometry
import PointClouds
import Registration

/// One cloud of a registration: what was read and how large it is.
struct PairMember: Sendable {
  let path: String
  let loaded: LoadedCloud
  let size: SpacingEstimate

  var cloud: PointCloud { loaded.cloud }

  /// Reads a cloud and says so.
  init(_ path: String, reader: CloudReader) throws(CloudFileError) {
    self.path = path
    loaded = try reader(path)
    size = SpacingEstimate(loaded.cloud.positions)
    for warning in loaded.warnings { Console.remark("warning", "\(path): \(warning)".terminalSafe) }
    for note in loaded.notes { Console.remark("note", "\(path): \(note)".terminalSafe, tone: .label) }
  }

  /// The mean of the points near the middle of the cloud: far outliers do not pull it.
  var centroid: Point3 {
    let reach = SIMD3<Float>(repeating: max(size.extent.diagonal, 1e-30))
    let (low, high) = (size.extent.lower - reach, size.extent.upper + reach)
    var (sum, count) = (Point3.zero, 0.0)
    for p in cloud.positions where all(p .>= low) && all(p .<= high) {
      sum += Point3(p)
      count += 1
    }
    return cloud.origin + (count > 0 ? sum / count : .zero)
  }
}

/// The two clouds of a registration.
struct CloudPair: Sendable {
  let source: PairMember
  let target: PairMember

  /// Reads both clouds.
  init(source: String, target: String, reader: CloudReader) throws(CloudFileError) {
    self.source = try PairMember(source, reader: reader)
    self.target = try PairMember(target, reader: reader)
    let members = [self.source, self.target]
    let widths = (members.map { $0.path.terminalSafe.count }.max()!, members.map(\.loaded.encoding.count).max()!)
    for member in members {
      let dropped = member.loaded.droppedNonFinite
      Console.say(
        "reading",
        "\(member.path.terminalSafe.padded(widths.0))  \(member.loaded.encoding.padded(widths.1))  "
          + "\(member.loaded.declaredPoints.grouped) points"
          + (dropped > 0 ? " (\(dropped) non-finite dropped)" : ""))
    }
  }

  /// Moves the source's centroid onto the target's.
  var centroidAlignment: RigidTransform { RigidTransform(translation: target.centroid - source.centroid) }

  /// Why the clouds cannot be compared by their looks.
  var lackOfColor: String {
    let bare = [source, target].filter { $0.cloud.colors == nil && $0.cloud.intensities == nil }
    if !bare.isEmpty {
      return bare.map(\.path.terminalSafe).joined(separator: " and ") + " without colour and intensity"
    }
    let isCommon =
      source.cloud.colors != nil && target.cloud.colors != nil
      || source.cloud.intensities != nil && target.cloud.intensities != nil
    return isCommon ? "it is the same everywhere" : "one cloud has colour only, the other intensity only"
  }

  /// How far the sizes of the clouds differ.
  var sizeMismatch: SizeMismatch? { SizeMismatch(source: source.size, target: target.size) }

  /// What the files and the sizes say against any result; sizes say nothing once the source was scaled.
  func reservations(scaled: Bool) -> Reservations {
    Reservations(
      mismatch: scaled ? nil : sizeMismatch, droppedShares: (source.loaded.droppedShare, target.loaded.droppedShare))
  }

  /// Refuses a voxel that swallows a cloud or lies far below the spacing of its points. A source that will be scaled is not
  /// asked: the voxel is one of the target's.
  func check(voxel: Double?, scalesSource: Bool) throws(CommandFailure) {
    guard let voxel else { return }
    let edge = "\(voxel.significant(6)) m"
    for member in scalesSource ? [target] : [source, target] where member.cloud.count >= 3 {
      let (spacing, extent) = (Double(member.size.spacing), Double(member.size.extent.diagonal))
      if Float(voxel / 2) == 0 || voxel < spacing / 20 {
        throw CommandFailure(
          .damagedInput,
          "--voxel \(edge): every voxel leaves 1 point of \(member.path) (its points are \(spacing.significant(2)) m "
            + "apart); choose about \((4 * spacing).significant(1)) m or --voxel auto")
      }
      if extent > 0, voxel > extent / 4 {
        let left =
          Float(voxel).isFinite ? VoxelGrid(size: Float(voxel)).means(of: member.cloud.positions).counts.count : 1
        if left < 3 {
          throw CommandFailure(
            .damagedInput,
            "--voxel \(edge): the voxel leaves \(left) point\(left == 1 ? "" : "s") of \(member.path), which measures "
              + "\(extent.significant(2)) m; choose a smaller one or --voxel auto")
        }
      }
    }
  }
}
