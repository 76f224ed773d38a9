import Geometry

/// Shapes made of several surfaces.
extension SceneBuilder {
  /// Adds a triangulated height field over a rectangle, its cells at most `step` wide.
  mutating func heightField(
    x: ClosedRange<Double>, y: ClosedRange<Double>, step: Double, _ material: Material,
    height: (Double, Double) -> Double
  ) {
    func knots(_ r: ClosedRange<Double>) -> [Double] {
      let n = max(1, Int(((r.upperBound - r.lowerBound) / step).rounded(.up)))
      return (0...n).map { r.lowerBound + (r.upperBound - r.lowerBound) * Double($0) / Double(n) }
    }
    let (xs, ys) = (knots(x), knots(y))
    let grid = ys.map { y in xs.map { x in Point3(x, y, height(x, y)) } }
    for j in 1..<ys.count {
      for i in 1..<xs.count {
        triangle(grid[j - 1][i - 1], grid[j - 1][i], grid[j][i], material)
        triangle(grid[j - 1][i - 1], grid[j][i], grid[j][i - 1], material)
      }
    }
  }

  /// Adds a prism: a star-shaped outline in the plane (x, z), extruded over y in [-width/2, width/2].
  mutating func prism(_ outline: [SIMD2<Double>], width: Double, _ material: Material) {
    let middle = outline.reduce(.zero, +) / Double(outline.count)
    func at(_ p: SIMD2<Double>, _ y: Double) -> Point3 { Point3(p.x, y, p.y) }
    let (left, right) = (-width / 2, width / 2)
    for k in outline.indices {
      let (a, b) = (outline[k], outline[(k + 1) % outline.count])
      triangle(at(middle, left), at(a, left), at(b, left), material)
      triangle(at(middle, right), at(a, right), at(b, right), material)
      triangle(at(a, left), at(b, left), at(b, right), material)
      triangle(at(a, left), at(b, right), at(a, right), material)
    }
  }
}

/// A hole in a wall that ends in a recessed pane or leaf.
struct Opening {
  var x: ClosedRange<Double>
  var z: ClosedRange<Double>
  /// How far the pane lies behind the face, metres.
  var depth: Double
  var pane: Material
  /// Bars across the pane: how many panes side by side.
  var panes = 1
}

extension SceneBuilder {
  /// Adds a wall over x in [0, length] and z in [0, height], its face at y = 0 towards +y, its body behind. Openings
  /// whose x ranges are equal stand above each other; others do not overlap in x.
  mutating func wall(
    length: Double, height: Double, thickness: Double, openings: [Opening], _ material: Material,
    frame: Material = .wood
  ) {
    let columns = Dictionary(grouping: openings, by: \.x).sorted { $0.key.lowerBound < $1.key.lowerBound }
    var x = 0.0
    func slab(_ x0: Double, _ x1: Double, _ z0: Double, _ z1: Double) {
      box(from: Point3(x0, -thickness, z0), to: Point3(x1, 0, z1), material)
    }
    for (range, column) in columns {
      slab(x, range.lowerBound, 0, height)
      var z = 0.0
      for opening in column.sorted(by: { $0.z.lowerBound < $1.z.lowerBound }) {
        slab(range.lowerBound, range.upperBound, z, opening.z.lowerBound)
        pane(opening, frame)
        z = opening.z.upperBound
      }
      slab(range.lowerBound, range.upperBound, z, height)
      x = range.upperBound
    }
    slab(x, length, 0, height)
  }

  private mutating func pane(_ o: Opening, _ frame: Material) {
    let (x0, x1, z0, z1) = (o.x.lowerBound, o.x.upperBound, o.z.lowerBound, o.z.upperBound)
    let (back, face) = (-o.depth - 0.04, -o.depth)
    box(from: Point3(x0, back, z0), to: Point3(x1, face, z1), o.pane)
    let bar = 0.06
    for k in 0...o.panes {
      let x = x0 + (x1 - x0 - bar) * Double(k) / Double(o.panes)
      box(from: Point3(x, face, z0), to: Point3(x + bar, face + 0.04, z1), frame)
    }
    for z in [z0, z1 - bar] { box(from: Point3(x0, face, z), to: Point3(x1, face + 0.04, z + bar), frame) }
  }
}
