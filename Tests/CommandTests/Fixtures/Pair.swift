import Foundation

/// Two scans of the furnished corner with the motion between them. Coordinates are multiples of 2⁻¹² m below 16 m, so
/// they are exact in single precision, in text and after a shift by whole metres in double precision.
struct Pair: Sendable {
  let source: [SIMD3<Double>]
  let target: [SIMD3<Double>]
  let targetFromSource: Matrix4

  /// 4 000 points each: enough for the rows about readers.
  static let small = Pair(count: 4000)
  /// 20 000 points each: the count that the acceptance table speaks of.
  static let full = Pair(count: 20_000)

  /// Scans from two places; the target in the axes of the room, the source turned and moved.
  init(count: Int) {
    let scene = Scene()
    let truth = Pair.motion(axis: SIMD3(0.2, -0.3, 1), degrees: 38, translation: SIMD3(1.25, -0.75, 0.5))
    target = scene.scan(from: SIMD3(4.6, 4.1, 1.9), count: count, seed: 11).map(Pair.rounded)
    let back = truth.rigidInverse
    source = scene.scan(from: SIMD3(5.2, 2.6, 1.6), count: count, seed: 12).map { Pair.rounded(back.apply($0)) }
    targetFromSource = truth
  }

  /// The source as a binary little-endian PLY.
  var sourceFile: [UInt8] { PLY(source).bytes }
  /// The target as a binary little-endian PLY.
  var targetFile: [UInt8] { PLY(target).bytes }

  /// The nearest point of the grid of 2⁻¹² m.
  static func rounded(_ p: SIMD3<Double>) -> SIMD3<Double> { (p * 4096).rounded(.toNearestOrEven) / 4096 }

  /// A rotation about an axis, then a translation.
  static func motion(axis: SIMD3<Double>, degrees: Double, translation: SIMD3<Double>) -> Matrix4 {
    let u = axis / (axis * axis).sum().squareRoot()
    let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
    let cross = [[0, -u.z, u.y], [u.z, 0, -u.x], [-u.y, u.x, 0]]
    let rows = (0..<3).map { i in
      (0..<3).map { j in (i == j ? c : 0) + s * cross[i][j] + (1 - c) * u[i] * u[j] } + [translation[i]]
    }
    return rows + [[0, 0, 0, 1]]
  }
}
