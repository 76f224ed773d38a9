import Geometry

extension PairScore {
  /// The score of an outcome: every error that the pair's truth and the estimate allow.
  ///
  /// - Parameter sourceCentroid: the mean of the source's points, where the cloud was read: with the pair's diameter it
  ///   gives the relative displacement.
  ///
  /// An estimate with a number that is not finite becomes a failure (65). Inlier ratio, matches and Chamfer distance are
  /// for the caller to set.
  public init(item: PairItem, outcome: Outcome, sourceCentroid: Point3? = nil) {
    self.init(
      id: item.id, list: item.list, scene: item.scene, first: item.numbers.first, second: item.numbers.second,
      outcome: outcome)
    overlap = item.overlap
    hasTruth = item.truth != nil
    guard let pose = estimate?.pose else { return }
    guard pose.isFinite else {
      self.outcome = .failed(
        status: 65, message: "\(item.place.map { "\($0): " } ?? "")the estimated pose is not finite")
      return
    }
    guard let truth = item.truth else { return }
    let error = PoseError(truth: truth, estimate: pose)
    rotationErrorDegrees = error.rotationDegrees
    translationError = error.translation
    eulerErrorDegrees = error.eulerDegrees
    translationDifference = error.translationDifference
    if let information = item.information {
      let difference = truth.inverse * pose
      protocolRMSE = information.rootMeanSquareError(of: difference, .published)
      exactRMSE = information.rootMeanSquareError(of: difference, .exact)
    }
    if let sourceCentroid, let diameter = item.diameter, diameter > 0 {
      relativeDisplacement = (truth(sourceCentroid) - pose(sourceCentroid)).length / diameter
    }
  }
}

extension RigidTransform {
  /// Whether every number is finite.
  fileprivate var isFinite: Bool {
    let m = rotation.matrix
    return m.x.isFinite && m.y.isFinite && m.z.isFinite && translation.isFinite
  }
}
