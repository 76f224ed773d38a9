import Geometry

/// A few thousand points of a file, from which its origin is chosen and its plausibility judged.
struct PointSample: Sendable {
  /// The sampled coordinates, finite or not.
  private(set) var points: [Point3] = []
  /// The largest colour value met.
  private(set) var largestColor = 0.0
  /// The median per axis of the finite points.
  private(set) var center = Point3.zero
  /// The longest edge of the box between the 1st and the 99th percentile.
  private(set) var extent = 0.0
  /// The largest absolute coordinate in that box.
  private(set) var magnitude = 0.0

  /// A sample of points and of colour values.
  init(points: [Point3], largestColor: Double = 0) {
    self.points = points
    self.largestColor = largestColor
    let finite = points.filter(\.isFinite)
    guard !finite.isEmpty else { return }
    // One mistake among few points must not decide either.
    let cut = max(finite.count / 100, finite.count >= 10 ? 1 : 0)
    for axis in 0..<3 {
      let sorted = finite.map { $0[axis] }.sorted()
      let (low, high) = (sorted[cut], sorted[sorted.count - 1 - cut])
      center[axis] = sorted[sorted.count / 2]
      extent = max(extent, high - low)
      magnitude = max(magnitude, abs(low), abs(high))
    }
  }

  /// Samples records that lie one after the other.
  init(_ bytes: [UInt8], layout: RecordLayout) {
    let roles = layout.roles
    guard let x = roles[.x], let y = roles[.y], let z = roles[.z], layout.stride > 0 else {
      self.init(points: [])
      return
    }
    var points: [Point3] = []
    var largest = 0.0
    bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      for k in 0..<buffer.count / layout.stride {
        let record = base + k * layout.stride
        points.append(Point3(layout.value(x, record), layout.value(y, record), layout.value(z, record)))
        for role in [FieldRole.red, .green, .blue] {
          if let field = roles[role] { largest = max(largest, layout.value(field, record)) }
        }
      }
    }
    self.init(points: points, largestColor: largest)
  }

  /// The origin of the local coordinates, rounded to a power of ten near the extent.
  ///
  /// Doubles get one as soon as they lie farther from zero than ten extents. Floats keep zero, and with it their bits,
  /// unless they are survey coordinates: above 4096 and farther than a hundred extents.
  func origin(storesDoubles: Bool) -> Point3 {
    let isFar = storesDoubles ? magnitude > 10 * extent : magnitude > 100 * extent && magnitude > 4096
    guard isFar, magnitude.isFinite, extent.isFinite, magnitude < 1e12 else { return .zero }
    var step = 1.0
    while step * 10 <= extent { step *= 10 }
    while extent > 0, step > extent, step > 1e-9 { step /= 10 }
    return Point3((center.x / step).rounded(), (center.y / step).rounded(), (center.z / step).rounded()) * step
  }

  /// The warning about coordinates that 32-bit floats have coarsened, if they have.
  var quantisationWarning: String? {
    guard magnitude > 0, magnitude < 1e30, points.count > 1 else { return nil }
    let quantum = Double(Float(magnitude).ulp)
    guard quantum > 1e-4 * extent || (quantum >= 0.01 && quantum > 1e-6 * extent) else { return nil }
    guard points.allSatisfy({ p in !p.isFinite || Point3(SIMD3<Float>(p)) == p }) else { return nil }
    return "coordinates quantised to \(Self.short(quantum)) m: 32-bit floats hold no more at \(Self.short(magnitude)); "
      + "store them as double or with an offset"
  }

  /// True when hardly a value makes sense but nearly all do in the other byte order.
  func isImplausible(comparedWith swapped: PointSample) -> Bool {
    points.count > 0 && wildShare > 0.3 && swapped.wildShare < 0.05 && swapped.wildShare * 10 < wildShare
  }

  /// The largest finite absolute value.
  var largestValue: Double {
    points.reduce(0) { m, p in (0..<3).reduce(m) { p[$1].isFinite ? max($0, abs(p[$1])) : $0 } }
  }

  /// The share of the values that no sensor delivers: too large, too small without being zero, or not a number.
  var wildShare: Double {
    var wild = 0
    for p in points {
      for axis in 0..<3 where !(p[axis] == 0 || (abs(p[axis]) > 1e-12 && abs(p[axis]) < 1e12)) { wild += 1 }
    }
    return Double(wild) / Double(max(1, 3 * points.count))
  }

  /// A number rounded to one or two significant digits: `0.5`, `3e38`.
  static func short(_ value: Double, digits: Int = 2) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    var (exponent, mantissa) = (0, value)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    func plain(_ v: Double) -> String { v == v.rounded() && v < 1e15 ? "\(Int(v))" : "\(v)" }
    let unit = digits > 1 ? 10.0 : 1.0
    if exponent < -3 || exponent > 8 { return plain((mantissa * unit).rounded(.down) / unit) + "e\(exponent)" }
    var scale = unit
    for _ in 0..<abs(exponent) { scale = exponent < 0 ? scale * 10 : scale / 10 }
    return plain(scale >= 1 ? (value * scale).rounded() / scale : (value * scale).rounded() * (1 / scale).rounded())
  }
}
