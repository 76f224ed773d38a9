import Geometry

/// Turns evidence into a verdict. Every threshold speaks about one kind of evidence; the reasons name those that decided.
///
/// The thresholds were set on simulated pairs and measured on others (docs/registration.md, "Verdict").
struct VerdictRule: Sendable {
  let diagnosis: Diagnosis
  /// The ranking score of the winner; nil for a local registration.
  let score: Double?
  let converged: Bool
  /// Edge of the working voxel, metres.
  let voxel: Double
  /// Whether free space rests on known viewpoints, see `PreparedPair`.
  let sensorsAreKnown: Bool
  /// The motion that the surfaces would make beyond a motion model, see ``Judgement``; nil for rigid motions.
  let forbidden: (degrees: Double, metres: Double)?
  /// The larger median roughness of the two clouds, see `PreparedCloud`.
  let roughness: Double
  /// Whether both scans show nothing but planes and overlap in three of them, see ``Judgement``.
  let isBare: Bool
  /// How far the surfaces deviate from region to region, in working voxels, see ``PoseEvidence``.
  let deviation: Double

  /// The verdict and what decided it.
  func decide() -> (Verdict, [String]) {
    let failures = failures()
    if !failures.isEmpty { return (.failed, failures) }
    let doubts = doubts()
    return doubts.isEmpty ? (.trusted, []) : (.doubtful, doubts)
  }

  /// Evidence against any common surface.
  private func failures() -> [String] {
    var reasons: [String] = []
    let overlap = min(diagnosis.sourceOverlap, diagnosis.targetOverlap)
    let few = diagnosis.inlierCount < 25
    if let score {
      if diagnosis.inlierCount < 4 || score < 5.5 && few {
        reasons.append(
          "only \(diagnosis.inlierCount) of \(diagnosis.correspondenceCount) matches agree on one pose: "
            + "no common surface was found")
      }
      // The best poses of noise stand apart by chance, a little more than those of surfaces may.
      if isShapeless && (diagnosis.margin ?? .infinity) < 1.5 {
        reasons.append("the points form no surfaces, and many poses explain them equally well")
      }
    } else if overlap < 0.02 {
      reasons.append("overlap \(percent(overlap)) under the initial pose: nothing to refine")
    }
    if let violation = diagnosis.freeSpaceViolation, violation > 0.2, sensorsAreKnown || few {
      reasons.append("\(percent(violation)) of the points stand where the other scan saw free space")
    }
    return reasons
  }

  /// Evidence that leaves a way for the pose to be wrong.
  private func doubts() -> [String] {
    var reasons: [String] = []
    let overlap = min(diagnosis.sourceOverlap, diagnosis.targetOverlap)
    // The confidence of a search has weighed a little of it already.
    if let violation = diagnosis.freeSpaceViolation, violation > (score == nil ? 0.03 : 0.05) {
      reasons.append("\(percent(violation)) of the points stand where the other scan saw free space")
    }
    if score != nil {
      reasons += doubtsOfTheSearch()
    } else if overlap < 0.3 {
      reasons.append("overlap \(percent(overlap)) after local refinement: the initial pose may have been too far off")
    }
    if isShapeless { reasons.append("the points form no surfaces: normals mean little") }
    let free = diagnosis.directions.filter { !$0.isObserved }
    if !free.isEmpty {
      reasons.append("the overlap leaves \(free.count) directions free: " + free.map(describe).joined(separator: ", "))
    }
    if let forbidden, forbidden.degrees > 0.5 || forbidden.metres > voxel {
      reasons.append(
        "the surfaces would turn by another \(forbidden.degrees.hundredths) degrees and move by \(forbidden.metres.hundredths) m "
          + "if --dof allowed it")
    }
    if !converged { reasons.append("the refinement did not converge") }
    return reasons
  }

  /// What the global search leaves open; empty when it is sure enough.
  private func doubtsOfTheSearch() -> [String] {
    let isUnsure = (diagnosis.confidence ?? 0) < Self.trustedFrom
    var reasons: [String] = []
    if diagnosis.inlierCount < 10 || isUnsure && (score ?? 0) < 7.6 {
      reasons.append("\(diagnosis.inlierCount) of \(diagnosis.correspondenceCount) matches agree: weak support")
    }
    if isAmbiguous || isUnsure && isClose, let margin = diagnosis.margin {
      reasons.append("another pose scores nearly as well (margin \(margin.hundredths))")
    }
    if deviation > 0.19 {
      reasons.append(
        "the surfaces deviate by \(deviation.hundredths) voxels from region to region: they may be different ones")
    }
    if isBare {
      reasons.append("both scans show nothing but planes and share three of them: any corner of a room fits as well")
    }
    if reasons.isEmpty, isUnsure {
      reasons.append("poses with such evidence are right in \(percent(diagnosis.confidence ?? 0)) of cases only")
    }
    return reasons
  }

  /// The least confidence of a trusted pose.
  private static let trustedFrom = 0.88
  private var isShapeless: Bool { roughness > 0.15 }
  private var isAmbiguous: Bool { (diagnosis.margin ?? .infinity) < 0.7 }
  /// The fewer matches agree, the clearer the winner has to be: rooms that are furnished alike share some.
  private var isClose: Bool { (diagnosis.margin ?? .infinity) < 0.7 + 50 / Double(max(diagnosis.inlierCount, 1)) }

  private func describe(_ d: ObservedDirection) -> String {
    let axis = [d.axis.x, d.axis.y, d.axis.z].map(\.hundredths).joined(separator: " ")
    return d.kind == .translation ? "along (\(axis))" : "about (\(axis))"
  }

  private func percent(_ x: Double) -> String { "\(Int((100 * x).rounded())) %" }
}

extension Double {
  /// The number rounded to two decimals, for reasons.
  var hundredths: String {
    let rounded = (self * 100).rounded() / 100
    // No negative zero.
    return "\(rounded == 0 ? 0 : rounded)"
  }
}
