/// The frame of a diagram: a drawing of 480 by 300 units with labelled axes, which a page scales to its width.
struct Plot: Sendable {
  /// The ranges of the axes.
  let x, y: (lower: Double, upper: Double)
  /// What the axes show, with the unit.
  let labels: (x: String, y: String)

  static let size = (width: 480.0, height: 300.0)
  /// The field that the axes enclose.
  static let field = (left: 52.0, top: 30.0, right: 468.0, bottom: 256.0)

  /// Horizontal place of a value.
  func column(_ value: Double) -> Double {
    Plot.field.left + (Plot.field.right - Plot.field.left) * share(value, x)
  }

  /// Vertical place of a value.
  func row(_ value: Double) -> Double { Plot.field.bottom - (Plot.field.bottom - Plot.field.top) * share(value, y) }

  private func share(_ value: Double, _ range: (lower: Double, upper: Double)) -> Double {
    let span = range.upper - range.lower
    return span > 0 ? min(max((value - range.lower) / span, 0), 1) : 0.5
  }

  /// The drawing with axes, ticks and what lies between them.
  func markup(description: String, _ content: [Markup]) -> Markup {
    .element(
      "svg",
      [
        "viewBox": "0 0 \(Plot.number(Plot.size.width)) \(Plot.number(Plot.size.height))", "role": "img",
        "aria-label": description,
      ],
      .sequence(parts(content)))
  }

  /// Axes, ticks and what lies between them, in the drawing's units.
  func parts(_ content: [Markup]) -> [Markup] {
    let (field, size) = (Plot.field, Plot.size)
    var parts: [Markup] = []
    let rows = AxisTicks(from: y.lower, to: y.upper, atMost: 6)
    for (value, label) in zip(rows.values, rows.labels) {
      let at = row(value)
      parts.append(Plot.line("rule", field.left, at, field.right, at))
      parts.append(Plot.text(label, x: field.left - 7, y: at + 4, anchor: "end"))
    }
    let columns = AxisTicks(from: x.lower, to: x.upper, atMost: 7)
    for (value, label) in zip(columns.values, columns.labels) {
      let at = column(value)
      parts.append(Plot.line("axis", at, field.bottom, at, field.bottom + 5))
      parts.append(Plot.text(label, x: at, y: field.bottom + 19, anchor: "middle"))
    }
    parts += content
    parts.append(Plot.line("axis", field.left, field.bottom, field.right, field.bottom))
    parts.append(Plot.text(labels.y, x: 2, y: 12, anchor: "start"))
    parts.append(Plot.text(labels.x, x: (field.left + field.right) / 2, y: size.height - 6, anchor: "middle"))
    return parts
  }

  /// A straight line of a class of the page's style.
  static func line(_ style: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Markup {
    .void("line", ["class": style, "x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2)]).closed
  }

  /// One line of text.
  static func text(_ text: String, x: Double, y: Double, anchor: String, style: String = "") -> Markup {
    .element("text", ["class": style, "x": number(x), "y": number(y), "text-anchor": anchor], .text(text))
  }

  /// A coordinate with a hundredth of a unit.
  static func number(_ value: Double) -> String { value.decimals(2) }

  /// A diagram under its title, with what explains it below.
  static func figure(title: String, _ drawing: Markup, _ below: [Markup]) -> Markup {
    .element("figure", ["class": "chart"], [.element("h3", [:], .text(title)), drawing] + below)
  }
}

extension Markup {
  /// The element closed as SVG wants it.
  var closed: Markup { Markup(trusted: html.dropLast() + "/>") }
}
