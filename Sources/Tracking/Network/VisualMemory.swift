import Geometry

/// What a ``NetworkTracker`` remembers of an object beside its motion: three templates and seven boxes.
struct VisualMemory: Sendable {
  /// The first template for ever, then up to two later ones, the older one first.
  private(set) var templates: [BoxTemplate]
  /// The boxes before, the last one first.
  private(set) var past: [DenoisingInput.PastBox]
  /// Scans since the first one.
  private var scans = 0
  /// The scan that gave the last template.
  private var lastTemplate = 0

  /// The most templates.
  static let templateLimit = 3
  /// The most boxes.
  static let pastLimit = 7

  init(_ template: BoxTemplate, box: Box3) {
    templates = [template]
    past = [.init(box: box, age: 0, score: 1)]
  }

  /// One scan later.
  mutating func grow() {
    scans += 1
    for i in past.indices { past[i].age += 1 }
    past.removeAll { $0.age > VisualMemory.pastLimit }
  }

  /// Moves the boxes, into the axes of another scan.
  mutating func movePast(_ move: (Box3) -> Box3) {
    for i in past.indices { past[i].box = move(past[i].box) }
  }

  /// Takes in the box of a scan.
  mutating func insert(_ box: Box3, score: Double) {
    past.insert(.init(box: box, age: 0, score: score), at: 0)
    past = Array(past.prefix(VisualMemory.pastLimit))
  }

  /// Whether a template is due: every five scans, after each hundred scans half as often.
  var isDue: Bool { scans - lastTemplate >= 5 << min(scans / 100, 5) }

  /// Takes in how the object looks; the oldest template but the first goes.
  mutating func insert(_ template: BoxTemplate) {
    if templates.count == VisualMemory.templateLimit { templates.remove(at: 1) }
    templates.append(template)
    lastTemplate = scans
  }
}
