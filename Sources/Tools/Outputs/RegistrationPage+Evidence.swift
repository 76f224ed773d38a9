import Registration
import Rendering

extension RegistrationPage {
  /// Residuals, overlap and what the overlap fixes.
  func evidence(_ residuals: RegistrationResiduals) -> [Markup] {
    [residuals.histogram, .element("div", ["class": "stack"], .sequence([overlap, directions, figures]))]
  }

  private var overlap: Markup {
    let diagnosis = result.diagnosis
    func bar(_ name: String, _ share: Double, _ color: String) -> BarChart.Bar {
      BarChart.Bar(name: name, share: share, text: "\((100 * share).decimals(1)) %", color: color)
    }
    return BarChart(
      title: "Overlap",
      bars: [bar("source", diagnosis.sourceOverlap, "--source"), bar("target", diagnosis.targetOverlap, "--target")],
      note: "Share of each cloud with a partner in the other within 2 voxels (\((2 * result.voxel).significant(2)) m)."
    ).markup
  }

  private var directions: Markup {
    let directions = result.diagnosis.directions
    if directions.isEmpty { return .empty }
    let bars = directions.map { direction in
      let axis = [direction.axis.x, direction.axis.y, direction.axis.z]
      let named = zip(axis, ["x", "y", "z"]).first { abs($0.0) > 0.97 }?.1
      let name = named ?? "(" + axis.map { $0.decimals(2) }.joined(separator: ", ") + ")"
      return BarChart.Bar(
        name: (direction.kind == .translation ? "along " : "about ") + name, share: direction.observability,
        text: direction.isObserved ? "\((100 * direction.observability).significant(2)) %" : "free",
        color: direction.isObserved ? "--line-2" : "--line-1")
    }
    return BarChart(
      title: "What the overlap fixes", bars: bars,
      note:
        "Information about each direction of motion, in the target's axes, relative to a fully constrained one; the "
        + "weakest first. Along a free direction the surfaces slide and the pose is open."
    ).markup
  }

  private var figures: Markup {
    let diagnosis = result.diagnosis
    var facts: [(name: String, value: Markup)] = [
      (
        name: "point-to-plane RMSE",
        value: .text("\(diagnosis.rmse.significant(3)) m over the inliers of the refinement")
      ),
      (
        name: "feature matches",
        value: .text(
          diagnosis.correspondenceCount > 0
            ? "\(diagnosis.inlierCount.grouped) of \(diagnosis.correspondenceCount.grouped) agree with the pose"
            : "not used: the registration was local")
      ),
    ]
    if let margin = diagnosis.margin {
      facts.append(
        (
          name: "margin",
          value: .text("\(margin.significant(3)) in score over the best distinct pose")
        ))
    }
    if let confidence = diagnosis.confidence {
      facts.append(
        (
          name: "confidence",
          value: .text("\((100 * confidence).decimals(0)) % of simulated poses with such evidence are right")
        ))
    }
    if let violation = diagnosis.freeSpaceViolation {
      facts.append(
        (
          name: "seen through surfaces",
          value: .text("\((100 * violation).decimals(1)) % of the points, the worse direction")
        )
      )
    }
    switch result.uncertainty {
    case nil: break
    case .known(let covariance):
      facts.append((name: "error of the pose", value: .text(UncertaintyText.deviations(covariance))))
    case .unknown(let reason): facts.append((name: "error of the pose", value: .text("no number: \(reason)")))
    }
    return MarkupTable.facts(facts)
  }
}
