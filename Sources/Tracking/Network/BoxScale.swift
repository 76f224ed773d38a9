import Geometry
import Networks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The unit of residuals of a box of some size: (x, y, z in metres, yaw in radians).
enum BoxScale {
  /// S: about half of the box, so that small objects are placed more finely.
  static func of(_ size: Point3) -> SIMD4<Double> {
    SIMD4(max(0.5 * size.x, 0.6), max(0.5 * size.y, 0.5), min(max(0.25 * size.z, 0.2), 0.5), 0.26)
  }
}

/// The natural logarithm.
func logarithm(_ x: Float) -> Float { log(x) }

/// A box of the chain in the frame of the prior box: x, y, z in metres and the yaw in radians.
extension SIMD4 where Scalar: NetworkScalar {
  /// The box moved back by noise along its own axes: `c - R(θ)(S ⊙ ε), θ - s ε` with θ of an anchor.
  func without(noise: SIMD4, scale: SIMD4, anchor: SIMD4) -> SIMD4 {
    let (turn, move) = (Scalar.sineCosine(anchor.w), scale * noise)
    return self
      - SIMD4(turn.cosine * move.x - turn.sine * move.y, turn.sine * move.x + turn.cosine * move.y, move.z, move.w)
  }

  /// A displacement in the axes of a box, in its units: `R(θ)ᵀ d ⊘ S`.
  func turnedIn(scale: SIMD4, anchor: SIMD4) -> SIMD4 {
    let turn = Scalar.sineCosine(anchor.w)
    return SIMD4(turn.cosine * x + turn.sine * y, turn.cosine * y - turn.sine * x, z, w) / scale
  }

  /// The gradient with respect to noise from that of the box: `-S ⊙ R(θ)ᵀ d`.
  func noiseSlope(scale: SIMD4, anchor: SIMD4) -> SIMD4 {
    -(scale * scale * turnedIn(scale: scale, anchor: anchor))
  }

  /// Ten numbers that say where one point lies in the box.
  func surroundings(_ point: SIMD3<Scalar>, size: SIMD3<Scalar>) -> [Scalar] {
    surroundings(point, size: size, turn: Scalar.sineCosine(w))
  }

  /// Ten numbers that say where a point lies in the box.
  /// - Parameter turn: sine and cosine of the box's yaw.
  func surroundings(
    _ point: SIMD3<Scalar>, size: SIMD3<Scalar>, turn: (sine: Scalar, cosine: Scalar)
  ) -> [Scalar] {
    let d = point - SIMD3(x, y, z)
    let own = SIMD3(turn.cosine * d.x + turn.sine * d.y, turn.cosine * d.y - turn.sine * d.x, d.z)
    var u = own * 2 / size
    u.clamp(lowerBound: SIMD3(repeating: -4), upperBound: SIMD3(repeating: 4))
    let size = size / 2
    let a = SIMD3(abs(u.x), abs(u.y), abs(u.z))
    let faces = (abs(own.x) - size.x, abs(own.y) - size.y)
    return [
      u.x, u.y, u.z, a.x, a.y, a.z, a.max(), a.max() <= 1 ? 1 : 0, Swift.min(Swift.max(faces.0, -2), 2),
      Swift.min(Swift.max(faces.1, -2), 2),
    ]
  }
}
