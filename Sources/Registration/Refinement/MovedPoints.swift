import Geometry

/// The source points that have a normal, with how far each lies from the surface that they imply themselves.
final class MovedPoints: @unchecked Sendable {
  let positions, normals: [SIMD3<Float>]
  let center: Point3
  /// The largest distance of a point from the centre, metres.
  let radius: Double
  private let surface: OrientedPoints
  private let gate: Float
  /// Not a number where nobody has asked yet. A point is asked for by one thread at a time, and the answer is always the
  /// same.
  private let own: UnsafeMutablePointer<Double>

  var count: Int { positions.count }

  init(_ source: PreparedCloud.Surface, gate: Double) {
    let valid = source.normals.indices.filter { source.normals[$0].squaredLength > 0.5 }
    (positions, normals) = (valid.map { source.positions[$0] }, valid.map { source.normals[$0] })
    let mean = positions.mean
    center = mean
    radius = positions.reduce(0.0) { max($0, (Point3($1) - mean).squaredLength) }.squareRoot()
    self.gate = Float(gate)
    surface = OrientedPoints(source.positions, normals: source.normals, cell: Float(gate) * 1.0001)
    own = .allocate(capacity: max(positions.count, 1))
    own.initialize(repeating: .nan, count: max(positions.count, 1))
  }

  deinit { own.deallocate() }

  @inline(__always)
  func ownDistance(_ i: Int) -> Double {
    if own[i].isNaN {
      own[i] = SurfaceAlignment.implied(at: positions[i], facing: normals[i], gate, surface)?.distance ?? 0
    }
    return own[i]
  }
}
