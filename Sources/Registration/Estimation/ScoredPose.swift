import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A hypothesis with the evidence for and against it, between the working frames of the two clouds.
package struct ScoredPose: Sendable {
  /// The pose after its cheap refinement.
  package var transform: RigidTransform
  /// `Σ (1 - r/2v)` over the matches within 2v, before the refinement.
  var matchSupport = 0.0
  /// The same after the refinement.
  var refinedSupport = 0.0
  /// Matches within 2v after the refinement.
  var inliers = 0
  /// Agreeing keypoints, mean of both directions, scaled to 2700 keypoints.
  var agreement = 0.0
  /// How alike the descriptors of the overlap are, see ``DescriptorAgreement``.
  var likeness = 0.0
  /// Violations over all that speak, `x / (A + x + 20)`, from the means of both directions.
  var violation = 0.0
  /// The same from the worse values of both directions.
  var worstViolation = 0.0

  /// How much the violations count in the score.
  var freeSpaceWeight = 1.0

  /// Gathers the evidence of the two directions of a check.
  package init(transform: RigidTransform, forward: HypothesisCheck.Counts, backward: HypothesisCheck.Counts) {
    self.transform = transform
    agreement = (forward.agreeing + backward.agreeing) / 2
    let mean = (forward.violating + backward.violating) / 2
    let (least, most) = (
      min(forward.agreeing, backward.agreeing), max(forward.violating, backward.violating)
    )
    violation = mean / (agreement + mean + 20)
    worstViolation = most / (least + most + 20)
  }

  /// The ranking score: a linear form in the logarithms of support and agreement and in the two violation ratios.
  package var score: Double {
    0.2 * log1p(matchSupport) + 1.1 * log1p(refinedSupport) + 0.5 * log1p(agreement) + 0.5 * log1p(likeness)
      - freeSpaceWeight * (5 * violation + 6.5 * worstViolation)
  }
}
