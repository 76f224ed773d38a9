/// Angles of boxes.
package enum Heading {
  /// The angle in [-π, π).
  package static func wrapped(_ angle: Double) -> Double {
    angle - 2 * .pi * ((angle + .pi) / (2 * .pi)).rounded(.down)
  }

  /// The turn by an angle, the short way round, in [-π, π].
  static func turn(_ angle: Double) -> Double { angle - 2 * .pi * (angle / (2 * .pi)).rounded() }

  /// The same headings as angles without jumps, to be smoothed.
  ///
  /// Detectors mistake front and back: where a heading is turned by more than 135 degrees against the one before, its
  /// opposite is taken. If that was the case for most of them, it is the first one that was mistaken, and all are turned.
  package static func continuous(_ angles: [Double]) -> [Double] {
    guard var last = angles.first else { return [] }
    var (out, turned) = ([last], 0)
    for angle in angles.dropFirst() {
      var step = (angle - last).remainder(dividingBy: 2 * .pi)
      if abs(step) > 0.75 * .pi {
        step -= step > 0 ? .pi : -.pi
        turned += 1
      }
      last += step
      out.append(last)
    }
    return 2 * turned > angles.count ? out.map { $0 + .pi } : out
  }
}
