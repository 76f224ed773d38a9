import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Tracked objects at a glance: a row of panels for each, from above in the scanner's axes, x to the right and y upwards.
///
/// The tracked box is orange, dashed where the object was not seen; the labelled one is magenta; points in the tracked box
/// are blue. Drawn in software on white; no display is needed.
package struct TrackPicture: Sendable {
  private let title: String
  private let strips: [TrackStrip]

  /// A picture of objects.
  package init(title: String, strips: [TrackStrip]) { (self.title, self.strips) = (title, strips) }

  /// How many panels stand beside each other.
  package static let columns = 6

  /// The colours of boxes and points.
  private enum Color {
    static let tracked = PairScene.colors.source
    static let label = SIMD3<UInt8>(196, 64, 150)
    static let inside = PairScene.colors.target
    static let standing = SIMD3<UInt8>(128, 136, 146)
    static let ground = SIMD3<UInt8>(212, 217, 222)
    static let ink = SIMD3<UInt8>(50, 54, 60)
    static let faint = SIMD3<UInt8>(120, 126, 134)
    static let rule = SIMD3<UInt8>(206, 211, 217)
    static let hidden = SIMD3<UInt8>(244, 245, 247)
    static let white = SIMD3<UInt8>(255, 255, 255)
  }

  private static let (side, gap, margin) = (300, 12, 20)
  private static let (heading, caption) = (36, 34)
  private static let stripHeight = heading + side + caption

  /// Draws the picture: a heading with a legend, and a row for each object.
  package func image() -> Image {
    let top = 76
    var image = Image(width: width, height: top + max(1, strips.count) * Self.stripHeight + 6)
    image.draw(Self.plain(title, width - 2 * Self.margin, 3), x: Self.margin, y: 14, scale: 3, color: Color.ink)
    legend(&image, y: 48)
    for (k, strip) in strips.enumerated() { Self.draw(strip, &image, top: top + k * Self.stripHeight) }
    if strips.isEmpty {
      image.draw("no object was tracked", x: Self.margin, y: top + 20, scale: 2, color: Color.faint)
    }
    return image
  }

  /// Draws one row by itself.
  package static func image(of strip: TrackStrip) -> Image {
    var image = Image(width: width(panels: strip.panels.count), height: side + caption)
    draw(strip, &image, top: -heading)
    return image
  }

  /// The legend as it stands in words under rows that are drawn by themselves.
  package static let explanation =
    "From above, x of the scanner to the right, y upwards. Orange: the tracked box, its nose ahead, dashed where the "
    + "object was not seen; magenta: the labelled box; blue: points in the tracked box; dark points stand above the ground."

  private var width: Int { Self.width(panels: max(3, strips.map(\.panels.count).max() ?? 0)) }

  private static func width(panels: Int) -> Int { 2 * margin + panels * side + max(0, panels - 1) * gap }

  private func legend(_ image: inout Image, y: Int) {
    var entries: [(name: String, color: SIMD3<UInt8>, isLine: Bool, dash: Double?)] = [
      ("tracked", Color.tracked, true, nil)
    ]
    let panels = strips.flatMap(\.panels)
    if panels.contains(where: { !$0.isSeen }) { entries.append(("not seen", Color.tracked, true, 6)) }
    if panels.contains(where: { $0.label != nil }) { entries.append(("labelled", Color.label, true, nil)) }
    entries += [("points inside", Color.inside, false, nil), ("x right, y up", Color.rule, false, nil)]
    var x = Self.margin
    let area = PixelArea(x: 0, y: 0, width: image.width, height: image.height)
    for (k, entry) in entries.enumerated() {
      let middle = Double(y) + 7
      if entry.isLine {
        let ends = [SIMD2(Double(x), middle), SIMD2(Double(x) + 28, middle)]
        image.outline(ends, width: 3.5, color: entry.color, dash: entry.dash, in: area)
        x += 36
      } else if k + 1 < entries.count {
        for (dx, dy) in [(3.0, 3.0), (9, 8), (15, 2), (20, 10)] {
          image.disc(at: SIMD2(Double(x) + dx, Double(y) + dy), radius: 2.4, color: entry.color, in: area)
        }
        x += 30
      }
      image.draw(entry.name, x: x, y: y, scale: 2, color: Color.faint)
      x += Image.textWidth(entry.name, scale: 2) + 30
    }
  }

  private static func draw(_ strip: TrackStrip, _ image: inout Image, top: Int) {
    if top >= 0 {
      let name = plain(strip.title, image.width / 3, 2)
      for shift in [0, 1] { image.draw(name, x: margin + shift, y: top + 12, scale: 2, color: Color.ink) }
      let left = margin + Image.textWidth(name, scale: 2) + 18
      image.draw(
        plain(strip.note, image.width - left - margin, 2), x: left, y: top + 12, scale: 2, color: Color.faint)
    }
    for (k, panel) in strip.panels.enumerated() {
      let area = PixelArea(x: margin + k * (side + gap), y: top + heading, width: side, height: side)
      draw(panel, reach: strip.reach, &image, area)
      frame(&image, area)
      captions(panel, &image, area)
    }
    if !strip.panels.isEmpty { scaleBar(strip.reach, &image, x: margin, y: top + heading + side) }
  }

  private static func frame(_ image: inout Image, _ area: PixelArea) {
    for y in [area.y, area.y + area.height - 1] {
      image.fill(x: area.x, y: y, width: area.width, height: 1, color: Color.rule)
    }
    for x in [area.x, area.x + area.width - 1] {
      image.fill(x: x, y: area.y, width: 1, height: area.height, color: Color.rule)
    }
  }

  private static func captions(_ panel: TrackPanel, _ image: inout Image, _ area: PixelArea) {
    let y = area.y + area.height + 9
    image.draw("frame \(panel.frame)", x: area.x, y: y, scale: 2, color: Color.ink)
    let right = panel.isSeen ? panel.error.map { "\($0.decimals(2)) m off" } ?? "" : "not seen"
    image.draw(
      right, x: area.x + area.width - Image.textWidth(right, scale: 2) + 2, y: y, scale: 2, color: Color.faint)
  }

  /// Points, labelled box and tracked box of a panel.
  private static func draw(_ panel: TrackPanel, reach: Double, _ image: inout Image, _ area: PixelArea) {
    image.fill(
      x: area.x, y: area.y, width: area.width, height: area.height, color: panel.isSeen ? Color.white : Color.hidden)
    let pixelsPerMetre = Double(area.width) / (2 * reach)
    let middle = SIMD2(Double(area.x) + Double(area.width) / 2, Double(area.y) + Double(area.height) / 2)
    func place(_ x: Double, _ y: Double) -> SIMD2<Double> { middle + SIMD2(x, -y) * pixelsPerMetre }
    let radius = min(max(0.03 * pixelsPerMetre, 1), 2)
    for (point, kind) in panel.points {
      let color: SIMD3<UInt8> =
        switch kind {
        case .ground: Color.ground
        case .standing: Color.standing
        case .inside: Color.inside
        }
      image.disc(
        at: place(Double(point.x), Double(point.y)), radius: kind == .inside ? radius + 0.3 : radius, color: color,
        in: area)
    }
    // The labelled box is the wider line, so that both are seen where they agree.
    if let label = panel.label {
      outline(label, width: 5.5, Color.label, dash: nil, &image, area, place)
    }
    outline(panel.box, width: 2.5, Color.tracked, dash: panel.isSeen ? nil : 8, &image, area, place)
  }

  /// A box as a rectangle with a nose at its front.
  private static func outline(
    _ box: Box3, width: Double, _ color: SIMD3<UInt8>, dash: Double?, _ image: inout Image, _ area: PixelArea,
    _ place: (Double, Double) -> SIMD2<Double>
  ) {
    let (c, s) = (cos(box.yawRadians), sin(box.yawRadians))
    func corner(_ along: Double, _ across: Double) -> SIMD2<Double> {
      place(box.center.x + c * along - s * across, box.center.y + s * along + c * across)
    }
    let (l, w) = (box.size.x / 2, box.size.y / 2)
    image.outline(
      [corner(-l, -w), corner(l, -w), corner(l, w), corner(-l, w)], width: width, color: color, dash: dash, in: area)
    let nose = corner(l + 0.7 * w, 0)
    image.stroke(from: corner(l, -w), to: nose, width: width, color: color, in: area)
    image.stroke(from: nose, to: corner(l, w), width: width, color: color, in: area)
  }

  /// A length in the lower left corner of the first panel.
  private static func scaleBar(_ reach: Double, _ image: inout Image, x: Int, y: Int) {
    let metres = [0.5, 1, 2, 5, 10, 20, 50].last { $0 <= 0.7 * reach } ?? 0.5
    let length = Int((metres * Double(side) / (2 * reach)).rounded())
    let text = "\(metres.significant(2)) m"
    let wide = max(length, Image.textWidth(text, scale: 2))
    image.fill(x: x + 6, y: y - 38, width: wide + 12, height: 32, color: Color.white)
    image.draw(text, x: x + 12, y: y - 34, scale: 2, color: Color.ink)
    image.fill(x: x + 12, y: y - 13, width: length, height: 3, color: Color.ink)
    for end in [x + 12, x + 12 + length - 3] { image.fill(x: end, y: y - 17, width: 3, height: 7, color: Color.ink) }
  }

  /// As much of a text as fits.
  private static func plain(_ text: String, _ pixels: Int, _ scale: Int) -> String {
    let letters = max(4, pixels / (scale * BitmapFont.advance))
    return text.count <= letters ? text : String(text.prefix(letters - 3)) + "..."
  }
}
