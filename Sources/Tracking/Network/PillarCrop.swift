import Geometry

/// The points around a box as pillars: columns of a grid that is aligned to the box and scaled by its size. Each pillar
/// becomes a token.
public struct PillarCrop: Sendable {
  /// ``pointValues`` numbers for every point.
  var points: [Float] = []
  /// For every point its pillar.
  var segments: [Int] = []
  /// The mean point of every pillar, in the frame of the box, metres.
  var places: [SIMD3<Float>] = []
  /// ``placeValues`` numbers for every pillar.
  var geometry: [Float] = []

  /// How many numbers describe a point.
  static let pointValues = 16
  /// How many numbers describe a pillar.
  static let placeValues = 6

  /// No pillar.
  init() {}

  /// How a crop is cut.
  struct Cut: Sendable {
    /// Half of the extents along the axes of the box, metres.
    var half: SIMD3<Float>
    /// Cells along x and along y.
    var cells: Int
    /// The most pillars.
    var pillars: Int
    /// The most points.
    var points: Int

    /// The search region, see ``reach(_:widening:)``.
    static func search(_ size: Point3, _ shape: DenoiserShape, widening: Double = 1) -> Cut {
      Cut(
        half: reach(size, widening: widening), cells: 16, pillars: shape.searchTokens, points: shape.searchPoints)
    }

    /// Half of the search region, metres: of 1.25 times the box, 2 m and 0.5 m of height beyond, times a factor.
    static func reach(_ size: Point3, widening: Double) -> SIMD3<Float> {
      let s = SIMD3<Float>(size) * 0.625
      return SIMD3((s.x + 2) * Float(widening), (s.y + 2) * Float(widening), s.z + 0.5)
    }

    /// A template: 1.1 times the box.
    static func template(_ size: Point3, _ shape: DenoiserShape) -> Cut {
      Cut(half: SIMD3<Float>(size) * 0.55, cells: 8, pillars: shape.templateTokens, points: shape.templatePoints)
    }
  }

  /// The pillars of points.
  ///
  /// Pillars with most points above the ground come first, then those of ground. Nothing is drawn at random: of too many
  /// points every n-th is taken.
  /// - Parameters:
  ///   - candidates: points in the frame of the box, metres.
  ///   - size: the box.
  ///   - distance: from the scanner to the box, metres.
  ///   - age: 0 in the search region, 1 and more in templates.
  init(_ candidates: [SIMD3<Float>], _ cut: Cut, size: Point3, distance: Double, age: Float) {
    let n = cut.cells
    let cell = SIMD2(cut.half.x, cut.half.y) * (2 / Float(n))
    let half = SIMD3<Float>(size) * 0.5
    var (owners, counts) = ([Int32](), [Int](repeating: 0, count: n * n))
    var inside: [SIMD3<Float>] = []
    for p in candidates where abs(p.x) < cut.half.x && abs(p.y) < cut.half.y && abs(p.z) < cut.half.z {
      let (i, j) = (Int((p.x + cut.half.x) / cell.x), Int((p.y + cut.half.y) / cell.y))
      let k = min(i, n - 1) * n + min(j, n - 1)
      inside.append(p)
      owners.append(Int32(k))
      counts[k] += p.z > 0.2 - half.z ? 1000 : 1
    }
    let order = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
    var numbers = [Int](repeating: -1, count: n * n)
    for (rank, k) in order.prefix(cut.pillars).enumerated() { numbers[k] = rank }
    let kept = inside.indices.filter { numbers[Int(owners[$0])] >= 0 }
    let used = kept.count <= cut.points ? kept : (0..<cut.points).map { kept[$0 * kept.count / cut.points] }
    fill(used.map { (inside[$0], Int(owners[$0])) }, cut, size, Float(distance), age)
  }

  /// Works out the numbers; pillars are numbered in the order of their first points.
  private mutating func fill(
    _ used: [(point: SIMD3<Float>, cell: Int)], _ cut: Cut, _ size: Point3, _ distance: Float, _ age: Float
  ) {
    let n = cut.cells
    let step = SIMD2(cut.half.x, cut.half.y) * (2 / Float(n))
    let extents = SIMD3<Float>(size)
    var numbers = [Int](repeating: -1, count: n * n)
    var (sums, counts, cells): ([SIMD3<Float>], [Float], [Int]) = ([], [], [])
    for (p, cell) in used {
      if numbers[cell] < 0 {
        numbers[cell] = sums.count
        sums.append(.zero)
        counts.append(0)
        cells.append(cell)
      }
      sums[numbers[cell]] += p
      counts[numbers[cell]] += 1
      segments.append(numbers[cell])
    }
    places = zip(sums, counts).map { $0 / $1 }
    let logSize = SIMD3<Float>(logarithm(extents.x), logarithm(extents.y), logarithm(extents.z))
    for place in places {
      geometry += [place.x / 2, place.y / 2, place.z / 2, logSize.x, logSize.y, logSize.z]
    }
    points.reserveCapacity(used.count * PillarCrop.pointValues)
    for (i, (p, cell)) in used.enumerated() {
      let k = segments[i]
      let (u, mean) = (p * 2 / extents, p - places[k])
      let middle = SIMD2(Float(cell / n) + 0.5, Float(cell % n) + 0.5) * step - SIMD2(cut.half.x, cut.half.y)
      let isInBox = max(abs(u.x), abs(u.y), abs(u.z)) <= 1
      points += [
        p.x / 2, p.y / 2, p.z / 2, u.x, u.y, u.z, p.z + extents.z / 2, distance / 40, age, isInBox ? 1 : 0,
        (p.x - middle.x) / step.x, (p.y - middle.y) / step.y, mean.x * 4, mean.y * 4, mean.z * 2,
        logarithm(counts[k]) / 3,
      ]
    }
  }

  /// These pillars followed by others.
  mutating func append(_ other: PillarCrop) {
    segments += other.segments.map { $0 + places.count }
    points += other.points
    places += other.places
    geometry += other.geometry
  }

  /// How many pillars there are.
  var count: Int { places.count }
}
