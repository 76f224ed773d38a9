import Geometry

/// A symmetric 6x6 system `H x = g` over twists, as 3x3 blocks: the normal equations of a rigid registration.
///
///     H = | rotation   coupling    |     x = (rotation, translation) as in `Twist`
///         | couplingᵀ  translation |
public struct SymmetricSystem6: Sendable, Equatable {
  /// Block rotation-rotation.
  public var rotation = Matrix3.zero
  /// Block rotation-translation.
  public var coupling = Matrix3.zero
  /// Block translation-translation.
  public var translation = Matrix3.zero
  /// The right-hand side.
  public var gradient = Twist()

  /// The zero system.
  public init() {}

  /// Adds `w J Jᵀ` and `w J e` for one residual e with Jacobian J = (rotation, translation).
  @inlinable @inline(__always)
  public mutating func add(_ j: Twist, residual e: Double, weight w: Double) {
    rotation += Matrix3(outer: j.rotation, j.rotation * w)
    coupling += Matrix3(outer: j.rotation, j.translation * w)
    translation += Matrix3(outer: j.translation, j.translation * w)
    gradient.rotation += j.rotation * (w * e)
    gradient.translation += j.translation * (w * e)
  }

  /// The sum of two systems.
  public static func + (a: Self, b: Self) -> Self {
    var c = a
    c.rotation += b.rotation
    c.coupling += b.coupling
    c.translation += b.translation
    c.gradient.rotation += b.gradient.rotation
    c.gradient.translation += b.gradient.translation
    return c
  }

  /// The solution of `(H + λ diag H) x = g` by Cholesky factorisation; nil when the matrix is not positive definite.
  public func solution(damping lambda: Double = 0) -> Twist? {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 42) { memory in
      let (a, b) = (memory.baseAddress!, memory.baseAddress! + 36)
      let (r, t, g) = (rotation, translation, gradient)
      // The lower triangle, row by row.
      for i in 0..<3 {
        for j in 0...i {
          a[6 * i + j] = r[i, j]
          a[6 * (i + 3) + j + 3] = t[i, j]
        }
        for j in 0..<3 { a[6 * (i + 3) + j] = coupling[j, i] }
        (b[i], b[i + 3]) = (g.rotation[i], g.translation[i])
      }
      for i in 0..<6 {
        let diagonal = a[7 * i] * (1 + lambda)
        for j in 0...i {
          var s = i == j ? diagonal : a[6 * i + j]
          for k in 0..<j { s -= a[6 * i + k] * a[6 * j + k] }
          if i != j {
            a[6 * i + j] = s / a[7 * j]
          } else if s > 1e-13 * diagonal {
            a[7 * i] = s.squareRoot()
          } else {
            return nil
          }
        }
      }
      for i in 0..<6 {
        for k in 0..<i { b[i] -= a[6 * i + k] * b[k] }
        b[i] /= a[7 * i]
      }
      for i in stride(from: 5, through: 0, by: -1) {
        for k in stride(from: i + 1, to: 6, by: 1) { b[i] -= a[6 * k + i] * b[k] }
        b[i] /= a[7 * i]
      }
      return Twist(rotation: Point3(b[0], b[1], b[2]), translation: Point3(b[3], b[4], b[5]))
    }
  }

  /// The six rows of H.
  public var rows: [[Double]] {
    (0..<6).map { i in
      (0..<6).map { j in
        switch (i < 3, j < 3) {
        case (true, true): rotation[i, j]
        case (true, false): coupling[i, j - 3]
        case (false, true): coupling[j, i - 3]
        case (false, false): translation[i - 3, j - 3]
        }
      }
    }
  }
}
