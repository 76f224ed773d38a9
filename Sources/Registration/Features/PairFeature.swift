import Geometry

/// The three angles between two oriented points, sorted into 11 bins each, four pairs at a time (Rusu et al. 2009, FPFH).
///
/// With d from the first to the second point and both normals: of the two ends the one whose normal makes the smaller
/// angle with d is the source (A its cosine times |d|, B the other's). Then
/// `φ = A/|d|`, `α = d·(n₁×n₂)/√(d²−A²)`, `θ = atan2((B − A n₁·n₂)/√(d²−A²), n₁·n₂)`,
/// which needs no frame; and θ is sorted by comparing with the edges of the bins, not by atan2. The feature does not
/// depend on the order of the two points.
struct PairFeature {
  typealias V = SIMD4<Float>

  /// Bins of θ, α and φ, each in 0...10.
  var theta: SIMD4<Int32>
  var alpha: SIMD4<Int32>
  var phi: SIMD4<Int32>
  /// False where the line through the points runs along a normal: no angle is defined.
  var isDefined: SIMDMask<SIMD4<Int32>>

  /// - Parameters:
  ///   - d: second minus first point; `d2` its squared length, positive.
  ///   - m, n: unit normals of the first and the second point.
  @inline(__always)
  init(_ dx: V, _ dy: V, _ dz: V, _ d2: V, _ mx: V, _ my: V, _ mz: V, _ nx: V, _ ny: V, _ nz: V) {
    let a = mx * dx + my * dy + mz * dz
    let b = nx * dx + ny * dy + nz * dz
    let c = mx * nx + my * ny + mz * nz
    let det = dx * (my * nz - mz * ny) + dy * (mz * nx - mx * nz) + dz * (mx * ny - my * nx)
    let swaps = a * a .< b * b
    let source = a.replacing(with: -b, where: swaps)
    let other = b.replacing(with: -a, where: swaps)
    let s2 = d2 - source * source
    isDefined = s2 .> 1e-6 * d2
    let s = s2.replacing(with: d2, where: .!isDefined).squareRoot()
    phi = Self.bin(source / d2.squareRoot())
    alpha = Self.bin(det / s)
    // θ relative to s: (y, x) = ((B - A c), c s); the upper half decides, the lower one mirrors.
    let y = other - source * c
    let x = c * s
    let height = y.replacing(with: -y, where: y .< 0)
    // Cosine and sine of the upper edges (2k + 1) π/11.
    var rise = Self.reaches(0.959_492_97, 0.281_732_56, height, x)
    rise = rise &+ Self.reaches(0.654_860_73, 0.755_749_57, height, x)
    rise = rise &+ Self.reaches(0.142_314_84, 0.989_821_44, height, x)
    rise = rise &+ Self.reaches(-0.415_415_01, 0.909_632, height, x)
    rise = rise &+ Self.reaches(-0.841_253_53, 0.540_640_82, height, x)
    theta = 5 &+ rise.replacing(with: 0 &- rise, where: y .< 0)
  }

  /// 1 where the direction (x, y), y >= 0, has reached the angle of the given cosine and sine.
  @inline(__always)
  private static func reaches(_ cosine: Float, _ sine: Float, _ y: V, _ x: V) -> SIMD4<Int32> {
    SIMD4<Int32>.zero.replacing(with: 1, where: cosine * y .>= sine * x)
  }

  /// The bin of a cosine in [-1, 1].
  @inline(__always)
  private static func bin(_ value: V) -> SIMD4<Int32> {
    // Rounding by 2²³ leaves the nearest integer in the low bits.
    let t = 5.5 * value + 5.5
    let shifted = t + 8_388_608
    let nearest = shifted - 8_388_608
    let whole = unsafeBitCast(shifted, to: SIMD4<Int32>.self) &- 0x4B00_0000
    let floor = whole.replacing(with: whole &- 1, where: nearest .> t)
    return floor.replacing(with: 10, where: floor .> 10).replacing(with: 0, where: floor .< 0)
  }
}
