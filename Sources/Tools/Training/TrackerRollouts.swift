import Geometry
import LinearAlgebra
import Simulation
import Tracking

/// What a tracker really asks its network while it follows objects through simulated drives, with the right answers: its own
/// prior boxes, templates and trajectory, and all the boxes around which it looks for an object that it has lost.
struct TrackerRollouts: Sendable {
  /// Who follows.
  let tracker: NetworkTracker
  /// The seed of the drives.
  let seed: UInt64
  /// Frames of a drive.
  var frames = 20
  /// The share of drives in which the object is hidden for a while.
  var hiding = 0.6

  /// The share of drives in which the scanner's movement is known.
  var carried = 0.8

  /// Scans after which a track is given up whose search region does not reach the object.
  private static let patience = 4

  /// The questions of the drive of a number; none where the first scan does not show the object.
  func callAsFunction(_ number: Int) -> [DenoiserTraining.Sample] {
    var rng = SeededGenerator(seed: seed, path: 5, UInt64(number))
    let clip = DrivingClip(seed: rng.next(), settings: settings)
    let hidden = rng.uniform() < hiding ? stretch(&rng) : 0..<0
    let way = ObjectHiding.lasting(&rng)
    let first = clip.frame(0)
    guard var state = try? tracker.start(first.cloud, box: first.box) else { return [] }
    var (samples, astray): ([DenoiserTraining.Sample], Int) = ([], 0)
    let isOverGround = rng.uniform() < carried
    var last = first
    for k in 1..<clip.count {
      let frame = clip.frame(k)
      if isOverGround { state.carry(by: last.motion(to: frame)) }
      last = frame
      let cloud = hidden.contains(k) ? way(frame) : frame.cloud
      let step = tracker.follow(cloud, &state)
      guard let question = step.questions.first else { continue }
      astray = question.reaches(frame.box) ? 0 : astray + 1
      guard astray < Self.patience else { break }
      // About the predicted box, the one that was believed most, and one of the others.
      let asked = Set([0, step.best ?? 0, rng.index(below: step.questions.count)])
      samples += asked.sorted().map { number in
        (step.questions[number].input, step.questions[number].target(frame.box, in: cloud))
      }
    }
    return samples
  }

  /// Three to ten scans after some in which the object was in view, with some more to come.
  private func stretch(_ rng: inout SeededGenerator) -> Range<Int> {
    let start = 3 + rng.index(below: 4)
    return start..<start + 3 + rng.index(below: 8)
  }

  /// Drives in which others of the same kind are near more often than not, and that show as much as wide searches reach.
  private var settings: DrivingClip.Settings {
    var settings = DrivingClip.Settings()
    (settings.frames, settings.margin, settings.company) = (frames, 7, 0.8)
    return settings
  }
}
