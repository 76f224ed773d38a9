import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The numbers that a network calculates with: `Float` for use, `Double` for checking gradients.
public protocol NetworkScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// `C = α A B + β C`, see ``LinearAlgebra/MatrixProduct``.
  static func multiply(
    _ a: MatrixProduct.Factor<Self>, _ b: MatrixProduct.Factor<Self>, rows: Int, columns: Int, inner: Int, scale: Self,
    keeping: Self, into c: UnsafeMutablePointer<Self>, stride: Int)
  /// Replaces numbers of at most zero by their exponentials.
  static func exponentials(_ values: UnsafeMutablePointer<Self>, count: Int)
  /// e to the power of a number.
  static func exponential(_ x: Self) -> Self
  /// The natural logarithm.
  static func logarithm(_ x: Self) -> Self
  /// Sine and cosine of an angle in radians.
  static func sineCosine(_ x: Self) -> (sine: Self, cosine: Self)
}

extension Double: NetworkScalar {
  /// See ``LinearAlgebra/MatrixProduct``.
  public static func multiply(
    _ a: MatrixProduct.Factor<Double>, _ b: MatrixProduct.Factor<Double>, rows: Int, columns: Int, inner: Int,
    scale: Double, keeping: Double, into c: UnsafeMutablePointer<Double>, stride: Int
  ) {
    MatrixProduct.multiply(
      a, b, rows: rows, columns: columns, inner: inner, scale: scale, keeping: keeping, into: c, stride: stride)
  }

  /// One by one, by the library of the platform.
  public static func exponentials(_ values: UnsafeMutablePointer<Double>, count: Int) {
    for i in 0..<count { values[i] = exp(values[i]) }
  }

  /// By the library of the platform.
  public static func exponential(_ x: Double) -> Double { exp(x) }
  /// By the library of the platform.
  public static func logarithm(_ x: Double) -> Double { log(x) }
  /// By the library of the platform.
  public static func sineCosine(_ x: Double) -> (sine: Double, cosine: Double) { (sin(x), cos(x)) }
}

extension Float: NetworkScalar {
  /// See ``LinearAlgebra/MatrixProduct``.
  public static func multiply(
    _ a: MatrixProduct.Factor<Float>, _ b: MatrixProduct.Factor<Float>, rows: Int, columns: Int, inner: Int,
    scale: Float, keeping: Float, into c: UnsafeMutablePointer<Float>, stride: Int
  ) {
    MatrixProduct.multiply(
      a, b, rows: rows, columns: columns, inner: inner, scale: scale, keeping: keeping, into: c, stride: stride)
  }

  /// Eight at a time; below -87 the result is that of -87, relative error below 3e-7.
  public static func exponentials(_ values: UnsafeMutablePointer<Float>, count: Int) {
    typealias V = SIMD8<Float>
    func eight(_ input: V) -> V {
      let x = input.clamped(lowerBound: V(repeating: -87), upperBound: V(repeating: 88))
      // Adding 1.5 x 2²³ rounds to an integer, which then stands in the low bits: exp(x) = 2ⁿ exp(r), |r| <= 0.347.
      let magic = V(repeating: 12_582_912)
      let shifted = x * V(repeating: 1.442_695_04) + magic
      let n = shifted - magic
      let r = (x - n * V(repeating: 0.693_359_375)) + n * V(repeating: 2.121_944_4e-4)
      var p = V(repeating: 1 / 720.0)
      p = p * r + V(repeating: 1 / 120.0)
      p = p * r + V(repeating: 1 / 24.0)
      p = p * r + V(repeating: 1 / 6.0)
      p = p * r + V(repeating: 0.5)
      p = p * r + V(repeating: 1)
      p = p * r + V(repeating: 1)
      let scale = (unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &<< 23) &+ SIMD8(repeating: 0x3F80_0000)
      return p * unsafeBitCast(scale, to: V.self)
    }
    var i = 0
    while i + 8 <= count {
      let place = UnsafeMutableRawPointer(values + i)
      place.storeBytes(of: eight(place.loadUnaligned(as: V.self)), as: V.self)
      i += 8
    }
    guard i < count else { return }
    var rest = V.zero
    for k in i..<count { rest[k - i] = values[k] }
    rest = eight(rest)
    for k in i..<count { values[k] = rest[k - i] }
  }

  /// By the library of the platform.
  public static func exponential(_ x: Float) -> Float { exp(x) }
  /// By the library of the platform.
  public static func logarithm(_ x: Float) -> Float { log(x) }
  /// By the library of the platform.
  public static func sineCosine(_ x: Float) -> (sine: Float, cosine: Float) { (sin(x), cos(x)) }
}
