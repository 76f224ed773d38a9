import Geometry
import LinearAlgebra
import Registration
import Simulation

/// Simulated pairs of one kind to train or to measure on, each with a scene of its own.
///
/// Overlaps are spread from 10 to 80 % and the points from 10 000 to 60 000 per cloud, so that working voxels vary. Every
/// third pair is handed out in coordinates that have nothing to do with the sensor, so that its viewpoint has to be
/// estimated.
struct TrainingPairs: Sendable {
  /// What is scanned.
  let kind: SimulatedPair.Kind
  /// The seed of all pairs.
  let seed: UInt64
  /// Whether the pairs are those to measure on, which share no scene with the others.
  var isHeldOut = false

  /// The pair of a number; nil when its clouds overlap by less than 10 % or fix no pose.
  func callAsFunction(_ number: Int) -> RegisteredPair? {
    let place = SimulatedPair.Kind.allCases.firstIndex(of: kind) ?? 0
    var rng = SeededGenerator(seed: seed, path: UInt64(place), isHeldOut ? 1 : 0, UInt64(number))
    var settings = SimulatedPair.Settings()
    settings.points = [10_000, 18_000, 36_000, 60_000][number % 4]
    // Streets are scanned along a road: their overlap follows from where the vehicle stood.
    settings.overlap = kind == .street ? 0.1...1 : [0.12...0.25, 0.25...0.45, 0.45...0.8][number / 4 % 3]
    let simulated = SimulatedPair(kind, seed: rng.next(), settings: settings)
    guard simulated.overlap >= 0.1 else { return nil }
    guard number % 3 == 0 else {
      return try? RegisteredPair(
        source: simulated.source, target: simulated.target, truth: simulated.targetFromSource)
    }
    let (source, fromSource) = Self.moved(simulated.source, &rng)
    let (target, fromTarget) = Self.moved(simulated.target, &rng)
    return try? RegisteredPair(
      source: source, target: target, truth: fromTarget * simulated.targetFromSource * fromSource.inverse)
  }

  /// The cloud shifted by one to three of its diagonals, without a sensor position, and the motion.
  private static func moved(_ cloud: PointCloud, _ rng: inout SeededGenerator) -> (PointCloud, RigidTransform) {
    var box = BoundingBox()
    for i in 0..<cloud.count { box.insert(cloud.position(i)) }
    let shift = RigidTransform(translation: rng.direction() * (rng.uniform(1, 3) * box.diagonal))
    var moved = cloud.transformed(by: shift)
    moved.sensorPosition = nil
    return (moved, shift)
  }
}
