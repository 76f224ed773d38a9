import Geometry
import LinearAlgebra

/// Shelves, cabinets and the things that lie about. Each stands on z = 0, its back towards -y.
extension SceneBuilder {
  /// An open shelf with books, boxes and vases.
  mutating func shelf(width w: Double, depth d: Double, height h: Double, _ rng: inout SeededGenerator) {
    let board = 0.022
    for s in [-1.0, 1] { box(Point3(s * (w - board) / 2, 0, h / 2), Point3(board, d, h), .wood) }
    if rng.chance(0.6) { box(Point3(0, -d / 2 + 0.005, h / 2), Point3(w, 0.01, h), .wood) }
    let rows = max(2, Int(h / rng.uniform(0.3, 0.42)))
    let pitch = (h - board) / Double(rows)
    for r in 0...rows {
      let z = Double(r) * pitch
      box(Point3(0, 0, z + board / 2), Point3(w, d, board), .wood)
      if r < rows {
        place(0, 0, z + board) { $0.shelfRow(width: w - 2 * board, depth: d, height: pitch - board, &rng) }
      }
    }
  }

  private mutating func shelfRow(width w: Double, depth d: Double, height h: Double, _ rng: inout SeededGenerator) {
    var x = -w / 2 + rng.uniform(0, 0.08)
    while x < w / 2 - 0.06 {
      if rng.chance(0.08) { x += rng.uniform(0.05, 0.25) }
      let room = w / 2 - x
      if rng.chance(0.07), room > 0.3 {
        let size = Point3(rng.uniform(0.15, 0.28), d * 0.8, h * rng.uniform(0.4, 0.8))
        box(Point3(x + size.x / 2, 0, size.z / 2), size, .fabric)
        x += size.x + 0.01
      } else if rng.chance(0.05), room > 0.2 {
        let r = rng.uniform(0.05, 0.09)
        ellipsoid(Point3(x + r, 0, h * 0.3), Point3(r, r, h * 0.3), .ceramic)
        x += 2 * r + 0.01
      } else {
        let size = Point3(rng.uniform(0.015, 0.05), d * rng.uniform(0.55, 0.9), min(h * 0.95, rng.uniform(0.17, 0.31)))
        if room < size.x { break }
        let lean = Rotation3(radians: rng.chance(0.12) ? rng.uniform(-0.25, 0.25) : 0, about: Point3(0, 1, 0))
        box(Point3(x + size.x / 2, -d / 2 + size.y / 2 + 0.02, size.z / 2), size, .paper, turned: lean)
        x += size.x + (rng.chance(0.1) ? 0.03 : 0.001)
      }
    }
  }

  /// A cabinet or wardrobe with inset doors, drawers and handles.
  mutating func cabinet(width w: Double, depth d: Double, height h: Double, _ rng: inout SeededGenerator) {
    box(Point3(0, -0.01, h / 2 + 0.03), Point3(w, d - 0.02, h - 0.06), .wood)
    box(Point3(0, 0, h - 0.015), Point3(w + 0.03, d + 0.03, 0.03), .wood)
    box(Point3(0, -0.03, 0.03), Point3(w - 0.04, d - 0.06, 0.06), .dark)
    let (columns, rows) = (max(1, Int(w / rng.uniform(0.4, 0.6))), max(1, Int(h / rng.uniform(0.35, 1.6))))
    let (cw, rh) = (w / Double(columns), (h - 0.12) / Double(rows))
    for c in 0..<columns {
      for r in 0..<rows {
        let p = Point3(-w / 2 + cw * (Double(c) + 0.5), d / 2, 0.08 + rh * (Double(r) + 0.5))
        box(p, Point3(cw - 0.015, 0.035, rh - 0.015), .wood)
        box(p + Point3(cw * 0.35, 0.03, 0), Point3(0.02, 0.03, min(0.14, rh * 0.5)), .metal)
      }
    }
    if h < 1.6 {
      place(0, 0, h) { $0.clutter(width: w * 0.85, depth: d * 0.7, count: rng.whole(2...6), &rng) }
    } else if rng.chance(0.6) {
      place(rng.uniform(-0.2, 0.2) * w, 0, h, yawDegrees: rng.uniform(-10, 10)) {
        $0.box(Point3(0, 0, 0.13), Point3(w * 0.5, d * 0.7, 0.26), .paper)
      }
    }
  }

  /// Small things over a rectangle: boxes, books, cups, bottles, bowls, balls, small plants.
  mutating func clutter(width w: Double, depth d: Double, count: Int, _ rng: inout SeededGenerator) {
    for _ in 0..<count {
      let (x, y) = (rng.uniform(-w / 2, w / 2), rng.uniform(-d / 2, d / 2))
      let (r, h) = (rng.uniform(0.03, 0.07), rng.uniform(0.08, 0.28))
      switch rng.whole(0...6) {
      case 0:
        let size = Point3(rng.uniform(0.08, 0.3), rng.uniform(0.06, 0.22), rng.uniform(0.04, 0.2))
        place(x, y, yawDegrees: rng.uniform(0, 180)) { $0.box(Point3(0, 0, size.z / 2), size, .paper) }
      case 1:
        for k in 0..<rng.whole(1...4) {
          place(x, y, 0.03 * Double(k), yawDegrees: rng.uniform(-30, 30)) {
            $0.box(Point3(0, 0, 0.015), Point3(0.16, 0.23, 0.03), .paper)
          }
        }
      case 2:
        cylinder(from: Point3(x, y, 0), to: Point3(x, y, h * 0.7), radius: r, .ceramic)
      case 3:
        cylinder(from: Point3(x, y, 0), to: Point3(x, y, h), radius: 0.035, .ceramic)
        cylinder(from: Point3(x, y, h), to: Point3(x, y, h + 0.09), radius: 0.013, .ceramic)
      case 4: ellipsoid(Point3(x, y, r * 0.7), Point3(2 * r, 1.6 * r, r * 0.7), .ceramic)
      case 5: sphere(Point3(x, y, r), r, .fabric)
      default: place(x, y) { $0.plant(height: h + 0.1, &rng) }
      }
    }
  }
}
