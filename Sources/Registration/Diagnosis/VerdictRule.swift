import Geometry

/// Turns evidence into a verdict. Every threshold speaks about one kind of evidence; the reasons name those that failed.
struct VerdictRule: Sendable {
  let diagnosis: Diagnosis
  /// The ranking score of the winner; nil for a local registration.
  let score: Double?
  let voxel: Double
  let converged: Bool

  /// The verdict and what decided it.
  func decide() -> (Verdict, [String]) {
    let failures = failures()
    if !failures.isEmpty { return (.failed, failures) }
    let doubts = doubts()
    return doubts.isEmpty ? (.trusted, []) : (.doubtful, doubts)
  }

  private func failures() -> [String] {
    var reasons: [String] = []
    let overlap = min(diagnosis.sourceOverlap, diagnosis.targetOverlap)
    if let score {
      if diagnosis.inlierCount < 4 || score < 3.5 {
        reasons.append(
          "only \(diagnosis.inlierCount) of \(diagnosis.correspondenceCount) matches agree on one pose: "
            + "no common surface was found")
      }
    } else if diagnosis.correspondenceCount == 0, diagnosis.margin == nil, overlap < 0.02 {
      reasons.append("overlap \(percent(overlap)) under the initial pose: nothing to refine")
    }
    if let violation = diagnosis.freeSpaceViolation, violation > 0.25 {
      reasons.append("\(percent(violation)) of the points stand where the other scan saw free space")
    }
    return reasons
  }

  private func doubts() -> [String] {
    var reasons: [String] = []
    let overlap = min(diagnosis.sourceOverlap, diagnosis.targetOverlap)
    if let violation = diagnosis.freeSpaceViolation, violation > 0.03 {
      reasons.append("\(percent(violation)) of the points stand where the other scan saw free space")
    }
    if let score {
      if score < 7 || diagnosis.inlierCount < 25 {
        reasons.append("\(diagnosis.inlierCount) of \(diagnosis.correspondenceCount) matches agree: weak support")
      }
      if let margin = diagnosis.margin, margin < 0.7 {
        reasons.append("another pose scores nearly as well (margin \(decimal(margin)))")
      }
    } else {
      if overlap < 0.3 {
        reasons.append("overlap \(percent(overlap)) after local refinement: the initial pose may have been too far off")
      }
    }
    let free = diagnosis.directions.filter { $0.sigma == nil }
    if !free.isEmpty {
      reasons.append("the overlap leaves \(free.count) directions free: " + free.map(describe).joined(separator: ", "))
    }
    if !converged { reasons.append("the refinement did not converge") }
    return reasons
  }

  private func describe(_ d: ObservedDirection) -> String {
    let axis = [d.axis.x, d.axis.y, d.axis.z].map(decimal).joined(separator: " ")
    return d.kind == .translation ? "along (\(axis))" : "about (\(axis))"
  }

  private func percent(_ x: Double) -> String { "\(Int((100 * x).rounded())) %" }
  private func decimal(_ x: Double) -> String {
    let r = (x * 100).rounded() / 100
    return "\(r == 0 ? 0 : r)"
  }
}
