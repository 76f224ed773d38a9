import Geometry
import LinearAlgebra
import Simulation
import Testing

/// Simulated drives past road users.
@Suite struct DrivingClipTests {
  /// How many points of a frame lie in a box grown by some metres.
  private func inside(_ frame: DrivingClip.Frame, grown: Double = 0) -> Int {
    let (box, turn) = (frame.box, Rotation3(radians: -frame.box.yawRadians, about: Point3(0, 0, 1)))
    return (0..<frame.cloud.count).count { i in
      let p = turn(frame.cloud.position(i) - box.center)
      let half = box.size / 2 + Point3(repeating: grown)
      return abs(p.x) <= half.x && abs(p.y) <= half.y && abs(p.z) <= half.z
    }
  }

  @Test("the same seed gives the same points in any order of frames, another seed other points")
  func determinism() {
    let (a, b, c) = (DrivingClip(seed: 5), DrivingClip(seed: 5), DrivingClip(seed: 6))
    let late = b.frame(7)
    #expect(a.frame(3).cloud.positions == b.frame(3).cloud.positions)
    #expect(a.frame(7).cloud.positions == late.cloud.positions && a.frame(7).box == late.box)
    #expect(c.frame(3).box != a.frame(3).box)
  }

  @Test("near road users of every kind fill their boxes, and hardly a point lies in the gap around them")
  func boxes() {
    var settings = DrivingClip.Settings()
    (settings.distances, settings.occlusion) = (6...12, 0)
    for kind in RoadUser.Kind.allCases {
      settings.kinds = [kind]
      var (within, around) = (0, 0)
      for seed in 0..<6 as Range<UInt64> {
        let clip = DrivingClip(seed: seed, settings: settings)
        #expect(clip.subject.kind == kind && clip.count == 12)
        let frame = clip.frame(0)
        within += inside(frame)
        around += inside(frame, grown: 0.15) - inside(frame)
      }
      #expect(within > 300, "\(kind): \(within) points in the boxes")
      // The ground below and labels that are a little small leave some.
      #expect(Double(around) < 0.6 * Double(within), "\(kind): \(around) around \(within)")
    }
  }

  @Test("over ground parked cars stand still, however the sensor moves, and the others keep to the speeds of the road")
  func overGround() {
    var settings = DrivingClip.Settings()
    (settings.kinds, settings.frames) = ([.car], 4)
    var (parked, seen) = (0, 0)
    for seed in 0..<60 as Range<UInt64> {
      let clip = DrivingClip(seed: seed, settings: settings)
      let frames = (0..<clip.count).map { clip.frame($0) }
      let places = frames.map { $0.worldFromSensor($0.box.center) }
      let steps = zip(places, places.dropFirst()).map { ($1 - $0).length }
      #expect(steps.allSatisfy { $0 < 16 * clip.step })
      guard steps.allSatisfy({ $0 < 1e-9 }) else { continue }
      parked += 1
      // As the sensor sees it, it moves.
      if (frames[3].box.center - frames[0].box.center).length > 0.1 { seen += 1 }
    }
    #expect(10...35 ~= parked && seen > parked / 3, "\(parked) parked, \(seen) of them passed")
  }

  @Test("boxes move smoothly, keep their size, and cars at ten scans per second move as real ones do")
  func motion() {
    var steps: [Double] = []
    var settings = DrivingClip.Settings()
    (settings.kinds, settings.skipping) = ([.car], 0)
    for seed in 0..<40 as Range<UInt64> {
      let clip = DrivingClip(seed: seed, settings: settings)
      let boxes = (0..<clip.count).map { clip.frame($0).box }
      for (a, b) in zip(boxes, boxes.dropFirst()) {
        #expect(a.size == b.size)
        steps.append((b.center - a.center).length)
      }
    }
    steps.sort()
    // KITTI, cars seen from a moving car: median 0.59 m, 90 % below 1.33 m, 99 % below 3.05 m.
    #expect(0.2...1 ~= steps[steps.count / 2], "\(steps[steps.count / 2])")
    #expect(0.8...2.6 ~= steps[steps.count * 9 / 10], "\(steps[steps.count * 9 / 10])")
    #expect(steps[steps.count - 1] < 3.6)
  }

  @Test("points keep to the surroundings, and are finite")
  func surroundings() {
    for seed in 0..<20 as Range<UInt64> {
      let clip = DrivingClip(seed: seed)
      let frame = clip.frame(5)
      let reach = clip.subject.size.x / 2 + 6.01
      for i in 0..<frame.cloud.count {
        let d = frame.cloud.position(i) - frame.box.center
        #expect(d.isFinite && (d.x * d.x + d.y * d.y).squareRoot() < reach)
      }
    }
  }

  @Test("somebody who passes hides the road user in some frame of most clips")
  func occlusion() {
    var settings = DrivingClip.Settings()
    (settings.kinds, settings.distances, settings.occlusion, settings.skipping) = ([.pedestrian], 12...20, 1, 0)
    var hidden = 0
    for seed in 0..<12 as Range<UInt64> {
      let clip = DrivingClip(seed: seed, settings: settings)
      let counts = (0..<clip.count).map { inside(clip.frame($0)) }
      if let most = counts.max(), let least = counts.min(), Double(least) < 0.35 * Double(most) { hidden += 1 }
    }
    #expect(hidden >= 5, "\(hidden) of 12")
  }
}
