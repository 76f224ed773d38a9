import Geometry
import PointClouds
import Registration
import Rendering

/// The page about a registration, `--report`: what was found, how far to believe it and why, for people.
///
/// Everything outside the section `run` depends on the inputs and the settings alone.
struct RegistrationPage: Sendable {
  let report: RegistrationReport
  let accepted: Bool
  let totalSeconds: Double

  var result: RegistrationResult { report.result }
  var source: PairMember { report.pair.source }
  var target: PairMember { report.pair.target }

  /// The file.
  func html() throws -> String {
    let names = (FileName.last(source.path), FileName.last(target.path))
    var page = HTMLPage(title: "\(result.verdict.rawValue): \(names.0) → \(names.1)")
    page.add(header(names))
    let residuals = RegistrationResiduals(result, source: source.cloud, target: target.cloud)
    let pictures = try RegistrationPictures(report)
    page.add(section: "Before and after", pictures.axisPanels)
    page.add(section: "In three dimensions", [pictures.view(residuals)])
    page.add(section: "How well the surfaces meet", [.element("div", ["class": "grid"], evidence(residuals))])
    page.add(section: "Pose", pose)
    page.add(section: "Other poses that explain the data", alternatives)
    page.add(section: "Inputs and parameters", [inputs, parameters])
    page.add(run)
    page.add(
      .element(
        "footer", [:],
        .text("Made by plumb \(Plumb.version). This file holds everything it shows and connects to nothing.")))
    return page.html
  }

  private func header(_ names: (String, String)) -> Markup {
    let tone: String =
      switch result.verdict {
      case .trusted: "good"
      case .doubtful: "caution"
      case .failed: "bad"
      }
    let meaning: String =
      switch result.verdict {
      case .trusted: "The evidence leaves no known way for the pose to be wrong."
      case .doubtful: "A pose was found, but something speaks against relying on it:"
      case .failed: "No pose was found that can be relied on. The one below is shown so that it can be looked at:"
      }
    let reasons = result.reasons.map { Markup.element("li", [:], .text($0)) }
    let acceptance = accepted ? "" : "It was not accepted: no pose and no cloud was written."
    let verdict = Markup.element(
      "div", ["class": "verdict \(tone)", "id": "verdict"],
      .sequence([
        .element("strong", [:], .text(result.verdict.rawValue.uppercased())), .element("p", [:], .text(meaning)),
        reasons.isEmpty ? .empty : .element("ul", [:], reasons),
        acceptance.isEmpty ? .empty : .element("p", [:], .text(acceptance)),
        .element("p", ["class": "note"], .text(summaryLine)),
      ]))
    return .element(
      "header", [:],
      .sequence([
        .element("h1", [:], .text("\(names.0) → \(names.1)")),
        .element("p", ["class": "note"], .text("Registration: the source is moved onto the target.")), verdict,
      ]))
  }

  private var summaryLine: String {
    let pose = result.targetFromSource
    let t = pose.translation
    let places = RegistrationSummary.places(result.voxel)
    let translation = [t.x, t.y, t.z].map { $0.decimals(places) }.joined(separator: ", ")
    let diagnosis = result.diagnosis
    return "Rotation \(pose.rotation.angleDegrees.decimals(2))°, translation [\(translation)] m, overlap "
      + "\((100 * diagnosis.sourceOverlap).decimals(0)) % of the source and "
      + "\((100 * diagnosis.targetOverlap).decimals(0)) % of the target, "
      + "point-to-plane RMSE \(diagnosis.rmse.significant(2)) m."
  }

  /// Times and memory: the one part that differs from run to run.
  private var run: Markup {
    let times =
      [(name: "read", seconds: report.readSeconds)] + result.stages.map { (name: $0.name, seconds: $0.seconds) }
    let rows = (times + [(name: "until this page", seconds: totalSeconds)]).map { time in
      (name: time.name, value: Markup.text("\(time.seconds.decimals(3)) s"))
    }
    return .thisRun(rows)
  }
}
