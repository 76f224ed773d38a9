import Geometry

/// Draws points in software: square splats into a depth buffer, shaded by the depth around them (eye-dome lighting:
/// Boucheny 2009), drawn at twice the size and averaged down.
///
/// Complexity: linear in points and pixels.
struct Canvas: Sendable {
  /// Points of one colour.
  struct Layer: Sendable {
    let points: [Point3]
    let color: SIMD3<Float>
  }

  /// Size of the finished picture.
  let width, height: Int
  /// Pixels drawn per finished pixel along each axis.
  private static let oversampling = 2

  /// Layers as seen in a view, fitted to all but the stray points.
  func callAsFunction(_ layers: [Layer], view: View) -> Image {
    let (w, h) = (width * Canvas.oversampling, height * Canvas.oversampling)
    let seen = layers.map { layer in layer.points.map { view($0) } }
    let fit = Fit(seen, width: w, height: h)
    var depth = [Float](repeating: .infinity, count: w * h)
    var order = depth
    var owner = [UInt8](repeating: .max, count: w * h)
    for (k, points) in seen.enumerated() {
      let radius = fit.radius(points, width: w, height: h)
      for (i, p) in points.enumerated() {
        let (x, y, z) = fit(p)
        guard x > -1e6, x < 1e6, y > -1e6, y < 1e6 else { continue }
        let (cx, cy) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
        guard cx > -radius, cy > -radius, cx < w + radius, cy < h + radius else { continue }
        // Where surfaces of both layers agree, chance decides which is in front, so that both colours show.
        let rank = z + Canvas.agreement * Canvas.noise(UInt64(i) << 1 | UInt64(k & 1))
        for row in max(0, cy - radius)..<min(h, cy + radius + 1) {
          for column in max(0, cx - radius)..<min(w, cx + radius + 1) {
            let (dx, dy) = (column - cx, row - cy)
            if radius > 1, dx * dx + dy * dy > radius * radius + 1 { continue }
            let index = row * w + column
            if rank < order[index] { (order[index], depth[index], owner[index]) = (rank, z, UInt8(k)) }
          }
        }
      }
    }
    return shaded(depth, owner, layers.map(\.color), w, h)
  }

  /// Colours every pixel, darker where its surroundings are nearer to the eye, and averages down.
  private func shaded(_ depth: [Float], _ owner: [UInt8], _ colors: [SIMD3<Float>], _ w: Int, _ h: Int) -> Image {
    var image = Image(width: width, height: height)
    let reach = [
      (2, 0), (-2, 0), (0, 2), (0, -2), (2, 2), (-2, -2), (2, -2), (-2, 2), (6, 0), (-6, 0), (0, 6), (0, -6),
    ]
    func color(_ x: Int, _ y: Int) -> SIMD3<Float> {
      let index = y * w + x
      let z = depth[index]
      guard z < .infinity else { return SIMD3(repeating: 255) }
      var occlusion: Float = 0
      for (dx, dy) in reach {
        let (nx, ny) = (x + dx, y + dy)
        guard nx >= 0, ny >= 0, nx < w, ny < h else { continue }
        let other = depth[ny * w + nx]
        // Depth is in pixels: a step as high as wide darkens fully.
        if other < z { occlusion += min((z - other) / Float(max(abs(dx), abs(dy))), 4) }
      }
      let shade = 0.32 + 0.68 * Canvas.falloff(occlusion / Float(reach.count))
      return colors[Int(owner[index])] * shade
    }
    let n = Canvas.oversampling
    for y in 0..<height {
      for x in 0..<width {
        var sum = SIMD3<Float>.zero
        for j in 0..<n { for i in 0..<n { sum += color(n * x + i, n * y + j) } }
        let mean = (sum / Float(n * n)).rounded(.toNearestOrAwayFromZero).clamped(
          lowerBound: .zero, upperBound: SIMD3(repeating: 255))
        let k = 3 * (y * width + x)
        for c in 0..<3 { image.bytes[k + c] = UInt8(mean[c]) }
      }
    }
    return image
  }

  /// Within how many pixels of depth, drawn at the larger size, surfaces count as agreeing.
  private static let agreement: Float = 10

  /// A number in [0, 1) that depends on the index alone.
  private static func noise(_ index: UInt64) -> Float {
    let mixed = (index &+ 1) &* 0x9E37_79B9_7F4A_7C15
    return Float(((mixed ^ (mixed >> 29)) &* 0xBF58_476D_1CE4_E5B9) >> 40) / Float(1 << 24)
  }

  /// 1 for no occlusion, falling to 0; rational, so that every machine rounds alike.
  private static func falloff(_ occlusion: Float) -> Float { 1 / (1 + 1.6 * occlusion) }
}

/// Where a view's points land on a canvas.
private struct Fit {
  private let center: Point3
  private let scale: Double
  private let width, height: Double

  /// Fits the middle 98 % of the points and what lies around them, with a margin.
  init(_ layers: [[Point3]], width: Int, height: Int) {
    var lower = Point3(repeating: .infinity)
    var upper = Point3(repeating: -.infinity)
    // Every layer is fitted by itself: a small cloud is not cut away beside a large one.
    for points in layers where !points.isEmpty {
      let step = max(1, points.count / 50_000)
      for axis in 0..<3 {
        let values = stride(from: 0, to: points.count, by: step).map { points[$0][axis] }.sorted()
        let skip = values.count / 100
        var (low, high) = (values[skip], values[values.count - 1 - skip])
        // All of it where few points stray; the middle of it where they would shrink the rest.
        let room = 0.15 * (high - low)
        (low, high) = (max(values[0], low - room), min(values[values.count - 1], high + room))
        lower[axis] = min(lower[axis], low)
        upper[axis] = max(upper[axis], high)
      }
    }
    if !(lower.x <= upper.x) { (lower, upper) = (.zero, Point3(1, 1, 1)) }
    center = (lower + upper) * 0.5
    let size = upper - lower
    (self.width, self.height) = (Double(width), Double(height))
    let fitted = 0.92 * min(Double(width) / max(size.x, 1e-30), Double(height) / max(size.y, 1e-30))
    scale = min(fitted, 1e30)
  }

  /// Pixel coordinates, with y downwards, and the depth in pixels.
  func callAsFunction(_ p: Point3) -> (x: Double, y: Double, z: Float) {
    let d = (p - center) * scale
    return (width / 2 + d.x, height / 2 - d.y, Float(d.z))
  }

  /// The splat's radius in pixels that closes the gaps between the points of a surface, from the share of pixels with a
  /// point in the neighbourhood of points.
  func radius(_ points: [Point3], width w: Int, height h: Int) -> Int {
    let cell = 12
    let columns = w / cell + 1
    var cells = [Bool](repeating: false, count: columns * (h / cell + 1))
    var pixels = [Bool](repeating: false, count: w * h)
    for p in points {
      let (x, y, _) = self(p)
      guard x >= 0, y >= 0, x < Double(w), y < Double(h) else { continue }
      cells[Int(y) / cell * columns + Int(x) / cell] = true
      pixels[Int(y) * w + Int(x)] = true
    }
    let area = Double(cells.count { $0 } * cell * cell)
    let covered = Double(pixels.count { $0 })
    guard covered > 0 else { return 2 }
    return min(max(Int((0.6 * (area / covered).squareRoot()).rounded()), 1), 4)
  }
}
