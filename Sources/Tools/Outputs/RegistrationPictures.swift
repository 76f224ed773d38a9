import Geometry
import Parallelism
import PointClouds
import Registration
import Rendering

/// The pictures and the 3-D view of the page about a registration.
struct RegistrationPictures: Sendable {
  private let report: RegistrationReport
  private let scene: PairScene
  private let panels: [(png: [UInt8], caption: String)]
  private static let size = (width: 560, height: 340)

  /// Draws both clouds along three axes, before and after, and obliquely.
  init(_ report: RegistrationReport) throws {
    self.report = report
    let scene = PairScene(
      source: report.pair.source.cloud, target: report.pair.target.cloud,
      targetFromSource: report.result.similarity, limit: 50_000)
    let wanted =
      [2, 1, 0].flatMap { axis in
        [false, true].map { after in (direction: PairScene.Direction.axis(axis), after: after, axis: axis) }
      } + [(direction: .oblique, after: true, axis: -1)]
    let size = Self.size
    let files = Parallel.map(wanted.count, grain: 1) { k in
      scene.picture(after: wanted[k].after, from: wanted[k].direction, width: size.width, height: size.height).png
    }
    panels = try zip(files, wanted).map { png, wanted in
      guard let png else { throw CommandFailure(.limit, "no memory for the pictures of the report") }
      let time = wanted.after ? "After" : "Before" + scene.remark
      return (
        png,
        wanted.axis < 0 ? time : "\(time), along \(["x", "y", "z"][wanted.axis]): \(scene.axes(along: wanted.axis))"
      )
    }
    self.scene = scene
  }

  /// Before and after along z, y and x.
  var axisPanels: [Markup] {
    let figures = panels.dropLast().map { panel in
      Markup.element("figure", [:], picture(panel), .element("figcaption", [:], .text(panel.caption)))
    }
    func key(_ name: String, _ path: String, _ variable: String) -> Markup {
      .element(
        "li", [:], .element("span", ["class": "swatch", "style": "--swatch:var(\(variable))"]),
        .element("span", [:], .text("\(name) \(FileName.last(path))")))
    }
    return [
      .element("div", ["class": "pictures"], .sequence(figures)),
      .element(
        "ul", ["class": "legend"], key("source", report.pair.source.path, "--source"),
        key("target", report.pair.target.path, "--target")),
    ]
  }

  /// The view that turns, with the source coloured by its residuals on demand.
  func view(_ residuals: RegistrationResiduals) -> Markup {
    let target = report.pair.target.cloud
    let points = EvenSample(count: target.count, limit: RegistrationResiduals.limit).indices.map { target.position($0) }
    let source = QuantizedPoints(residuals.points, values: residuals.codes)
    let fixed = QuantizedPoints(points)
    let start = SimilarityTransform(translation: scene.shift)
    let view = CloudView(
      layers: [
        CloudView.Layer(
          name: "Source", color: PairScene.colors.source, points: source,
          poses: [start, report.result.similarity]),
        CloudView.Layer(name: "Target", color: PairScene.colors.target, points: fixed),
      ],
      poseNames: ["Before" + scene.remark, "After"],
      scale: CloudView.Scale(
        name: "Colour by residual", upper: "\(residuals.scale.significant(3)) m or more",
        none: "no target within \(residuals.reach.significant(2)) m of the moved point", others: "target"),
      scene: target, stillPicture: panels.last.map(picture) ?? .empty)
    let stray = source.leftOut + fixed.leftOut
    let note =
      "\(source.count.grouped) points of the source and \(fixed.count.grouped) of the target are shown"
      + (stray > 0 ? "; \(stray.grouped) far outside the others are left out." : ".")
      + " Residuals are distances of the moved source to the target's surface."
    return .sequence([view.markup, .element("p", ["class": "note"], .text(note))])
  }

  private func picture(_ panel: (png: [UInt8], caption: String)) -> Markup {
    .picture(png: panel.png, alternative: panel.caption, width: Self.size.width, height: Self.size.height)
  }
}
