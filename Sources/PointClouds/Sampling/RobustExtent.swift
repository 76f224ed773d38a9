import Geometry

/// Where most of a cloud lies, undisturbed by a few far outliers.
///
/// Per axis the box runs between two order statistics of an evenly strided sample, so it moves with the cloud: a shifted
/// cloud has the same box, shifted.
public struct RobustExtent: Sendable {
  /// The corner of the lower percentiles; zero when no point is finite.
  public let lower: SIMD3<Float>
  /// The corner of the upper percentiles; zero when no point is finite.
  public let upper: SIMD3<Float>

  /// The percentile box of the finite points.
  /// - Parameters:
  ///   - positions: metres, shape [count]; points that are not finite are ignored.
  ///   - share: the share of points left out on either side of every axis, in [0, 0.5).
  ///   - sample: how many points are looked at.
  public init(_ positions: [SIMD3<Float>], share: Double = 0.01, sample: Int = 4096) {
    var axes: [[Float]] = [[], [], []]
    let n = positions.count
    let m = min(n, max(1, sample))
    for k in 0..<m {
      let p = positions[k * n / m]
      if p.isFinite { for a in 0..<3 { axes[a].append(p[a]) } }
    }
    if axes[0].isEmpty, let p = positions.first(where: { $0.isFinite }) { for a in 0..<3 { axes[a].append(p[a]) } }
    var (low, high) = (SIMD3<Float>.zero, SIMD3<Float>.zero)
    let count = axes[0].count
    if count > 0 {
      let skip = min((count - 1) / 2, max(0, Int(share * Double(count))))
      for a in 0..<3 {
        axes[a].withUnsafeMutableBufferPointer { values in
          low[a] = Self.select(skip, of: values, 0, count - 1)
          high[a] = Self.select(count - 1 - skip, of: values, skip, count - 1)
        }
      }
    }
    lower = low
    upper = high
  }

  /// Hoare's quickselect: value k of the ascending order of finite values, of which those before `low` and behind `high`
  /// are in their places already.
  private static func select(_ k: Int, of values: UnsafeMutableBufferPointer<Float>, _ low: Int, _ high: Int) -> Float {
    var (low, high) = (low, high)
    while high > low {
      let (a, b, c) = (values[low], values[(low + high) >> 1], values[high])
      let pivot = max(min(a, b), min(max(a, b), c))
      var (i, j) = (low, high)
      while i <= j {
        while values[i] < pivot { i += 1 }
        while values[j] > pivot { j -= 1 }
        if i <= j {
          values.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if k <= j { high = j } else if k >= i { low = i } else { break }
    }
    return values[k]
  }

  /// The edge lengths, metres.
  public var size: SIMD3<Float> { upper - lower }
  /// The length of the diagonal, metres; infinite where single precision overflows.
  public var diagonal: Float { size.length }
  /// The middle of the box.
  public var center: SIMD3<Float> { lower * 0.5 + upper * 0.5 }
}
