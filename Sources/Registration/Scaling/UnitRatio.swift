/// Two units of length that people mix up.
public struct UnitRatio: Sendable, Equatable {
  /// The names of the larger and the smaller unit, as they are written after a number.
  public let large, small: String
  /// How many of the small unit make the large one.
  public let factor: Double

  /// Every pair of metres, centimetres, millimetres, inches and feet.
  public static let all: [UnitRatio] = {
    let units: [(name: String, millimetres: Double)] = [
      ("m", 1000), ("ft", 304.8), ("in", 25.4), ("cm", 10), ("mm", 1),
    ]
    return units.indices.flatMap { a in
      units.indices.dropFirst(a + 1).map { b in
        UnitRatio(
          large: units[a].name, small: units[b].name, factor: units[a].millimetres / units[b].millimetres)
      }
    }
  }()

  /// The units that scaling a source by a factor converts between: from, to. Nil where the factor is none of them.
  public static func conversion(of factor: Double) -> (from: String, to: String)? {
    for ratio in all {
      if abs(factor * ratio.factor - 1) < 1e-9 { return (ratio.small, ratio.large) }
      if abs(factor / ratio.factor - 1) < 1e-9 { return (ratio.large, ratio.small) }
    }
    return nil
  }
}
