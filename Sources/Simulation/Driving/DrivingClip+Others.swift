import Geometry
import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension DrivingClip {
  /// Where the road user begins: anywhere around the sensor, near more often than far.
  static func start(_ settings: Settings, _ rng: inout SeededGenerator) -> RoadMotion.Pose {
    let (low, high) = (settings.distances.lowerBound, settings.distances.upperBound)
    let share = rng.uniform()
    // Uniform in the square root of the distance.
    let root = low.squareRoot() + share * (high.squareRoot() - low.squareRoot())
    let (distance, angle) = (root * root, rng.uniform(-.pi, .pi))
    let heading = rng.chance(0.6) ? rng.gaussian() * 0.15 + (rng.chance(0.3) ? .pi : 0) : rng.uniform(-.pi, .pi)
    return RoadMotion.Pose(x: distance * cos(angle), y: distance * sin(angle), heading: heading)
  }

  /// Others of the same kind near the road user, who move as it does or stand, and never run into it.
  static func companions(
    of subject: RoadUser, _ motion: RoadMotion, _ character: RoadMotion.Character, _ step: Double,
    _ settings: Settings, _ rng: inout SeededGenerator
  ) -> [(user: RoadUser, motion: RoadMotion)] {
    var others: [(user: RoadUser, motion: RoadMotion)] = []
    guard let start = motion.poses.first else { return others }
    for _ in 0..<(rng.chance(1 - settings.company) ? 0 : rng.whole(1...5)) {
      let user = RoadUser(subject.kind, &rng)
      // Beside or before it, with a gap between the boxes.
      let isBeside = rng.chance(0.6)
      let gap = rng.uniform(0.4, 3)
      let along = isBeside ? rng.gaussian() * 2 : rng.sign() * ((subject.size.x + user.size.x) / 2 + gap)
      let across = isBeside ? rng.sign() * ((subject.size.y + user.size.y) / 2 + gap) : rng.gaussian() * 0.2
      var pose = start
      pose.x += along * cos(start.heading) - across * sin(start.heading)
      pose.y += along * sin(start.heading) + across * cos(start.heading)
      var own = character
      if rng.chance(0.4) { (own.speed, own.speedDeviation) = (0, 0) }
      let path = RoadMotion(pose, own, step: step, count: settings.frames, &rng)
      let clearance = (subject.size.y + user.size.y) / 2 + 0.1
      let isFree = zip(path.poses, motion.poses).allSatisfy { a, b in
        let d = SIMD2(a.x - b.x, a.y - b.y)
        let across = abs(d.y * cos(b.heading) - d.x * sin(b.heading))
        let along = abs(d.x * cos(b.heading) + d.y * sin(b.heading))
        return across > clearance || along > (subject.size.x + user.size.x) / 2 + 0.1
      }
      if isFree { others.append((user, path)) }
    }
    return others
  }

  /// Somebody who crosses the line of sight half-way between the sensor and the road user in the middle of the clip.
  static func passer(
    _ ego: RoadMotion, _ motion: RoadMotion, _ step: Double, _ count: Int, _ rng: inout SeededGenerator
  ) -> (user: RoadUser, motion: RoadMotion) {
    let user = RoadUser(rng.pick([.car, .van, .pedestrian]), &rng)
    let middle = count / 2
    let (a, b) = (ego.poses[middle], motion.poses[middle])
    let share = rng.uniform(0.35, 0.65)
    let sight = atan2(b.y - a.y, b.x - a.x)
    let heading = sight + rng.sign() * Double.pi / 2 + rng.gaussian() * 0.2
    let speed = user.kind == .pedestrian ? rng.uniform(0.8, 1.8) : rng.uniform(2, 10)
    let back = speed * step * Double(middle)
    let start = RoadMotion.Pose(
      x: a.x + share * (b.x - a.x) - back * cos(heading), y: a.y + share * (b.y - a.y) - back * sin(heading),
      heading: heading)
    let character = RoadMotion.Character(speed: speed, speedDeviation: 0, turnDeviation: 0, isVehicle: true)
    return (user, RoadMotion(start, character, step: step, count: count, &rng))
  }
}
