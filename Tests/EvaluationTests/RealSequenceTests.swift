import Evaluation
import Foundation
import Geometry
import PointClouds
import Testing
import Tracking

/// The first 60 scans of KITTI tracking 0000, which lie beside the checkout and are not shipped; without them the suite says
/// so and skips. Nothing is tuned on them, and they are not KITTI's test set.
@Suite(.serialized)
struct RealSequenceTests {
  static let folder: URL? = {
    let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = checkout.deletingLastPathComponent().appending(path: "shared/data/real/kitti_tracking_0000_sequence")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()
  static let hasScans: Bool = {
    if folder == nil {
      print("SKIPPED: ../shared/data/real/kitti_tracking_0000_sequence is absent; RealSequenceTests did not run")
    }
    return folder != nil
  }()

  /// Five whole scans of the same sequence with poses of GPS and IMU, which are themselves good to some centimetres.
  @Test(.enabled(if: hasScans, "the scans are absent"))
  func theScannersOwnMovementIsFound() throws {
    let folder = try #require(Self.folder).deletingLastPathComponent().appending(path: "kitti_tracking_0000")
    let truth = try TrajectoryFile(folder.appending(path: "poses_oxts_velo.txt").path).trajectory.poses
    let scans = try (0..<5).map { k in
      let path = folder.appending(path: String(format: "velodyne/%06d.bin", k)).path
      return SurfelMap(try CloudReader(format: .kitti)(path).cloud)
    }
    for k in 0..<4 {
      let found = EgoMotion(from: scans[k], to: scans[k + 1])?.transform
      let error = (try #require(found) * (truth[k + 1].inverse * truth[k]).inverse).logarithm
      #expect(error.translation.length < 0.08 && error.rotation.length < 0.003, "step \(k): \(error)")
    }
  }

  /// The objects of the sequence, by their numbers.
  private func items(_ folder: URL) throws -> [TrackletItem] {
    let calibration = try KITTICalibration(folder.appending(path: "calib/0000.txt").path)
    let labels = try KITTILabel.read(folder.appending(path: "label_02/0000.txt").path)
    return Set(labels.map(\.track)).sorted().map { track in
      let rows = labels.filter { $0.track == track }.sorted { $0.frame < $1.frame }
      return TrackletItem(
        id: "0000/\(track)", sequence: "0000", track: track, category: rows[0].category,
        frames: rows.map {
          let path = folder.appending(path: String(format: "velodyne/0000/%06d.bin", $0.frame)).path
          return .init(number: $0.frame, cloud: CloudReference(path: path), box: calibration.box(of: $0))
        })
    }
  }

  /// 100 times the area under the share of values that pass 21 thresholds, by trapezoids.
  private func area(_ values: [Double], _ passes: (Double, Double) -> Bool) -> Double {
    let shares = (0...20).map { k in Double(values.count { passes($0, Double(k) / 20) }) / Double(values.count) }
    return 5 * (shares.reduce(0, +) - (shares[0] + shares[20]) / 2)
  }

  @Test(.enabled(if: hasScans, "the sequence is absent"))
  func everyObjectIsFollowedFromItsFirstBox() throws {
    let items = try items(try #require(Self.folder))
    let frames = Set(items.flatMap { $0.frames.map(\.number) }).count
    let boxes = items.reduce(0) { $0 + $1.frames.count }
    print("KITTI 0000, frames 0-59: \(frames) frames, \(boxes) boxes")
    #expect(frames == 60 && boxes == 181)

    let runner = TrackletRunner(reader: CloudReader(format: .kitti))
    let runs = items.map { runner($0) }
    func figures(_ runs: [TrackletRun]) -> (success: Double, precision: Double) {
      let (overlaps, distances) = (runs.flatMap(\.score.overlaps), runs.flatMap(\.score.distances))
      return (area(overlaps) { $0 >= $1 - 1e-9 }, area(distances) { $0 <= 2 * $1 })
    }
    let all = figures(runs)
    for category in ["Van", "Cyclist", "Pedestrian"] {
      let some = figures(runs.filter { $0.score.category == category })
      print(String(format: "%@ %.1f/%.1f", category, some.success, some.precision))
    }
    print(String(format: "all %.1f/%.1f (Success/Precision)", all.success, all.precision))
    #expect(runs.allSatisfy { $0.failure == nil && $0.notes.isEmpty })
    #expect(all.success >= 80 && all.precision >= 91.4)
  }
}
