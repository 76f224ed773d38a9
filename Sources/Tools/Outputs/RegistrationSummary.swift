import Rendering
import Geometry
import Registration

/// A registration in words.
struct RegistrationSummary: Sendable {
  let pair: CloudPair
  let result: RegistrationResult
  let settings: Registrar.Settings
  let seconds: Double

  /// Says the summary, the verdict last.
  func say(_ accept: Acceptance) {
    if result.offset != .zero {
      let offset = vector(result.offset, 0)
      Console.say("offset", "\(offset)  (survey-size coordinates; computed in a local frame)")
    }
    Console.say("voxel", voxel)
    if !settings.demands.isEmpty {
      Console.say("asked for", settings.demands.map { "\($0.name) \($0.value)" }.joined(separator: ", "))
    }
    let diagnosis = result.diagnosis
    let rmse = "rmse \(diagnosis.rmse.significant(2)) m"
    let iterations = count("refinement", "iterations").map { "\($0) iteration\($0 == 1 ? "" : "s"), " } ?? ""
    if diagnosis.correspondenceCount > 0 {
      Console.say(
        "global",
        "\(diagnosis.inlierCount.grouped) inliers of \(diagnosis.correspondenceCount.grouped)   "
          + "local  \(iterations)\(rmse)")
    } else {
      Console.say("local", "\(iterations)\(diagnosis.inlierCount.grouped) inliers, \(rmse)")
    }
    let confidence = diagnosis.confidence.map { "     confidence \((100 * $0).decimals(0)) %" } ?? ""
    Console.say("overlap", "\(overlap)     weakest direction: \(weakest)\(confidence)")
    switch result.uncertainty {
    case nil: break
    case .known(let covariance): Console.say("error", UncertaintyText.deviations(covariance))
    case .unknown(let reason): Console.remark("warning", "no covariance: \(reason)")
    }
    sayVerdict(accept)
  }

  /// The verdict and what decided it.
  static func outcome(_ result: RegistrationResult) -> String {
    result.verdict.rawValue + (result.reasons.isEmpty ? "" : ": ") + result.reasons.joined(separator: "; ")
  }

  private func sayVerdict(_ accept: Acceptance) {
    let name = result.verdict.rawValue.uppercased()
    let reasons = result.reasons.joined(separator: "; ")
    switch result.verdict {
    case .trusted: Console.say("RESULT", "\(name)   \(pose)   \(seconds.decimals(1)) s", tone: .good)
    case .doubtful:
      let alternatives = result.alternatives.count
      let hint = alternatives > 0 ? " (\(alternatives + 1) poses explain the data; all in --json)" : ""
      let status = accept == .trusted ? "exit 1" : "exit 0; 1 with --accept trusted"
      Console.say("RESULT", "\(name): \(reasons)\(hint)   \(status)", tone: .caution)
      Console.say("pose", "\(pose)   \(seconds.decimals(1)) s")
    case .failed:
      let status = accept == .any ? "exit 0 with --accept any" : "exit 1"
      Console.say("RESULT", "\(name): \(reasons)   \(status)", tone: .bad)
      if accept == .any { Console.say("pose", "\(pose)   \(seconds.decimals(1)) s") }
    }
  }

  /// Rotation and translation in one phrase.
  var pose: String {
    let t = result.targetFromSource
    return "source -> target   rotation \(t.rotation.angleDegrees.decimals(2)) deg  translation "
      + "\(vector(t.translation, RegistrationSummary.places(result.voxel))) m"
      + (settings.scale == .off ? "" : "  scale \(result.scale.significant(6))")
  }

  /// Both overlaps.
  var overlap: String {
    "\((100 * result.diagnosis.sourceOverlap).decimals(0)) % / \((100 * result.diagnosis.targetOverlap).decimals(0)) %"
  }

  private var voxel: String {
    let origin =
      settings.voxel != nil
      ? "given"
      : "auto: spacing \(Double(min(pair.source.size.spacing, pair.target.size.spacing)).significant(2)), "
        + "extent \(Double(max(pair.source.size.extent.diagonal, pair.target.size.extent.diagonal)).significant(2)) m"
    let points = ["source points", "target points"].map { count("preprocess", $0)?.grouped ?? "?" }
    return "\(result.voxel.significant(3)) m (\(origin))   \(points.joined(separator: " / ")) points"
  }

  private var weakest: String {
    guard let direction = result.diagnosis.directions.first else { return "none measured" }
    let axis = direction.axis
    let named = zip([axis.x, axis.y, axis.z], ["x", "y", "z"]).first { abs($0.0) > 0.97 }?.1
    let name = named ?? "(" + [axis.x, axis.y, axis.z].map { $0.decimals(2) }.joined(separator: " ") + ")"
    let isTranslation = direction.kind == .translation
    let share =
      direction.isObserved ? "\((100 * direction.observability).significant(2)) % of full information" : "unobserved"
    return "\(isTranslation ? "along" : "about") \(name), \(share)"
  }

  private func count(_ stage: String, _ name: String) -> Int? {
    result.stages.first { $0.name == stage }?.counts.first { $0.name == name }?.value
  }

  private func vector(_ p: Point3, _ places: Int) -> String {
    "[" + [p.x, p.y, p.z].map { $0.decimals(places) }.joined(separator: ", ") + "]"
  }

  /// Decimals that show a hundredth of the voxel: 3 for clouds of metres.
  static func places(_ voxel: Double) -> Int {
    var (places, step) = (3, 1e-3)
    while step > voxel / 100, places < 15 { (places, step) = (places + 1, step / 10) }
    return places
  }
}

extension Registrar.Settings {
  /// What a user asked of the pose beyond the defaults, in words.
  var demands: [(name: String, value: String)] {
    var demands: [(name: String, value: String)] = []
    if degreesOfFreedom != Registrar.Settings().degreesOfFreedom { demands.append(("dof", "\(degreesOfFreedom)")) }
    if let text = scale.text { demands.append(("scale", text)) }
    if color != .off { demands.append(("colour", color.rawValue)) }
    if let maximumRotation { demands.append(("rotation", "at most \(maximumRotation.significant(6)) degrees")) }
    if let maximumDisplacement { demands.append(("displacement", "at most \(maximumDisplacement.significant(6)) m")) }
    if let minimumOverlap { demands.append(("overlap", "at least \((100 * minimumOverlap).significant(4)) %")) }
    return demands
  }
}

extension Registrar.Settings.Scale {
  /// What may be scaled, in words; nil for nothing.
  fileprivate var text: String? {
    switch self {
    case .off: nil
    case .units: "of another unit where that fits"
    case .estimate(let range): "from \(range.lowerBound.significant(6)) to \(range.upperBound.significant(6))"
    }
  }
}

/// One line about a stage: its counts and its time.
struct StageLine {
  let text: String

  init(_ stage: StageReport) {
    let counts = stage.counts.map { "\($0.name) \($0.value.grouped)" }.joined(separator: ", ")
    text = (counts.isEmpty ? "" : counts + "   ") + stage.seconds.decimals(3) + " s"
  }
}
