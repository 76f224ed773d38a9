import Geometry
import Parallelism
import PointClouds

/// Fast point feature histograms, FPFH (Rusu, Blodow, Beetz 2009), at one or two radii, 33 values each.
///
/// The histogram of a point is the mean of the SPFH of its neighbours weighted by `1/d²`, plus its own SPFH; each of the
/// three thirds is scaled to sum 1 and replaced by its square root (Hellinger map), so that scalar products are
/// Bhattacharyya coefficients. All points with normals are neighbours, without a cap.
public struct FastPointFeatures: Sendable {
  /// The radii, metres, ascending; one or two.
  public var radii: [Float]

  /// Histograms at the given radii (metres, one or two, positive).
  public init(radii: [Float]) {
    precondition(radii.count == 1 || radii.count == 2, "FPFH: one or two radii, not \(radii.count)")
    self.radii = radii.sorted()
  }

  /// The length of a descriptor.
  public var dimension: Int { 33 * radii.count }

  /// The histograms of all points, row-major [count, 33 x radii]; zero where a point has no normal or no neighbour.
  /// - Parameters:
  ///   - positions: metres, shape [count].
  ///   - normals: unit, consistently turned, zero where invalid, shape [count].
  public func callAsFunction(_ positions: [SIMD3<Float>], normals: [SIMD3<Float>]) -> [Float] {
    precondition(positions.count == normals.count, "\(normals.count) normals for \(positions.count) points")
    let points = OrientedPoints(positions, normals: normals, cell: radii.last! * 1.0001)
    let histograms = SimplifiedHistograms(points, radii: radii)
    var result = [Float](repeating: 0, count: positions.count * dimension)
    result.withUnsafeMutableBufferPointer { buffer in
      let out = UncheckedPointer(buffer.baseAddress)
      Parallel.forEachChunk(points.count, grain: 64) { range in
        let neighbors = NeighborList()
        for k in range {
          neighbors.collect(around: points.position(k), radius: radii.last!, in: points)
          Self.write(
            k, neighbors, histograms, radii, out.base! + Int(points.indices[k]) * dimension)
        }
      }
    }
    return result
  }

  /// The histograms of the sorted point k at all radii; `neighbors` reach to the largest.
  static func write(
    _ k: Int, _ neighbors: NeighborList, _ histograms: SimplifiedHistograms, _ radii: [Float],
    _ out: UnsafeMutablePointer<Float>
  ) {
    let stride = SimplifiedHistograms.stride
    for (r, radius) in radii.enumerated() {
      let limit = radius * radius
      histograms.shares[r].withUnsafeBufferPointer { shares in
        var a0 = SIMD4<Float>.zero
        var (a1, a2, a3, a4, a5, a6, a7, a8) = (a0, a0, a0, a0, a0, a0, a0, a0)
        let (points, distances) = (neighbors.points, neighbors.squaredDistances)
        for j in 0..<neighbors.count where distances[j] < limit {
          let w = limit / distances[j]
          let h = UnsafeRawPointer(shares.baseAddress! + Int(points[j]) * stride)
          a0 += w * h.loadUnaligned(as: SIMD4<Float>.self)
          a1 += w * h.loadUnaligned(fromByteOffset: 16, as: SIMD4<Float>.self)
          a2 += w * h.loadUnaligned(fromByteOffset: 32, as: SIMD4<Float>.self)
          a3 += w * h.loadUnaligned(fromByteOffset: 48, as: SIMD4<Float>.self)
          a4 += w * h.loadUnaligned(fromByteOffset: 64, as: SIMD4<Float>.self)
          a5 += w * h.loadUnaligned(fromByteOffset: 80, as: SIMD4<Float>.self)
          a6 += w * h.loadUnaligned(fromByteOffset: 96, as: SIMD4<Float>.self)
          a7 += w * h.loadUnaligned(fromByteOffset: 112, as: SIMD4<Float>.self)
          a8 += w * h.loadUnaligned(fromByteOffset: 128, as: SIMD4<Float>.self)
        }
        let own = shares.baseAddress! + k * stride
        writeThird(a0, a1, a2, own, out + 33 * r)
        writeThird(a3, a4, a5, own + 12, out + 33 * r + 11)
        writeThird(a6, a7, a8, own + 24, out + 33 * r + 22)
      }
    }
  }

  /// Scales the weighted sum to one, adds the point's own shares, scales to one and takes roots.
  @inline(__always)
  private static func writeThird(
    _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ own: UnsafePointer<Float>,
    _ out: UnsafeMutablePointer<Float>
  ) {
    let weight = a.sum() + b.sum() + c.sum()
    let scale = weight > 0 ? 1 / weight : 0
    let (x, y, z) = (a * scale + load4(own), b * scale + load4(own + 4), c * scale + load4(own + 8))
    let total = x.sum() + y.sum() + z.sum()
    let unit = total > 0 ? 1 / total : 0
    let (u, v, w) = ((x * unit).squareRoot(), (y * unit).squareRoot(), (z * unit).squareRoot())
    for k in 0..<4 {
      out[k] = u[k]
      out[4 + k] = v[k]
      if k < 3 { out[8 + k] = w[k] }
    }
  }
}
