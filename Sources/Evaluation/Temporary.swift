import Geometry

// Stands in for Metrics until that is merged; then this file goes.

extension PairScore {
  /// The score of an outcome: rotation and translation error only.
  init(item: PairItem, outcome: Outcome, sourceCentroid: Point3? = nil) {
    self.init(
      id: item.id, list: item.list, scene: item.scene, first: item.numbers.first, second: item.numbers.second,
      outcome: outcome)
    overlap = item.overlap
    guard let pose = estimate?.pose, let truth = item.truth else { return }
    rotationErrorDegrees = (truth.inverse * pose).rotation.angleDegrees
    translationError = (truth.translation - pose.translation).length
    if let sourceCentroid, let diameter = item.diameter, diameter > 0 {
      relativeDisplacement = (truth(sourceCentroid) - pose(sourceCentroid)).length / diameter
    }
  }
}
