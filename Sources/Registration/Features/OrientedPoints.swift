import Geometry
import PointClouds

/// Points with normals sorted into a grid, the normals beside the sorted coordinates.
///
/// Points without a valid normal (zero or not finite) are left out.
final class OrientedPoints: @unchecked Sendable {
  let grid: FixedRadiusGrid
  let nx: UnsafeMutablePointer<Float>
  let ny: UnsafeMutablePointer<Float>
  let nz: UnsafeMutablePointer<Float>
  /// For every sorted point its index among the points given.
  let indices: [Int32]
  private let memory: UnsafeMutablePointer<Float>

  var count: Int { grid.count }

  init(_ positions: [SIMD3<Float>], normals: [SIMD3<Float>], cell: Float) {
    var masked = positions
    for i in masked.indices where !(normals[i].squaredLength > 0.5 && normals[i].squaredLength < 2) {
      masked[i] = SIMD3(repeating: .nan)
    }
    grid = FixedRadiusGrid(masked, cell: cell)
    let (n, stride) = (grid.count, grid.count + 4)
    memory = .allocate(capacity: 3 * stride)
    memory.initialize(repeating: 0, count: 3 * stride)
    (nx, ny, nz) = (memory, memory + stride, memory + 2 * stride)
    indices = Array(UnsafeBufferPointer(start: grid.indices, count: n))
    for k in 0..<n {
      let v = normals[Int(indices[k])]
      (nx[k], ny[k], nz[k]) = (v.x, v.y, v.z)
    }
  }

  deinit { memory.deallocate() }

  @inline(__always)
  func position(_ k: Int) -> SIMD3<Float> { SIMD3(grid.xs[k], grid.ys[k], grid.zs[k]) }

  @inline(__always)
  func normal(_ k: Int) -> SIMD3<Float> { SIMD3(nx[k], ny[k], nz[k]) }
}

/// Four floats from an address without alignment.
@inline(__always)
func load4(_ p: UnsafePointer<Float>) -> SIMD4<Float> { UnsafeRawPointer(p).loadUnaligned(as: SIMD4<Float>.self) }

/// Four floats from an address without alignment.
@inline(__always)
func load4(_ p: UnsafeMutablePointer<Float>) -> SIMD4<Float> {
  UnsafeRawPointer(p).loadUnaligned(as: SIMD4<Float>.self)
}
