import Foundation
import Geometry
import LinearAlgebra
import Solvers

/// A matcher that learns the pose between two sets of six labelled points by ridge regression on random features, from
/// pairs in one order: the source lies near its rest pose, the target is turned one way.
struct SwapExperiment: Sendable {
  private struct Pair {
    let source, target: [Double]
    let targetFromSource: RigidTransform

    var swapped: Pair { Pair(source: target, target: source, targetFromSource: targetFromSource.inverse) }
  }

  private let training, held: [Pair]
  private let mixing: Matrix<Double>
  private let offsets: [Double]

  init(seed: UInt64) {
    var random = SeededGenerator(seed: seed, stream: 60)
    let shape = (0..<6).map { _ in Point3(random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)) }
    func pose(_ low: Double, _ high: Double) -> RigidTransform {
      let tilt = random.gaussians(6, times: 0.03)
      return RigidTransform(
        rotation: Rotation3(rotationVector: Point3(tilt[0], tilt[1], random.uniform(low, high))),
        translation: Point3(random.uniform(low, high) + tilt[3], tilt[4], tilt[5]))
    }
    func points(_ pose: RigidTransform) -> [Double] {
      shape.flatMap { p in
        let moved = pose(p)
        return [moved.x, moved.y, moved.z].map { $0 + 0.005 * random.gaussian() }
      }
    }
    func pair() -> Pair {
      let (a, b) = (pose(-0.1, 0.1), pose(0.1, 0.9))
      return Pair(source: points(a), target: points(b), targetFromSource: b * a.inverse)
    }
    training = (0..<300).map { _ in pair() }
    held = (0..<100).map { _ in pair() }
    mixing = random.gaussianMatrix(rows: 120, columns: 36, times: 0.5)
    offsets = random.gaussians(120)
  }

  /// The consistency of poses estimated in both directions on held-out pairs.
  func roundTrip(swapping: Bool) -> DirectionalConsistency {
    let pairs = swapping ? training + training.map(\.swapped) : training
    let features = columns(pairs)
    let labels = pairs.map { pair -> [Double] in
      let twist = pair.targetFromSource.logarithm
      let (w, v) = (twist.rotation, twist.translation)
      return [w.x, w.y, w.z, v.x, v.y, v.z]
    }
    let models = (0..<6).compactMap { k in
      try? RidgeRegression(features: features, labels: labels.map { $0[k] }, penalty: 1e-2)
    }
    guard models.count == 6 else { return DirectionalConsistency(forward: [], reverse: []) }
    func poses(_ pairs: [Pair]) -> [RigidTransform] {
      let found = models.map { $0.predict(columns(pairs)) }
      return pairs.indices.map { k in
        RigidTransform(
          exponential: Twist(
            rotation: Point3(found[0][k], found[1][k], found[2][k]),
            translation: Point3(found[3][k], found[4][k], found[5][k])))
      }
    }
    return DirectionalConsistency(forward: poses(held), reverse: poses(held.map(\.swapped)))
  }

  /// Random features, a pair per column.
  private func columns(_ pairs: [Pair]) -> Matrix<Double> {
    let rows = pairs.map { pair in
      (mixing * (pair.source + pair.target)).adding(offsets).map { tanh($0) } + [1]
    }
    return Matrix(rows: pairs.count, columns: offsets.count + 1, rows.flatMap { $0 }).transposed
  }
}
