import Geometry

/// A registration at a glance: both clouds before and after, obliquely and from above, source orange and target blue,
/// under a caption with the verdict. Drawn in software on white; no display is needed.
public struct RegistrationPicture: Sendable {
  /// How the verdict is coloured.
  public enum Mark: Sendable {
    /// Green.
    case good
    /// Amber.
    case caution
    /// Red.
    case bad
  }

  private let source, target: PointCloud
  private let targetFromSource: SimilarityTransform
  private let names: (source: String, target: String)
  private let mark: Mark
  private let verdict: String
  private let reasons: [String]
  private let measures: String

  /// A picture of two clouds and the pose between them.
  /// - Parameters:
  ///   - verdict: one word, drawn in the colour of `mark`.
  ///   - reasons: what decided the verdict; as much as fits on one line is shown.
  ///   - measures: one line of figures, such as rotation, translation and overlap.
  public init(
    source: PointCloud, target: PointCloud, targetFromSource: SimilarityTransform, sourceName: String,
    targetName: String,
    mark: Mark, verdict: String, reasons: [String], measures: String
  ) {
    self.source = source
    self.target = target
    self.targetFromSource = targetFromSource
    names = (sourceName, targetName)
    self.mark = mark
    self.verdict = verdict
    self.reasons = reasons
    self.measures = measures
  }

  private static let panel = (width: 800, height: 520)
  private static let top = 92
  private static let ink = SIMD3<UInt8>(50, 54, 60)
  private static let faint = SIMD3<UInt8>(130, 136, 144)
  private static let rule = SIMD3<UInt8>(222, 226, 230)

  /// Draws the picture, 1600 x 1132 pixels.
  public func image() -> Image {
    let (w, h) = RegistrationPicture.panel
    var image = Image(width: 2 * w, height: 2 * h + RegistrationPicture.top)
    let scene = PairScene(source: source, target: target, targetFromSource: targetFromSource)
    for (row, direction) in [PairScene.Direction.oblique, .top].enumerated() {
      for (column, isAfter) in [false, true].enumerated() {
        let y = RegistrationPicture.top + row * h
        image.paste(scene.picture(after: isAfter, from: direction, width: w, height: h), x: column * w, y: y)
        let name = (isAfter ? "after" : "before" + scene.remark) + (row == 0 ? "" : ", from above")
        let white = SIMD3<UInt8>(repeating: 255)
        image.fill(
          x: column * w + 12, y: y + 10, width: Image.textWidth(name, scale: 2) + 16, height: 28, color: white)
        image.draw(name, x: column * w + 20, y: y + 16, scale: 2, color: RegistrationPicture.faint)
      }
    }
    frame(&image)
    caption(&image)
    return image
  }

  private func frame(_ image: inout Image) {
    let (w, h) = RegistrationPicture.panel
    let (top, rule) = (RegistrationPicture.top, RegistrationPicture.rule)
    image.fill(x: 0, y: top, width: 2 * w, height: 2, color: rule)
    image.fill(x: 0, y: top + h, width: 2 * w, height: 2, color: rule)
    image.fill(x: w - 1, y: top, width: 2, height: 2 * h, color: rule)
  }

  private func caption(_ image: inout Image) {
    let color: SIMD3<UInt8> =
      switch mark {
      case .good: SIMD3(28, 140, 70)
      case .caution: SIMD3(190, 125, 0)
      case .bad: SIMD3(200, 45, 45)
      }
    // Drawn twice for boldness.
    for shift in [0, 2] { image.draw(verdict, x: 20 + shift, y: 16, scale: 4, color: color) }
    let left = 20 + Image.textWidth(verdict, scale: 4) + 24
    let reason = reasons.joined(separator: "; ")
    let line = reason.isEmpty ? measures : reason
    image.draw(shortened(line, image.width - 20 - left), x: left, y: 24, scale: 2, color: RegistrationPicture.ink)
    let second = reason.isEmpty ? "" : measures + "   "
    image.draw(second, x: 20, y: 60, scale: 2, color: RegistrationPicture.ink)
    var x = 20 + Image.textWidth(second, scale: 2)
    for (name, color) in [
      ("source " + names.source, PairScene.colors.source), ("target " + names.target, PairScene.colors.target),
    ] {
      image.fill(x: x, y: 60, width: 14, height: 14, color: color)
      let text = shortened(name, max(0, image.width - x - 44))
      image.draw(text, x: x + 22, y: 60, scale: 2, color: RegistrationPicture.faint)
      x += 22 + Image.textWidth(text, scale: 2) + 28
    }
  }

  private func shortened(_ text: String, _ pixels: Int) -> String {
    let letters = pixels / (2 * BitmapFont.advance)
    let plain = text.replacingPlainForms
    return plain.count <= letters ? plain : String(plain.prefix(max(0, letters - 3))) + "..."
  }
}

extension String {
  /// Signs that the font lacks, written in ASCII.
  fileprivate var replacingPlainForms: String {
    unicodeScalars.map { $0 == "×" ? "x" : $0 == "→" ? "->" : $0 == "°" ? " deg" : String($0) }.joined()
  }
}
