import Geometry
import PointClouds

/// The surfaces around a scanner as small planes (surfels), one per cell of two grids: a coarse one that reaches far and a fine
/// one near the scanner. What ``EgoMotion`` compares.
///
/// Cells whose points span no plane, such as those that a single ring of a scanner has crossed, are left out.
public struct SurfelMap: Sendable {
  /// The surface in one cell.
  struct Surfel: Sendable {
    /// The middle of its points, metres.
    var center: SIMD3<Float>
    /// Unit normal; its sign means nothing.
    var normal: SIMD3<Float>
    /// The variance of its points across it, square metres.
    var variance: Float
  }

  /// The surfels of one grid.
  struct Level: Sendable {
    /// The edge of the cells, metres.
    let edge: Float
    /// How many cells there are along x, y and z; the scanner stands in the middle.
    let cells: SIMD3<Int32>
    var surfels: [Surfel] = []
    /// The number of the surfel in each cell, -1 for none.
    var numbers: [Int32] = []

    /// Where a point lies, in cells from the corner of the grid.
    @inline(__always)
    func place(_ p: SIMD3<Float>) -> SIMD3<Float> { p / edge + SIMD3<Float>(cells) / 2 }

    /// Whether a place is in the grid; not where it is not finite.
    @inline(__always)
    func contains(_ place: SIMD3<Float>) -> Bool { all(place .>= 0) && all(place .< SIMD3<Float>(cells)) }

    /// The number of the cell of a place in the grid.
    @inline(__always)
    func index(_ place: SIMD3<Float>) -> Int {
      // One by one: the conversion of vectors is not specialized.
      let (x, y, z) = (Int(place.x), Int(place.y), Int(place.z))
      return (z * Int(cells.y) + y) * Int(cells.x) + x
    }

    /// The surfel whose centre is nearest among the eight cells around a point.
    @inline(__always)
    func nearest(_ p: SIMD3<Float>) -> Surfel? {
      let corner = place(p) - 0.5
      // No surfel is looked for from the outermost half cell.
      guard contains(corner), contains(corner + 1) else { return nil }
      let first = index(corner)
      let (row, layer) = (Int(cells.x), Int(cells.x) * Int(cells.y))
      var best: Int32 = -1
      var least = Float.infinity
      for k in 0..<8 {
        let number = numbers[first + (k & 1) + (k >> 1 & 1) * row + (k >> 2) * layer]
        if number < 0 { continue }
        let d = surfels[Int(number)].center - p
        let squared = (d * d).sum()
        if squared < least { (best, least) = (number, squared) }
      }
      return best >= 0 ? surfels[Int(best)] : nil
    }
  }

  /// Coarse, then fine.
  let levels: [Level]

  /// Scans of more points are thinned to half, a third, ... of them.
  private static let enough = 40_000

  /// The surfaces of a scan in the axes of its scanner, metres.
  public init(_ scan: PointCloud) {
    let shift = SIMD3<Float>(scan.origin)
    let step = max(1, scan.count / Self.enough)
    levels = [(Float(3), SIMD3<Int32>(50, 50, 8)), (1, SIMD3(64, 64, 16))].map { edge, cells in
      Level(scan.positions, every: step, shift: shift, edge: edge, cells: cells)
    }
  }
}

extension SurfelMap.Level {
  /// The fewest points of a surfel.
  private static let leastPoints: Float = 8

  init(_ points: [SIMD3<Float>], every step: Int, shift: SIMD3<Float>, edge: Float, cells: SIMD3<Int32>) {
    (self.edge, self.cells) = (edge, cells)
    var numbers = [Int32](repeating: -1, count: Int(cells.x &* cells.y &* cells.z))
    var sums: [Moments] = []
    for k in stride(from: 0, to: points.count, by: step) {
      let p = points[k] + shift
      let at = place(p)
      guard contains(at) else { continue }
      let i = index(at)
      if numbers[i] < 0 {
        numbers[i] = Int32(sums.count)
        sums.append(Moments(anchor: p))
      }
      sums[Int(numbers[i])].add(p)
    }
    var renumbered = [Int32](repeating: -1, count: sums.count)
    for (k, sum) in sums.enumerated() {
      guard let surfel = sum.surfel(edge: edge) else { continue }
      renumbered[k] = Int32(surfels.count)
      surfels.append(surfel)
    }
    for i in numbers.indices where numbers[i] >= 0 { numbers[i] = renumbered[Int(numbers[i])] }
    self.numbers = numbers
  }

  /// Sums over the points of a cell, relative to the first of them.
  private struct Moments {
    let anchor: SIMD3<Float>
    private var count: Float = 0
    private var sum = SIMD3<Float>()
    private var squares = SIMD3<Float>()
    /// yz, zx, xy.
    private var products = SIMD3<Float>()

    init(anchor: SIMD3<Float>) { self.anchor = anchor }

    @inline(__always)
    mutating func add(_ p: SIMD3<Float>) {
      let d = p - anchor
      count += 1
      sum += d
      squares += d * d
      products += SIMD3(d.y * d.z, d.z * d.x, d.x * d.y)
    }

    /// The plane through the points; nil where they span none.
    func surfel(edge: Float) -> SurfelMap.Surfel? {
      guard count >= SurfelMap.Level.leastPoints else { return nil }
      let mean = sum / count
      let s = squares / count - mean * mean
      let m = products / count - SIMD3(mean.y * mean.z, mean.z * mean.x, mean.x * mean.y)
      let axes = PrincipalAxes(
        xx: Double(s.x), xy: Double(m.z), xz: Double(m.y), yy: Double(s.y), yz: Double(m.x), zz: Double(s.z))
      let (thin, wide) = (axes.eigenvalues.x, axes.eigenvalues.y)
      let least = 0.12 * edge
      guard wide > least * least, thin < 0.1 * wide else { return nil }
      return SurfelMap.Surfel(center: anchor + mean, normal: axes.normal, variance: thin)
    }
  }
}
