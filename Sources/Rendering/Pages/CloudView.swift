import Geometry

/// A small view of point clouds that turns, moves and zooms, drawn by the page's own script; a picture stands in for it
/// where the browser offers no WebGL 2, and on paper.
package struct CloudView: Sendable {
  /// One cloud.
  package struct Layer: Sendable {
    let name: String
    let color: SIMD3<UInt8>
    let points: QuantizedPoints
    let poses: [SimilarityTransform]
    let isShown: Bool
    let twin: Int?

    /// A cloud under its poses into the scene, one per pose of the view, or one for all.
    /// - Parameter twin: the number of an earlier layer with the same points, which are then embedded once.
    package init(
      name: String, color: SIMD3<UInt8>, points: QuantizedPoints, poses: [SimilarityTransform] = [.identity],
      isShown: Bool = true, twin: Int? = nil
    ) {
      self.name = name
      self.color = color
      self.points = points
      self.poses = poses
      self.isShown = isShown
      self.twin = twin
    }
  }

  /// How the 8-bit values of the layers are to be read.
  package struct Scale: Sendable {
    let name: String
    let upper: String
    let none: String
    let others: String

    /// A scale from 0 to what `upper` says; `none` says what it means that a point has no value, `others` which layers
    /// have no values at all.
    package init(name: String, upper: String, none: String, others: String) {
      self.name = name
      self.upper = upper
      self.none = none
      self.others = others
    }
  }

  private let layers: [Layer]
  private let poseNames: [String]
  private let scale: Scale?
  private let views: SceneViews
  private let stillPicture: Markup

  /// A view.
  /// - Parameters:
  ///   - poseNames: names of the poses between which the reader may switch; the last is shown first.
  ///   - scale: how values are coloured; nil when the layers have none.
  ///   - scene: the cloud that chooses the direction of the view.
  ///   - stillPicture: what is shown instead where nothing can be drawn.
  package init(layers: [Layer], poseNames: [String] = [], scale: Scale? = nil, scene: PointCloud, stillPicture: Markup)
  {
    precondition(layers.allSatisfy { !$0.poses.isEmpty }, "a layer needs a pose")
    self.layers = layers
    self.poseNames = poseNames
    self.scale = scale
    views = SceneViews(scene)
    self.stillPicture = stillPicture
  }

  /// Colours of values from none to the largest: of like brightness, and distinct for the colour-blind.
  static let ramp: [SIMD3<UInt8>] = [
    SIMD3(74, 123, 222), SIMD3(120, 94, 240), SIMD3(220, 38, 127), SIMD3(254, 97, 0), SIMD3(255, 176, 0),
  ]
  /// The colour of points without a value.
  static let unmatched = SIMD3<UInt8>(128, 136, 146)

  /// The view with its buttons.
  package var markup: Markup {
    let stage = Markup.element(
      "div", ["class": "stage"], stillPicture,
      .element("canvas", ["tabindex": "0", "role": "img", "aria-label": layers.map(\.name).joined(separator: ", ")]))
    // A closing tag or a comment inside would end the script.
    let data = scene.text.split(separator: "<", omittingEmptySubsequences: false).joined(separator: "\\u003c")
    return .element(
      "figure", ["class": "cloud-view", "data-state": "waiting"],
      .sequence([
        stage, .element("p", ["class": "note unavailable"]), controls, scale.map(legend) ?? .empty,
        .element("script", ["type": "application/json"], Markup(trusted: data)),
      ]))
  }

  private var controls: Markup {
    var groups: [[Markup]] = []
    if poseNames.count > 1 {
      groups.append(poseNames.enumerated().map { CloudView.button($1, does: "pose \($0)") })
    }
    if layers.count > 1 {
      groups.append(
        layers.enumerated().map { k, layer in
          CloudView.button(layer.name, does: "layer \(k)", swatch: layer.color)
        })
    }
    if let scale {
      groups.append([
        CloudView.button("Colour by cloud", does: "color cloud"), CloudView.button(scale.name, does: "color misfit"),
      ])
    }
    groups.append([CloudView.button("Reset", does: "reset")])
    let hint = Markup.element(
      "span", [:], .text("Drag to turn, shift-drag to move; click, then wheel or pinch to zoom."))
    return .element("div", ["class": "controls"], groups.map { .element("span", [:], $0) } + [hint])
  }

  private static func button(_ name: String, does: String, swatch: SIMD3<UInt8>? = nil) -> Markup {
    .element(
      "button", ["type": "button", "data-does": does],
      swatch.map { .element("span", ["class": "swatch", "style": "--swatch:\(css($0))"]) } ?? .empty, .text(name))
  }

  private func legend(_ scale: Scale) -> Markup {
    let stops = CloudView.ramp.map(CloudView.css).joined(separator: ",")
    return .element(
      "div", ["class": "misfit-legend", "hidden": ""],
      .element("div", ["class": "ramp", "style": "--ramp:linear-gradient(to right,\(stops))"]),
      .element("div", ["class": "ends"], .element("span", [:], .text("0")), .element("span", [:], .text(scale.upper))),
      .element(
        "ul", ["class": "legend"],
        [(scale.none, CloudView.css(CloudView.unmatched)), (scale.others, "rgb(var(--quiet))")].map { name, color in
          .element("li", [:], .element("span", ["class": "swatch", "style": "--swatch:\(color)"]), .text(name))
        }))
  }

  private static func css(_ color: SIMD3<UInt8>) -> String { "rgb(\(color.x),\(color.y),\(color.z))" }
}

extension CloudView {
  /// What the script reads. The scene is moved and scaled so that what is shown first lies about the origin with a half
  /// diagonal of one: single precision then suffices for survey coordinates and for grains of dust.
  private var scene: JSONValue {
    var box = BoundingBox()
    for layer in layers where layer.isShown && layer.points.count > 0 {
      let pose = layer.poses[layer.poses.count - 1]
      for corner in 0..<8 {
        let share = Point3(Double(corner & 1), Double(corner >> 1 & 1), Double(corner >> 2))
        box.insert(pose(layer.points.lower + layer.points.size * share))
      }
    }
    let (center, half) = (box.center, box.diagonal / 2)
    let metresPerUnit = half > 0 && half < .infinity ? half : 1
    let view = views.oblique
    return .members([
      "layers": .array(layers.map { json($0, center, metresPerUnit) }),
      "pose": .integer(max(0, poseNames.count - 1)), "metresPerUnit": .number(metresPerUnit),
      "right": CloudView.json(view.right), "up": CloudView.json(view.up), "forward": CloudView.json(view.forward),
      "worldUp": CloudView.json(-views.top.forward),
      "ramp": .array(CloudView.ramp.map(CloudView.json)), "unmatched": CloudView.json(CloudView.unmatched),
    ])
  }

  private func json(_ layer: Layer, _ center: Point3, _ unit: Double) -> JSONValue {
    let points = layer.points
    let models = layer.poses.map { pose -> JSONValue in
      // Column by column: the axes of the box, then its corner.
      let corner = (pose(points.lower) - center) / unit
      let columns = (0..<3).map { axis -> Point3 in
        var edge = Point3.zero
        edge[axis] = points.size[axis] / unit
        return pose.rotation(edge * pose.scale)
      }
      let numbers = (columns + [corner]).enumerated().flatMap { k, c -> [Double] in [c.x, c.y, c.z, k == 3 ? 1 : 0] }
      return .array(numbers.map { (number: Double) in .number(Double(Float(number))) })
    }
    let isTwin = layer.twin != nil
    return .members([
      "name": .string(layer.name), "color": CloudView.json(layer.color), "count": .integer(points.count),
      "shown": .bool(layer.isShown), "same": layer.twin.map { .integer($0) } ?? .null,
      "places": isTwin ? .null : .string(Base64.text(points.bytes)),
      "misfits": isTwin ? .null : points.values.map { .string(Base64.text($0)) } ?? .null, "poses": .array(models),
    ])
  }

  private static func json(_ color: SIMD3<UInt8>) -> JSONValue {
    .array([color.x, color.y, color.z].map { .integer(Int($0)) })
  }

  private static func json(_ p: Point3) -> JSONValue { .array([p.x, p.y, p.z].map { .number($0) }) }
}
