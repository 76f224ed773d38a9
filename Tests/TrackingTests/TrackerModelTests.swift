import Geometry
import Networks
import PointClouds
import Simulation
import Testing
import Tracking

@Suite struct TrackerModelTests {
  @Test("the networks that come with Plumb say how they were trained, and are small", arguments: TrackerModel.allCases)
  func provenance(model: TrackerModel) throws {
    guard let network = model.network else {
      #expect(model == .icp)
      return
    }
    let notes = Dictionary(network.notes.map { ($0.key, $0.text) }, uniquingKeysWith: { first, _ in first })
    #expect(notes["command"]?.hasPrefix("plumb train tracker --model \(model.rawValue) ") == true)
    #expect(notes["figures"]?.hasPrefix("Success ") == true && notes["seed"] != nil, "\(notes)")
    #expect(network.bytes.count < 3 << 20)
  }

  /// Cars and vans as a LiDAR sees them, without anybody who hides them.
  private static let clips: [[DrivingClip.Frame]] = (1...6).map { number in
    var settings = DrivingClip.Settings()
    (settings.frames, settings.kinds, settings.distances) = (10, [.car, .van], 6...20)
    (settings.occlusion, settings.skipping) = (0, 0)
    let clip = DrivingClip(seed: 7_000_000 + UInt64(number), settings: settings)
    return (0..<clip.count).map { clip.frame($0) }
  }

  @Test("aligned points bring the answers of the small network nearer to the truth")
  func alignedPoints() throws {
    var tracker = NetworkTracker(try #require(TrackerModel.small.network))
    #expect(tracker.alignment != nil)
    func overlaps() throws -> [Double] {
      try Self.clips.flatMap { frames in
        var state = try tracker.start(frames[0].cloud, box: frames[0].box)
        return frames.dropFirst().map { tracker($0.cloud, &state).box.intersectionOverUnion(with: $0.box) }
      }
    }
    let aligned = try overlaps()
    tracker.alignment = nil
    let alone = try overlaps()
    #expect(aligned != alone && aligned.reduce(0, +) > alone.reduce(0, +), "\(aligned) \(alone)")
  }

  @Test("every tracker that comes with Plumb stays on vehicles in plain view", arguments: TrackerModel.allCases)
  func follows(model: TrackerModel) throws {
    let tracker = model.tracker
    for frames in Self.clips {
      var state = try tracker.start(frames[0].cloud, box: frames[0].box)
      var boxes: [TrackedBox] = []
      for frame in frames.dropFirst() { boxes.append(tracker(frame.cloud, &state)) }
      let overlaps = zip(boxes, frames.dropFirst()).map { $0.box.intersectionOverUnion(with: $1.box) }
      #expect(boxes.allSatisfy(\.isSeen) && overlaps.reduce(0, +) > 0.6 * Double(overlaps.count), "\(overlaps)")
    }
  }

  @Test("a tracker tells what it asked: about the predicted box first, about several boxes where the object is gone")
  func questions() throws {
    let tracker = NetworkTracker(try #require(TrackerModel.tiny.network))
    let frames = Self.clips[0]
    var state = try tracker.start(frames[0].cloud, box: frames[0].box)
    var same = state
    for frame in frames[1...5] {
      let (step, found) = (tracker.follow(frame.cloud, &state), tracker(frame.cloud, &same))
      let best = try #require(step.best)
      #expect(step.found.box == found.box && step.questions.indices.contains(best))
      let question = try #require(step.questions.first)
      let target = question.target(frame.box, in: frame.cloud)
      #expect(target.isSeen && question.reaches(frame.box))
      #expect(difference(question.prior.placed(target.box), frame.box) < (1e-5, 1e-5))
      // Beyond the search region nothing is seen, whatever stands there.
      var away = question.prior
      away.center += Point3(9, 0, 0)
      let beside = PointCloud(positions: frame.cloud.positions.map { $0 + SIMD3<Float>(9, 0, 0) })
      #expect(!question.reaches(away) && !question.target(away, in: beside).isSeen)
    }
    for frame in frames[6...9] {
      let gone = PointCloud(
        positions: frame.cloud.positions.filter { (Point3($0) - frame.box.center).length > 0.6 * frame.box.size.x })
      let step = tracker.follow(gone, &state)
      #expect(step.questions.allSatisfy { !$0.target(frame.box, in: gone).isSeen })
      #expect(!step.found.isSeen)
      if state.unseenScans > 3 { #expect(step.questions.count > 1) }
    }
    #expect(state.unseenScans == 4)
  }

  @Test("training begins with the weights that it is given, which checkpoints and fingerprints tell from others")
  func start() throws {
    let network = try #require(TrackerModel.tiny.network)
    var settings = DenoiserTraining.Settings(shape: network.denoiser.shape, steps: 1)
    let fresh = DenoiserTraining(settings).checkpoint
    settings.start = network
    let training = DenoiserTraining(settings)
    #expect(training.parameters == network.parameters)
    #expect(throws: TensorFileError.self) { try DenoiserTraining(settings, from: fresh, path: "c") }
    var other = network.parameters
    other[other.count / 2].negate()
    let print = network.fingerprint
    #expect(print.count == 16 && print != TrainedDenoiser(network.denoiser, parameters: other).fingerprint)
    #expect(print == TrainedDenoiser(network.denoiser, parameters: network.parameters).fingerprint)
  }

  @Test("a network coasts through scans that do not show the object, and says so")
  func coasts() throws {
    let tracker = TrackerModel.tiny.tracker
    let frames = Self.clips[0]
    var state = try tracker.start(frames[0].cloud, box: frames[0].box)
    for frame in frames[1...4] { #expect(tracker(frame.cloud, &state).isSeen) }
    for _ in 5...6 { #expect(!tracker(PointCloud(positions: []), &state).isSeen) }
    var last: TrackedBox?
    for frame in frames[7...9] { last = tracker(frame.cloud, &state) }
    let box = try #require(last)
    #expect(box.isSeen && box.box.intersectionOverUnion(with: frames[9].box) > 0.5)
  }
}
