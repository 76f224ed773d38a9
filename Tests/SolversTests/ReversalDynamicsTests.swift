import Foundation
import Geometry
import LinearAlgebra
import Solvers
import Testing

@Suite struct ReversalDynamicsTests {
  @Test func softmaxAndItsSumStandExtremes() {
    #expect([1000.0, 1000].softmax == [0.5, 0.5])
    #expect(abs([1000.0, 1000].logSumExp - 1000 - log(2.0)) < 1e-12)
    #expect([Double]().logSumExp == -.infinity && [Double]().softmax.isEmpty)
    #expect([-Double.infinity, 0].logSumExp == 0)
  }

  @Test func theBilinearGradientAgreesWithCentralDifferences() {
    var random = SeededGenerator(seed: 9)
    var model = BilinearModel(vocabulary: 5, dimension: 3, deviation: 0.5, using: &random)
    let pairs = [TokenPair(0, 3), TokenPair(3, 0), TokenPair(1, 4), TokenPair(0, 3)]
    for _ in 0..<3 { model.step(pairs, rate: 0.7) }
    let (loss, inner) = model.lossAndGradient(pairs)
    #expect(abs(loss - model.negativeLogLikelihood(pairs)) < 1e-14)
    let gradient = model.embeddings.transposedTimes(inner * model.embeddings)
    let error = gradientError(
      {
        BilinearModel(start: Matrix(rows: 3, columns: 3, $0), embeddings: model.embeddings)
          .negativeLogLikelihood(pairs)
      }, gradient: gradient.elements, at: model.theta.elements)
    #expect(error < 1e-6)
  }

  @Test func onlyRowsThatWereContextsMove() {
    var table = LogitTable(vocabulary: 4)
    for _ in 0..<50 { table.step([TokenPair(0, 1), TokenPair(1, 2)], rate: 1) }
    #expect(table.logits.row(2) == [0, 0, 0, 0] && table.logits.row(3) == [0, 0, 0, 0])
    #expect(table.next(after: 0) == 1 && table.next(after: table.next(after: 0)) == 2)
    #expect(abs(table.negativeLogLikelihood([TokenPair(2, 0)]) - log(4.0)) < 1e-15)
    #expect(table.negativeLogLikelihood([]).isNaN)
  }

  @Test func exactPosesAreConsistent() {
    let pose = RigidTransform(
      rotation: Rotation3(rotationVector: Point3(0.1, -0.4, 0.3)), translation: Point3(1, 2, 3))
    let exact = DirectionalConsistency(forward: [pose], reverse: [pose.inverse])
    #expect(exact.rotationDegrees < 1e-6 && exact.translation < 1e-12)
    let off = RigidTransform(rotation: Rotation3(rotationVector: Point3(0, 0, .pi / 180)))
    let one = DirectionalConsistency(forward: [pose], reverse: [pose.inverse * off])
    #expect(abs(one.rotationDegrees - 1) < 1e-6)
    #expect(DirectionalConsistency(forward: [], reverse: []).translation.isNaN)
  }

  /// A turn about a point far from the origin moves that point nowhere, and the origin far.
  @Test func roundTripsAreMeasuredAtTheirPoint() {
    let far = Point3(4e5, 5e6, 100)
    let turn = Rotation3(rotationVector: Point3(0, 0, .pi / 180))
    let there = RigidTransform(rotation: turn, translation: far - turn(far))
    let trip = PoseRoundTrip(there: there, back: .identity, point: far)
    #expect(abs(trip.rotationDegrees - 1) < 1e-6 && trip.displacement < 1e-6)
    #expect(PoseRoundTrip(there: there, back: .identity).displacement > 8e4)
    #expect(PoseRoundTrip(there: there, back: there.inverse, point: far).displacement < 1e-6)
  }
}
