/// A rectangle of pixels that drawing is clipped to.
struct PixelArea: Sendable {
  /// The left column and the top row.
  let x, y: Int
  /// Columns and rows.
  let width, height: Int
}

extension Image {
  /// Draws a disc whose edge is smoothed over a pixel. Coordinates are pixels from the upper left corner, y downwards.
  mutating func disc(at center: SIMD2<Double>, radius: Double, color: SIMD3<UInt8>, in area: PixelArea) {
    cover(center - SIMD2(repeating: radius), center + SIMD2(repeating: radius), color, area) { pixel in
      let d = pixel - center
      return radius + 0.5 - (d * d).sum().squareRoot()
    }
  }

  /// Draws a straight line with round ends, smoothed likewise.
  mutating func stroke(
    from a: SIMD2<Double>, to b: SIMD2<Double>, width: Double, color: SIMD3<UInt8>, in area: PixelArea
  ) {
    let (radius, along) = (width / 2, b - a)
    let squaredLength = (along * along).sum()
    let margin = SIMD2(repeating: radius)
    cover(pointwiseMin(a, b) - margin, pointwiseMax(a, b) + margin, color, area) { pixel in
      let share = squaredLength > 0 ? min(max(((pixel - a) * along).sum() / squaredLength, 0), 1) : 0
      let d = pixel - (a + along * share)
      return radius + 0.5 - (d * d).sum().squareRoot()
    }
  }

  /// Draws lines from point to point and back to the first.
  /// - Parameter dash: the length of ink and of the gaps between, pixels; nil for a whole line.
  mutating func outline(
    _ corners: [SIMD2<Double>], width: Double, color: SIMD3<UInt8>, dash: Double? = nil, in area: PixelArea
  ) {
    for (k, a) in corners.enumerated() {
      let b = corners[(k + 1) % corners.count]
      let d = b - a
      let length = (d * d).sum().squareRoot()
      guard let dash, length > dash else {
        stroke(from: a, to: b, width: width, color: color, in: area)
        continue
      }
      // Ink at both ends, so that corners are seen.
      let pieces = 2 * Int((length / dash / 2).rounded(.up)) + 1
      for piece in stride(from: 0, to: pieces, by: 2) {
        let (start, end) = (Double(piece) / Double(pieces), Double(piece + 1) / Double(pieces))
        stroke(from: a + d * start, to: a + d * end, width: width, color: color, in: area)
      }
    }
  }

  /// Mixes a colour into the pixels between two corners by how far each is inside, from 0 to 1 at its centre.
  private mutating func cover(
    _ lower: SIMD2<Double>, _ upper: SIMD2<Double>, _ color: SIMD3<UInt8>, _ area: PixelArea,
    _ inside: (SIMD2<Double>) -> Double
  ) {
    guard lower.x > -1e6, lower.y > -1e6, upper.x < 1e6, upper.y < 1e6 else { return }
    let left = max(area.x, Int(lower.x) - 1, 0)
    let right = min(area.x + area.width, Int(upper.x) + 2, width)
    let top = max(area.y, Int(lower.y) - 1, 0)
    let bottom = min(area.y + area.height, Int(upper.y) + 2, height)
    guard left < right, top < bottom else { return }
    for row in top..<bottom {
      for column in left..<right {
        let share = min(inside(SIMD2(Double(column) + 0.5, Double(row) + 0.5)), 1)
        guard share > 0 else { continue }
        let k = 3 * (row * width + column)
        for c in 0..<3 {
          let old = Double(bytes[k + c])
          bytes[k + c] = UInt8((old + (Double(color[c]) - old) * share).rounded())
        }
      }
    }
  }
}
