import Geometry
import Registration
import Rendering

extension RegistrationPage {
  /// The pose in all its forms.
  var pose: [Markup] {
    let pose = result.targetFromSource
    let (t, q, e) = (pose.translation, pose.rotation.quaternion, EulerAngles(pose.rotation))
    let degrees = [e.roll, e.pitch, e.yaw].map { ($0 * 180 / .pi).decimals(4) }
    let axis = pose.rotation.rotationVector.normalized
    var warning: [Markup] = []
    if result.verdict == .failed {
      warning = [
        .element("p", ["class": "bad"], .element("span", ["class": "word"], .text("Failed: do not use this pose.")))
      ]
    }
    let scale: [(name: String, value: Markup)] =
      result.scale == 1 ? [] : [(name: "scale", value: .text(result.scale.significant(8)))]
    let facts = MarkupTable.facts(
      scale + [
        (name: "translation", value: numbers([t.x, t.y, t.z], unit: "m")),
        (name: "quaternion x, y, z, w", value: numbers([q.x, q.y, q.z, q.w])),
        (
          name: "Euler angles",
          value: .text(
            "roll \(degrees[0])°, pitch \(degrees[1])°, yaw \(degrees[2])° with R = Rz(yaw) Ry(pitch) Rx(roll)")
        ),
        (
          name: "axis and angle",
          value: .text(
            "\(pose.rotation.angleDegrees.decimals(4))° about ["
              + [axis.x, axis.y, axis.z].map { $0.decimals(4) }.joined(separator: ", ") + "]")
        ),
      ])
    return warning + [
      .element("p", ["class": "note"], .text("T maps source to target: p_target = T · p_source, in metres.")),
      .element("pre", [:], .lines(matrix(result.similarity))), facts,
    ]
  }

  /// Poses that score nearly as well.
  var alternatives: [Markup] {
    if result.alternatives.isEmpty { return [] }
    let rows = result.alternatives.enumerated().map { k, other in
      let between = other.targetFromSource * result.targetFromSource.inverse
      let t = other.targetFromSource.translation
      return MarkupTable.Row(
        name: .text(String(k + 1)),
        cells: [
          .figure("\((100 * other.relativeScore).decimals(1)) %"),
          .figure("\(between.rotation.angleDegrees.decimals(2))°"),
          .words(.text("[" + [t.x, t.y, t.z].map { $0.decimals(3) }.joined(separator: ", ") + "] m")),
          .words(.element("code", [:], numbers(quaternion(other.targetFromSource)))),
        ])
    }
    return [
      .element(
        "p", ["class": "note"],
        .text(
          "The scene looks alike from several sides. Each of these poses is distinct from the result and scores nearly "
            + "as well; knowledge from outside must choose.")),
      MarkupTable(
        columns: ["", "score", "turned by", "translation", "quaternion x, y, z, w"], rows: rows
      ).markup,
    ]
  }

  /// What was read.
  var inputs: Markup {
    let members = [source, target]
    func row(_ name: String, _ cell: (PairMember) -> String, isCode: Bool = false) -> MarkupTable.Row {
      MarkupTable.Row(
        name: .text(name),
        cells: members.map { .words(isCode ? .element("code", [:], .text(cell($0))) : .text(cell($0))) })
    }
    return MarkupTable(
      columns: ["", "source", "target"],
      rows: [
        row("file", \.path, isCode: true), row("format", \.loaded.encoding),
        row("points", \.loaded.declaredPoints.grouped), row("not finite", \.loaded.droppedNonFinite.grouped),
        row("spacing", { "\(Double($0.size.spacing).significant(2)) m" }),
        row("diagonal", { "\(Double($0.size.extent.diagonal).significant(3)) m" }),
        row("SHA-256", \.loaded.sha256, isCode: true),
      ]
    ).markup
  }

  /// What the registration was told and what it chose.
  var parameters: Markup {
    let settings = report.settings
    let offset = result.offset
    return MarkupTable.facts(
      [
        (name: "version", value: .text("plumb \(Plumb.version)")),
        (name: "method", value: .text(settings.method.rawValue)),
        (name: "quality", value: .text(settings.quality.rawValue)),
        (name: "descriptor", value: .text(settings.descriptor.rawValue)),
        (name: "tree", value: .text(settings.tree.rawValue)),
        (name: "degrees of freedom", value: .text("\(settings.degreesOfFreedom)")),
        (name: "initial pose", value: settings.initial.map { _ in .text("given") } ?? .text("none")),
        (
          name: "voxel",
          value: .text(
            "\(result.voxel.significant(4)) m (\(settings.voxel == nil ? "chosen from both clouds" : "given"))")
        ),
        (
          name: "largest distance of partners",
          value: .text(settings.maximumCorrespondence.map { "\($0.significant(4)) m" } ?? "3, then 1.5 voxels")
        ),
        (name: "seed", value: .text(String(settings.seed))),
        (
          name: "offset",
          value: offset == .zero
            ? .text("none")
            : numbers([offset.x, offset.y, offset.z], unit: "m, subtracted from both clouds while computing")
        ),
      ] + settings.demands.filter { $0.name != "dof" }.map { (name: $0.name, value: .text($0.value)) })
  }

  private func quaternion(_ pose: RigidTransform) -> [Double] {
    let q = pose.rotation.quaternion
    return [q.x, q.y, q.z, q.w]
  }

  private func numbers(_ values: [Double], unit: String = "") -> Markup {
    .text("[" + values.map { $0.decimals(6) }.joined(separator: ", ") + "]" + (unit.isEmpty ? "" : " " + unit))
  }

  /// Four aligned rows.
  private func matrix(_ pose: SimilarityTransform) -> [String] {
    let cells = pose.rows.map { $0.map { $0.decimals(9) } }
    let width = cells.joined().map(\.count).max() ?? 0
    return cells.map { row in
      row.map { String(repeating: " ", count: max(0, width - $0.count)) + $0 }.joined(separator: "  ")
    }
  }
}
