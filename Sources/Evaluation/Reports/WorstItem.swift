import Geometry
import Rendering

/// A pair that went wrong, as a page shows it: what happened in words, a picture of the estimated and of the true pose,
/// and a small view that turns. It holds a few thousand points of each cloud, not the clouds.
public struct WorstItem: Sendable {
  private let id: String
  private let words: [(text: String, tone: String)]
  private let facts: [(name: String, value: String)]
  private let pictures: [(name: String, png: [UInt8])]
  private let view: CloudView?

  private static let pointLimit = 8000
  private static let pictureSize = (width: 420, height: 260)
  /// The colour of the source where it belongs: distinct from orange and blue for the colour-blind.
  private static let truthColor = SIMD3<UInt8>(196, 64, 150)

  /// A pair with its score.
  /// - Parameters:
  ///   - source: the cloud that is moved; nil where it could not be read: then words are all there is.
  ///   - target: the cloud that stands still; nil likewise.
  public init(item: PairItem, score: PairScore, source: PointCloud?, target: PointCloud?) {
    id = item.id
    words = WorstItem.words(score)
    facts = WorstItem.facts(item, score)
    let poses = [
      ("estimated pose", score.estimate?.pose, PairScene.colors.source),
      ("true pose", item.truth, WorstItem.truthColor),
    ].compactMap { name, pose, color in pose.map { (name: name, pose: $0, color: color) } }
    guard let source, let target, !source.isEmpty, !target.isEmpty, !poses.isEmpty else {
      (pictures, view) = ([], nil)
      return
    }
    pictures = poses.compactMap { name, pose, color in
      let scene = PairScene(
        source: source, target: target, targetFromSource: SimilarityTransform(pose), limit: 50_000, sourceColor: color)
      let size = WorstItem.pictureSize
      let image = scene.picture(after: true, from: .oblique, width: size.width, height: size.height)
      return image.png.map { (name: name, png: $0) }
    }
    view = WorstItem.view(source, target, estimate: score.estimate?.pose, truth: item.truth)
  }

  private static func words(_ score: PairScore) -> [(text: String, tone: String)] {
    switch score.outcome {
    case .missing: return [("The result lacks this pair.", "bad")]
    case .failed(let status, let message): return [("Not registered, exit status \(status): \(message)", "bad")]
    case .estimated(let estimate):
      var words: [(text: String, tone: String)] = []
      var errors: [String] = []
      if let degrees = score.rotationErrorDegrees { errors.append("rotation off by \(degrees.significant(3))°") }
      if let metres = score.translationError { errors.append("translation off by \(metres.significant(3)) m") }
      if !errors.isEmpty { words.append((errors.joined(separator: ", "), "")) }
      if let verdict = estimate.verdict {
        let reasons = estimate.reasons.isEmpty ? "" : ": " + estimate.reasons.joined(separator: "; ")
        let tone: String =
          switch verdict {
          case .trusted: "good"
          case .doubtful: "caution"
          case .failed: "bad"
          }
        words.append(("Verdict: \(verdict.rawValue)\(reasons)", tone))
      }
      return words
    }
  }

  private static func facts(_ item: PairItem, _ score: PairScore) -> [(name: String, value: String)] {
    var facts = [(name: "list", value: item.list)]
    if !item.scene.isEmpty { facts.append((name: "scene", value: item.scene)) }
    if let overlap = score.overlap ?? item.overlap {
      facts.append((name: "stated overlap", value: "\((100 * overlap).decimals(1)) %"))
    }
    if let rmse = score.protocolRMSE { facts.append((name: "RMSE of the protocol", value: "\(rmse.significant(3)) m")) }
    if let share = score.relativeDisplacement {
      facts.append((name: "displacement", value: "\((100 * share).significant(3)) % of the diameter"))
    }
    if let ratio = score.inlierRatio {
      let count = score.matches.map { " of \($0.grouped) matches" } ?? ""
      facts.append((name: "inlier ratio", value: "\((100 * ratio).decimals(1)) %\(count)"))
    }
    return facts
  }

  private static func view(
    _ source: PointCloud, _ target: PointCloud, estimate: RigidTransform?, truth: RigidTransform?
  ) -> CloudView {
    func sample(_ cloud: PointCloud) -> QuantizedPoints {
      QuantizedPoints(EvenSample(count: cloud.count, limit: pointLimit).indices.map { cloud.position($0) })
    }
    let (moved, fixed) = (sample(source), sample(target))
    var layers = [CloudView.Layer(name: "Target", color: PairScene.colors.target, points: fixed)]
    if let estimate {
      // An estimate far off would turn everything else into a dot; the reader may show it.
      let middle = estimate(moved.lower + moved.size * 0.5)
      let distance = (middle - (fixed.lower + fixed.size * 0.5)).length
      let isNear = distance <= 4 * max(moved.size.length, fixed.size.length) || truth == nil
      layers.append(
        CloudView.Layer(
          name: "Estimated", color: PairScene.colors.source, points: moved, poses: [SimilarityTransform(estimate)],
          isShown: isNear))
    }
    if let truth {
      layers.append(
        CloudView.Layer(
          name: "True", color: truthColor, points: moved, poses: [SimilarityTransform(truth)],
          twin: estimate == nil ? nil : 1))
    }
    return CloudView(layers: layers, scene: target, stillPicture: .empty)
  }

  /// The item as a part of a page.
  var markup: Markup {
    let size = WorstItem.pictureSize
    let said = words.map { text, tone in
      Markup.element("p", ["class": tone], .element("span", ["class": tone.isEmpty ? "" : "word"], .text(text)))
    }
    let shown = pictures.map { picture in
      Markup.element(
        "figure", [:],
        .picture(png: picture.png, alternative: "\(id), \(picture.name)", width: size.width, height: size.height),
        .element("figcaption", [:], .text(picture.name)))
    }
    let left = said + [MarkupTable.facts(facts.map { (name: $0.name, value: .text($0.value)) })]
    var right: [Markup] = []
    if let view {
      right = [view.markup]
    } else {
      right = [.element("p", ["class": "note"], .text("No clouds to show."))]
    }
    return .element(
      "article", ["class": "worst"],
      .sequence([
        .element("h3", [:], .text(id)),
        .element(
          "div", ["class": "grid"],
          .element(
            "div", ["class": "stack"], .sequence(left + [.element("div", ["class": "pictures"], .sequence(shown))])),
          .element("div", [:], right)),
      ]))
  }
}
