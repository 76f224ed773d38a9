import Geometry
import LinearAlgebra
import PointClouds
import Simulation
import Tracking

/// Samples to train a tracker on, made of simulated drives as they are needed.
///
/// A window of clips moves on with the steps, some at a time; each is used several times with other errors of the prior
/// box. What a sample is follows from the settings, its step and its number alone, so training can be taken up at any step.
struct TrackerSamples: Sendable {
  /// What is drawn for whom.
  let settings: DenoiserTraining.Settings
  /// Frames of a clip.
  var frames = 8
  /// The share of samples in which the scanner's movement is known.
  var carried = 0.8
  /// The share of samples that a tracker asked, where it was followed.
  var followed = 0.6
  private var clips = ClipWindow<[DrivingClip.Frame]>(count: 192, arrivals: 16, pause: 16)
  private var tracks: ClipWindow<[DenoiserTraining.Sample]>
  private let rollouts: TrackerRollouts?

  init(_ settings: DenoiserTraining.Settings) {
    self.settings = settings
    // A track gives some thirty samples, each of which is drawn about twice.
    tracks = ClipWindow(count: 2 * settings.batch, arrivals: max(1, settings.batch / 4), pause: 32)
    rollouts = (settings.followsTracks ? settings.start : nil).map {
      TrackerRollouts(tracker: NetworkTracker($0), seed: settings.seed)
    }
  }

  /// Moves the window to a step.
  mutating func move(to step: Int) {
    let (seed, frames) = (settings.seed, self.frames)
    clips.move(to: step) { Self.clip(seed: seed, frames: frames, path: 1, $0) }
    if let rollouts { tracks.move(to: step) { rollouts($0) } }
  }

  /// A clip of a number.
  static func clip(seed: UInt64, frames: Int, path: UInt64, _ number: Int) -> [DrivingClip.Frame] {
    var rng = SeededGenerator(seed: seed, path: path, UInt64(number))
    var settings = DrivingClip.Settings()
    settings.frames = frames
    // As much as search regions reach, with the errors of their boxes.
    settings.margin = 5
    let clip = DrivingClip(seed: rng.next(), settings: settings)
    return (0..<frames).map { clip.frame($0) }
  }

  /// The sample of a number at a step, to whose window was moved.
  func sample(step: Int, _ number: Int) -> DenoiserTraining.Sample {
    var rng = SeededGenerator(seed: settings.seed, path: 2, UInt64(step), UInt64(number))
    if rollouts != nil, rng.uniform() < followed {
      let asked = tracks.clips[rng.index(below: tracks.clips.count)]
      if !asked.isEmpty { return asked[rng.index(below: asked.count)] }
    }
    let clips = clips.clips
    var sample = draw(clips[rng.index(below: clips.count)], &rng)
    // Nothing is learned where neither the first scan nor this one shows the object.
    for _ in 0..<4 where !sample.isUseful { sample = draw(clips[rng.index(below: clips.count)], &rng) }
    return sample.sample
  }

  /// A sample to measure on; none of its clips is trained on.
  static func heldOut(_ settings: DenoiserTraining.Settings, _ number: Int) -> (sample: DenoiserTraining.Sample, Bool) {
    var samples = TrackerSamples(settings)
    samples.startsAtPrior = true
    var rng = SeededGenerator(seed: settings.seed, path: 3, UInt64(number))
    let drawn = samples.draw(clip(seed: settings.seed, frames: 4, path: 4, number), &rng)
    return (drawn.sample, drawn.isUseful && drawn.sample.target.isSeen)
  }

  private var startsAtPrior = false

  private func draw(
    _ clip: [DrivingClip.Frame], _ rng: inout SeededGenerator
  ) -> (sample: DenoiserTraining.Sample, isUseful: Bool) {
    let t = 1 + rng.index(below: clip.count - 1)
    let (cloud, truth) = (ObjectHiding.occasional(&rng)?(clip[t]) ?? clip[t].cloud, clip[t].box)
    var templates = [BoxTemplate(clip[0].cloud, box: clip[0].box)]
    // The last scan and one between, where the tracker was roughly right.
    if t > 1, rng.uniform() < 0.8 {
      templates.append(BoxTemplate(clip[t - 1].cloud, box: Self.wrong(clip[t - 1].box, by: 0.07, &rng)))
      if t > 2, rng.uniform() < 0.7 {
        let k = 1 + rng.index(below: t - 2)
        templates.append(BoxTemplate(clip[k].cloud, box: Self.wrong(clip[k].box, by: 0.07, &rng)))
      }
    }
    // A tracker that has lost its object looks farther around.
    let isLost = rng.uniform() < 0.1
    let prior = Self.wrong(truth, by: isLost ? 1 : [0.1, 0.25, 0.6][rng.index(below: 3)], &rng)
    // Boxes of the past stand still over ground where the scanner's movement was found.
    let isCarried = rng.uniform() < carried
    let past = (max(0, t - 7)..<t).reversed().map { k in
      let box = k == 0 ? clip[0].box : Self.wrong(clip[k].box, by: 0.07, &rng)
      return DenoisingInput.PastBox(
        box: isCarried ? clip[k].motion(to: clip[t])(box) : box, age: t - k,
        score: k == 0 ? 1 : rng.uniform(0.6, 1))
    }
    var input = DenoisingInput(
      cloud, prior: prior, templates: templates, past: past, shape: settings.shape,
      widening: isLost ? rng.uniform(1, NetworkTracker.widestSearch) : 1)
    let target = DenoisingTarget(truth, from: prior, in: cloud)
    if !startsAtPrior, rng.uniform() < 0.5 { input.addNoise(towards: target, &rng) }
    return ((input, target), !templates[0].isEmpty)
  }

  /// A box moved by errors with long tails along its axes, metres, by 2 degrees and a little in height.
  private static func wrong(_ box: Box3, by scale: Double, _ rng: inout SeededGenerator) -> Box3 {
    func laplace() -> Double {
      let u = rng.uniform(-0.5, 0.5)
      // -log(1 - 2|u|) by the product of uniform numbers would be slower; sums of three are near enough.
      return u * 2.5 * (0.3 + rng.uniform() * rng.uniform() * 4)
    }
    let along = scale * (0.5 + 0.25 * box.size.x) * laplace()
    let across = scale * laplace()
    let turn = rng.uniform() < 0.1 ? 0.2 : 0.035 + 0.1 * scale
    let (c, s) = (Rotation3(radians: box.yawRadians, about: Point3(0, 0, 1)), 0.05 + 0.1 * scale)
    return Box3(
      center: box.center + c(Point3(along, across, s * laplace())), size: box.size,
      yawRadians: box.yawRadians + turn * laplace())
  }
}

extension DrivingClip.Frame {
  /// How the scanner moved on to a later frame.
  func motion(to later: DrivingClip.Frame) -> EgoMotion {
    EgoMotion(worldFromEarlier: worldFromSensor, worldFromLater: later.worldFromSensor)
  }
}
