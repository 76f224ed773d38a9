import Geometry
import PointClouds

/// How an object looked so far: points in the frame of its box, with the planes they lie in.
///
/// The points of the first scan stay as they are, since only there the box is known to be right. Points of later scans join
/// while the track is sure, one per cell, with little weight that grows as they are met again; those that were not met
/// for the longest time make room for new ones.
struct ObjectTemplate: Sendable {
  struct Entry: Sendable {
    var position: SIMD3<Float>
    /// Unit normal of the surface around the point; zero where the neighbours do not lie in a plane.
    var normal: SIMD3<Float> = .zero
    /// Between 0 and 1; 1 for points of the first scan.
    var weight: Float
    /// The number of the last scan that met the point.
    var lastScan: Int
  }

  /// What a point of a later scan weighs when it was met often, and when it is new.
  static let laterWeight: Float = 0.25
  static let newWeight: Float = 0.075
  /// The share of a new sighting in the running mean of position and weight.
  static let renewal: Float = 0.3

  private(set) var entries: [Entry]
  private(set) var tree: KDTree
  /// The edge of a cell, metres.
  let cell: Float
  /// How far the points lie apart, metres: the median distance to the third neighbour; 0.5 where there are fewer.
  private(set) var spacing = 0.5
  /// How many scans were taken in after the first.
  private(set) var scans = 0
  private let firstCount: Int
  private let capacity: Int

  /// The template of the first scan; at most `capacity` points will be kept besides the first ones.
  init(first: [SIMD3<Float>], cell: Double, capacity: Int) {
    self.cell = Float(cell)
    self.capacity = capacity
    firstCount = first.count
    entries = first.map { Entry(position: $0, weight: 1, lastScan: 0) }
    tree = KDTree(first)
    describeSurface()
  }

  /// The points that the last scan met.
  var lately: [Entry] { entries.filter { $0.lastScan == scans } }

  /// Takes in the points of another scan, in the frame of the box.
  mutating func insert(_ points: [SIMD3<Float>]) {
    scans += 1
    var places: [SIMD3<Int32>: Int] = [:]
    for (i, entry) in entries.enumerated() { places[PointCells.cell(of: entry.position, edge: cell)] = i }
    for p in points {
      let place = PointCells.cell(of: p, edge: cell)
      if let i = places[place] {
        // A new point is met once per scan, however many points share its cell.
        guard entries[i].lastScan < scans else { continue }
        entries[i].lastScan = scans
        guard i >= firstCount else { continue }
        entries[i].position += (p - entries[i].position) * ObjectTemplate.renewal
        entries[i].weight += (ObjectTemplate.laterWeight - entries[i].weight) * ObjectTemplate.renewal
      } else {
        places[place] = entries.count
        entries.append(Entry(position: p, weight: ObjectTemplate.newWeight, lastScan: scans))
      }
    }
    forget()
    tree = KDTree(entries.map(\.position))
    describeSurface()
  }

  private mutating func forget() {
    guard entries.count > max(capacity, firstCount) else { return }
    let later = (firstCount..<entries.count).sorted {
      (entries[$0].lastScan, $1) > (entries[$1].lastScan, $0)
    }
    let kept = later.prefix(max(0, capacity - firstCount)).sorted()
    entries = entries[..<firstCount] + kept.map { entries[$0] }
  }

  /// Fits a plane to the eight nearest neighbours of every point; a flat, near neighbourhood gives a normal.
  private mutating func describeSurface() {
    var distances: [Float] = []
    for i in entries.indices {
      let near = tree.neighbors(of: entries[i].position, count: 9)
      if near.count > 3 { distances.append(near[3].squaredDistance) }
      entries[i].normal = .zero
      guard near.count >= 6, near[5].squaredDistance < 25 * cell * cell else { continue }
      let mean = near.reduce(Point3.zero) { $0 + Point3(entries[Int($1.index)].position) } / Double(near.count)
      var covariance = Matrix3.zero
      for neighbor in near {
        let d = Point3(entries[Int(neighbor.index)].position) - mean
        covariance += Matrix3(outer: d, d)
      }
      let eigen = covariance.symmetricEigen
      if eigen.values.x < 0.1 * eigen.values.y { entries[i].normal = SIMD3<Float>(eigen.vectors.x) }
    }
    distances.sort()
    spacing = distances.isEmpty ? 0.5 : Double(distances[distances.count / 2]).squareRoot()
  }
}
