import Geometry
import Parallelism

/// Finite points sorted by cubic cells, for neighbours within a fixed radius.
///
/// The cells of one row lie one behind the other in memory, so a query visits a few contiguous runs of points that are
/// stored as three arrays of coordinates: the inner loop is the caller's and can use SIMD. Rows run along the second
/// longest axis and are stacked along the longest one, the ``layers``. Cells are found by a hash of blocks of 16
/// cells: the extent has no limit, and far outliers cost nothing.
///
/// Complexity: O(n) to build; a query costs its rows and the points in them. Queries are safe from several threads.
public struct FixedRadiusGrid: @unchecked Sendable {
  /// The edge of a cell, metres.
  public let cell: Float
  /// The number of finite points.
  public let count: Int
  /// Sorted coordinates; four more entries (+infinity) may be read behind the last point.
  public let xs: UnsafePointer<Float>
  /// Sorted coordinates, see ``xs``.
  public let ys: UnsafePointer<Float>
  /// Sorted coordinates, see ``xs``.
  public let zs: UnsafePointer<Float>
  /// For every sorted point its index in the array the grid was made from.
  public let indices: UnsafePointer<Int32>
  /// The sorted points of every occupied layer of cells, ascending along the longest axis.
  public let layers: [(coordinate: Int, points: Range<Int>)]

  @usableFromInline let storage: FixedRadiusGridStorage
  @usableFromInline let anchor: Point3
  @usableFromInline let inverseCell: Double
  @usableFromInline let axes: SIMD3<Int>
  @usableFromInline let blockCount: Int
  @usableFromInline let blockKeys: UnsafePointer<UInt64>
  @usableFromInline let blockNumbers: UnsafePointer<Int32>
  @usableFromInline let cellStarts: UnsafePointer<Int32>
  @usableFromInline let tableShift: UInt64
  @usableFromInline let tableMask: Int

  /// Sorts the finite points into cells; the query radius is a good edge.
  /// - Precondition: `cell` is positive and finite.
  public init(_ positions: [SIMD3<Float>], cell: Float) {
    precondition(cell > 0 && cell.isFinite, "cell \(cell): must be positive and finite")
    let extent = RobustExtent(positions)
    let size = extent.size
    let order = [0, 1, 2].sorted { (size[$0], $0) > (size[$1], $1) }
    let axes = SIMD3(order[1], order[2], order[0])
    let anchor = Point3(extent.lower)
    let inverse = 1 / Double(cell)
    let built = FixedRadiusGridStorage(positions, axes: axes, anchor: anchor, inverseCell: inverse)
    self.cell = cell
    self.axes = axes
    self.anchor = anchor
    inverseCell = inverse
    storage = built
    count = built.count
    layers = built.layers
    blockCount = built.blockCount
    xs = UnsafePointer(built.coordinates)
    ys = UnsafePointer(built.coordinates + built.stride)
    zs = UnsafePointer(built.coordinates + 2 * built.stride)
    indices = UnsafePointer(built.indices)
    blockKeys = UnsafePointer(built.tableKeys)
    blockNumbers = UnsafePointer(built.tableNumbers)
    cellStarts = UnsafePointer(built.cellStarts)
    tableShift = UInt64(64 - built.tableBits)
    tableMask = 1 << built.tableBits - 1
  }

  /// Runs `body` over ranges of sorted points that together hold every point within `radius` of `q`, each point at most
  /// once and many that lie farther; the ranges ascend.
  @inlinable @inline(__always)
  public func forEachRun(near q: SIMD3<Float>, radius: Float, _ body: (Range<Int>) -> Void) {
    guard count > 0, q.isFinite, radius >= 0 else { return }
    let p = Point3(Double(q[axes.x]), Double(q[axes.y]), Double(q[axes.z]))
    let a = Point3(anchor[axes.x], anchor[axes.y], anchor[axes.z])
    let r = Double(radius) * 1.000001
    let t = (p - a) * inverseCell
    let reach = r * inverseCell
    let (low, high) = (Self.cellOf(t - reach), Self.cellOf(t + reach))
    // Where a query reaches over more blocks than there are, all points are one run.
    if (high.z - low.z + 1) * (high.y - low.y + 1) > 4 * blockCount + 64 || (high.x - low.x) >> 4 > blockCount + 64 {
      body(0..<count)
      return
    }
    let reach2 = reach * reach * 1.000001
    let limit = FixedRadiusGridStorage.reach
    for cz in low.z...high.z {
      // The distance from q to the slab of the layer; cells at the limit also hold all that lies beyond.
      let gz = abs(cz) >= limit ? 0 : max(0, max(Double(cz) - t.z, t.z - Double(cz + 1)))
      for cy in low.y...high.y {
        let gy = abs(cy) >= limit ? 0 : max(0, max(Double(cy) - t.y, t.y - Double(cy + 1)))
        let rest = reach2 - gz * gz - gy * gy
        if rest < 0 { continue }
        let half = rest.squareRoot()
        let (x0, x1) = (Self.cellOf(t.x - half), Self.cellOf(t.x + half))
        var (start, end) = (0, 0)
        for block in (x0 >> 4)...(x1 >> 4) {
          guard let b = find(FixedRadiusGridStorage.key(block << 4, cy, cz) >> 4) else { continue }
          let s = Int(cellStarts[b * 17 + max(0, x0 - block << 4)])
          let e = Int(cellStarts[b * 17 + min(15, x1 - block << 4) + 1])
          if s == end {
            end = e
          } else {
            if start < end { body(start..<end) }
            (start, end) = (s, e)
          }
        }
        if start < end { body(start..<end) }
      }
    }
  }

  /// Runs `body(sorted point, squared distance)` for every point closer than `radius` to `q`.
  @inlinable @inline(__always)
  public func forEachNeighbor(of q: SIMD3<Float>, radius: Float, _ body: (Int, Float) -> Void) {
    let limit = radius * radius
    forEachRun(near: q, radius: radius) { range in
      for j in range {
        let (x, y, z) = (xs[j] - q.x, ys[j] - q.y, zs[j] - q.z)
        let d = x * x + y * y + z * z
        if d < limit { body(j, d) }
      }
    }
  }

  @inlinable @inline(__always)
  static func cellOf(_ t: Double) -> Int {
    let limit = Double(FixedRadiusGridStorage.reach)
    let clamped = max(-limit, min(limit, t))
    // Without SSE4.1 rounding down is a function call.
    let whole = Int(clamped)
    return Double(whole) > clamped ? whole - 1 : whole
  }

  @inlinable @inline(__always)
  static func cellOf(_ t: Point3) -> SIMD3<Int> { SIMD3(cellOf(t.x), cellOf(t.y), cellOf(t.z)) }

  @inlinable @inline(__always)
  func find(_ key: UInt64) -> Int? {
    var slot = Int((key &* 0x9E37_79B9_7F4A_7C15) >> tableShift)
    while true {
      let found = blockKeys[slot]
      if found == key { return Int(blockNumbers[slot]) }
      if found == UInt64.max { return nil }
      slot = (slot + 1) & tableMask
    }
  }
}

/// The memory of a ``FixedRadiusGrid``; written once.
@usableFromInline
final class FixedRadiusGridStorage: @unchecked Sendable {
  /// Cells are numbered within this distance of the anchor; farther points share the last cell.
  @usableFromInline static let reach = 1_048_575

  let count: Int
  let stride: Int
  let coordinates: UnsafeMutablePointer<Float>
  let indices: UnsafeMutablePointer<Int32>
  private(set) var layers: [(coordinate: Int, points: Range<Int>)] = []
  private(set) var blockCount = 0
  let cellStarts: UnsafeMutablePointer<Int32>
  let tableBits: Int
  let tableKeys: UnsafeMutablePointer<UInt64>
  let tableNumbers: UnsafeMutablePointer<Int32>

  @inlinable @inline(__always)
  static func key(_ x: Int, _ y: Int, _ z: Int) -> UInt64 {
    UInt64(bitPattern: Int64((z + 1_048_576) << 42 | (y + 1_048_576) << 21 | (x + 1_048_576)))
  }

  init(_ positions: [SIMD3<Float>], axes: SIMD3<Int>, anchor: Point3, inverseCell: Double) {
    let n = positions.count
    var keys = [UInt64](repeating: .max, count: n)
    keys.withUnsafeMutableBufferPointer { buffer in
      let out = UncheckedPointer(buffer.baseAddress)
      Parallel.forEachChunk(n, grain: 1 << 14) { range in
        positions.withUnsafeBufferPointer { p in
          for i in range where p[i].isFinite {
            let c = FixedRadiusGrid.cellOf((Point3(p[i]) - anchor) * inverseCell)
            out.base![i] = Self.key(c[axes.x], c[axes.y], c[axes.z])
          }
        }
      }
    }
    let order = RadixOrder.ascending(keys, dropping: .max)
    let m = order.count
    count = m
    stride = m + 4
    coordinates = .allocate(capacity: 3 * stride)
    coordinates.initialize(repeating: .infinity, count: 3 * stride)
    indices = .allocate(capacity: max(1, m))
    let (c, out, width) = (UncheckedPointer(coordinates), UncheckedPointer(indices), stride)
    Parallel.forEachChunk(m, grain: 1 << 14) { range in
      for k in range {
        let p = positions[Int(order[k])]
        out.base![k] = order[k]
        c.base![k] = p.x
        c.base![width + k] = p.y
        c.base![2 * width + k] = p.z
      }
    }

    var blocks = 0
    var last = UInt64.max
    for i in order where keys[Int(i)] >> 4 != last {
      last = keys[Int(i)] >> 4
      blocks += 1
    }
    var bits = 3
    while 1 << bits < 2 * blocks { bits += 1 }
    blockCount = blocks
    tableBits = bits
    cellStarts = .allocate(capacity: max(1, 17 * blocks))
    tableKeys = .allocate(capacity: 1 << bits)
    tableKeys.initialize(repeating: .max, count: 1 << bits)
    tableNumbers = .allocate(capacity: 1 << bits)
    tableNumbers.initialize(repeating: 0, count: 1 << bits)

    var k = 0
    for block in 0..<blocks {
      let key = keys[Int(order[k])] >> 4
      let starts = cellStarts + 17 * block
      for cell in 0..<16 {
        starts[cell] = Int32(k)
        while k < m && keys[Int(order[k])] == key << 4 | UInt64(cell) { k += 1 }
      }
      starts[16] = Int32(k)
      var slot = Int((key &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
      while tableKeys[slot] != .max { slot = (slot + 1) & (1 << bits - 1) }
      tableKeys[slot] = key
      tableNumbers[slot] = Int32(block)
      let layer = Int(key >> 38) - 1_048_576
      if layers.last?.coordinate == layer {
        layers[layers.count - 1].points = layers[layers.count - 1].points.lowerBound..<k
      } else {
        layers.append((layer, Int(starts[0])..<k))
      }
    }
  }

  deinit {
    coordinates.deallocate()
    indices.deallocate()
    cellStarts.deallocate()
    tableKeys.deallocate()
    tableNumbers.deallocate()
  }
}
