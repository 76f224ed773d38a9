import Geometry
import Parallelism
import PointClouds

/// Follows several objects through a sequence whose scans come one after another.
///
/// Each object begins in its own frame. It is given up when ``patience`` frames in a row did not show it. Only the last
/// state of each object is kept, so the memory does not grow with the length of the sequence. Objects are followed
/// independently of each other and by all threads; no result depends on their number.
public struct SequenceTracker: Sendable {
  /// One object in one frame.
  public struct Row: Sendable {
    /// The frame's number.
    public var frame: Int
    /// The object's number.
    public var track: Int
    /// The object's class.
    public var category: String
    /// Where it is.
    public var found: TrackedBox
  }

  /// The objects with what became of them so far.
  public private(set) var objects: [TrackedObject]
  /// How many frames in a row may pass without an object before it is given up.
  public let patience: Int
  private let tracker: any BoxTracker
  private var states: [TrackState?]
  private var last: Int?
  /// Follows the scanner itself; nil where nobody asks.
  private var odometry: EgoOdometry?

  /// A tracker of objects, none of which has begun.
  /// - Parameters:
  ///   - patience: at least 1.
  ///   - followsScanner: whether the scanner's own movement is found, too, and objects are predicted over ground.
  public init(
    _ objects: [TrackedObject], tracker: any BoxTracker = ICPTracker(), patience: Int = 20, followsScanner: Bool = true
  ) {
    precondition(patience > 0, "patience of \(patience) frames")
    (self.objects, self.tracker, self.patience) = (objects, tracker, patience)
    states = objects.map { _ in nil }
    odometry = followsScanner ? EgoOdometry() : nil
  }

  /// Whether an object is followed or still to come.
  public var isBusy: Bool {
    objects.contains { $0.outcome == .waiting || $0.outcome == .followed }
  }

  /// One scan further. Frames that were left out since the last one count as frames without a scan.
  ///
  /// - Parameters:
  ///   - cloud: the scan; an empty cloud where it is missing or broken.
  ///   - frame: its number, larger than that of the scan before.
  /// - Returns: the objects in the frames up to this one, by frame and number.
  public mutating func callAsFunction(_ cloud: PointCloud, frame: Int) -> [Row] {
    precondition(last.map { $0 < frame } ?? true, "frame \(frame) after frame \(last ?? 0)")
    for i in objects.indices where objects[i].outcome == .waiting && objects[i].firstFrame < frame {
      objects[i].outcome = .notStarted("there is no scan of its first frame, \(objects[i].firstFrame)")
    }
    var rows: [Row] = []
    if let last {
      var gap = last + 1
      // Whatever is followed is given up before the gap can become long.
      while gap < frame, states.contains(where: { $0 != nil }) {
        rows += advance(PointCloud(positions: []), gap)
        gap += 1
      }
    }
    rows += advance(cloud, frame)
    last = frame
    return rows.sorted { ($0.frame, $0.track) < ($1.frame, $1.track) }
  }

  /// Says of objects that have not begun that there is nothing more to come.
  public mutating func finish() {
    for i in objects.indices where objects[i].outcome == .waiting {
      objects[i].outcome = .notStarted("the scans end before its first frame, \(objects[i].firstFrame)")
    }
  }

  private mutating func advance(_ cloud: PointCloud, _ frame: Int) -> [Row] {
    if let ego = odometry?(cloud) {
      for i in states.indices { states[i]?.carry(by: ego) }
    }
    let (tracker, states, objects) = (self.tracker, self.states, self.objects)
    let results = Parallel.map(objects.count, grain: 1) { i -> Step in
      if var state = states[i] {
        let found = tracker(cloud, &state)
        return .found(found, state)
      }
      guard objects[i].outcome == .waiting, objects[i].firstFrame == frame else { return .nothing }
      do throws(TrackingError) {
        let state = try tracker.start(cloud, box: objects[i].firstBox)
        return .found(state.begun, state)
      } catch {
        return .failed(error.description)
      }
    }
    var rows: [Row] = []
    for (i, result) in results.enumerated() {
      switch result {
      case .nothing: break
      case .failed(let cause): self.objects[i].outcome = .notStarted(cause)
      case .found(let found, let state): rows.append(take(i, found, state, frame))
      }
    }
    return rows
  }

  private mutating func take(_ i: Int, _ found: TrackedBox, _ state: TrackState, _ frame: Int) -> Row {
    let isGivenUp = state.unseenScans >= patience
    states[i] = isGivenUp ? nil : state
    objects[i].outcome = isGivenUp ? .givenUp(frame: frame) : .followed
    objects[i].frames += 1
    if found.isSeen { objects[i].seenFrames += 1 }
    return Row(frame: frame, track: objects[i].track, category: objects[i].category, found: found)
  }

  private enum Step: Sendable {
    case nothing
    case failed(String)
    case found(TrackedBox, TrackState)
  }
}
