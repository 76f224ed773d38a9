import Evaluation
import Geometry
import PointClouds
import Tracking

/// Takes the points of an object away for some scans in the middle of its track, and counts how often a tracker that had it
/// has it again five scans after they are back. Prints Markdown.
final class RecoveryBenchmark {
  private let paths: [String]
  private let hidden: Int
  /// A file of weights to try beside the trackers of Plumb.
  private let network: String

  /// Scans before and after.
  private static let margin = 5
  /// A box that overlaps the true one by this much is on the object.
  private static let overlap = 0.3

  init(_ arguments: Arguments) {
    paths = Array(arguments.positional.dropFirst())
    hidden = max(1, arguments.integer("hidden", 10))
    network = arguments.text("network", "")
    if paths.isEmpty { fail(usage) }
  }

  func run() {
    print(
      "| tracker | objects followed until they vanish | with the object after \(hidden) hidden scans | share |\n"
        + "|---|---|---|---|")
    let items = paths.flatMap(Self.items)
    var trackers: [(name: String, tracker: any BoxTracker)] = TrackerModel.allCases.map { ($0.rawValue, $0.tracker) }
    if !network.isEmpty { trackers.append((network, NetworkTracker(TrainedDenoiser(file: network)))) }
    for (name, tracker) in trackers {
      let outcomes = items.compactMap { outcome($0, tracker) }
      let found = outcomes.count { $0 }
      print(
        "| \(name) | \(outcomes.count) | \(found) | \((1000 * Double(found) / Double(max(outcomes.count, 1))).rounded() / 10) % |"
      )
    }
  }

  private static func items(_ path: String) -> [TrackletItem] {
    do {
      guard case .tracklets(let items) = try BenchmarkReader()(path).work else {
        fail("\(path): no tracking benchmark")
      }
      return items
    } catch {
      fail("\(error)")
    }
  }

  /// Whether the object is found again; nil where it cannot be told, because the track is too short, the object was lost
  /// before, or it is hidden anyway.
  private func outcome(_ item: TrackletItem, _ tracker: any BoxTracker) -> Bool? {
    let frames = item.frames
    guard let first = firstHidden(frames) else { return nil }
    let last = first + hidden + Self.margin - 1
    do {
      let opening = try cloud(frames[0])
      var state = try tracker.start(opening, box: frames[0].box)
      var odometry = EgoOdometry()
      _ = odometry(opening)
      for k in 1...last {
        let frame = frames[k]
        // Scans in which the object is not labelled show nothing of it.
        for _ in frames[k - 1].number + 1..<frame.number { _ = tracker(PointCloud(positions: []), &state) }
        let scan = try cloud(frame)
        if let ego = odometry(scan) { state.carry(by: ego) }
        let rest = scan.without(frame.box)
        if k == last, scan.count - rest.count < 10 { return nil }
        let found = tracker(first..<first + hidden ~= k ? rest : scan, &state)
        let overlap = found.box.intersectionOverUnion(with: frame.box)
        if k == first - 1, overlap < Self.overlap { return nil }
        if k == last { return found.isSeen && overlap >= Self.overlap }
      }
    } catch let error as TrackingError {
      print("\(item.id): \(error)")
    } catch {
      fail("\(item.id): \(error)")
    }
    return nil
  }

  /// The frame from which on the object is hidden, as near to the middle as no labels are missing from the last frame before
  /// to the last one after; nil where there is none.
  private func firstHidden(_ frames: [TrackletItem.Frame]) -> Int? {
    let length = hidden + Self.margin
    guard frames.count >= length + Self.margin else { return nil }
    let middle = (frames.count - hidden) / 2
    return (Self.margin...frames.count - length)
      .filter { frames[$0 + length - 1].number - frames[$0 - 1].number == length }
      .min { abs($0 - middle) < abs($1 - middle) }
  }

  private func cloud(_ frame: TrackletItem.Frame) throws -> PointCloud {
    try frame.cloud?.read(with: CloudReader()) ?? PointCloud(positions: [])
  }
}

extension PointCloud {
  /// The points that lie neither in a box nor within a tenth of its size around it.
  fileprivate func without(_ box: Box3) -> PointCloud {
    let back = Rotation3(radians: -box.yawRadians, about: Point3(0, 0, 1))
    let half = box.size * 0.6
    return PointCloud(
      positions: positions.filter { p in
        let own = back(Point3(p) + origin - box.center)
        return abs(own.x) > half.x || abs(own.y) > half.y || abs(own.z) > half.z
      }, origin: origin)
  }
}
