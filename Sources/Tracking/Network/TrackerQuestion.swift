import Geometry

/// What a ``NetworkTracker`` asks its network about one prior box.
package struct TrackerQuestion: Sendable {
  /// The prior box.
  package let prior: Box3
  /// How much the search region has grown.
  let widening: Double
  /// What the network sees of it.
  package let input: DenoisingInput

  /// Whether the search region takes in the middle of a box.
  package func reaches(_ box: Box3) -> Bool {
    let offset = SIMD3<Float>(BoxFrame(prior).turnedIn(box.center - prior.center))
    let reach = PillarCrop.Cut.reach(prior.size, widening: widening)
    return abs(offset.x) < reach.x && abs(offset.y) < reach.y && abs(offset.z) < reach.z
  }

  /// The right answer. An object that the search region does not reach is not seen in it; the box of one that is not seen
  /// counts as three units of its scale away at most.
  package func target(_ truth: Box3, in cloud: PointCloud) -> DenoisingTarget {
    var target = DenoisingTarget(truth, from: prior, in: cloud)
    target.isSeen = target.isSeen && reaches(truth)
    guard !target.isSeen else { return target }
    let limit = 3 * SIMD4<Float>(BoxScale.of(prior.size))
    target.box.clamp(lowerBound: -limit, upperBound: limit)
    return target
  }
}
