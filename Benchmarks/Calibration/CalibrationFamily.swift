import Simulation

/// A family of simulated pairs.
struct CalibrationFamily {
  let name: String
  let kind: SimulatedPair.Kind
  let settings: SimulatedPair.Settings

  private init(_ name: String, _ kind: SimulatedPair.Kind, overlap: ClosedRange<Double>, points: Int) {
    (self.name, self.kind) = (name, kind)
    var settings = SimulatedPair.Settings()
    settings.overlap = overlap
    settings.points = points
    self.settings = settings
  }

  /// All families: what is scanned, how much of it twice, and how densely.
  static let all = [
    CalibrationFamily("rooms", .room, overlap: 0.55...0.8, points: 36_000),
    CalibrationFamily("rooms, little overlap", .room, overlap: 0.25...0.45, points: 36_000),
    CalibrationFamily("rooms, few points", .room, overlap: 0.55...0.8, points: 8_000),
    CalibrationFamily("streets", .street, overlap: 0.55...0.8, points: 36_000),
    CalibrationFamily("streets, few points", .street, overlap: 0.55...0.8, points: 12_000),
    CalibrationFamily("objects", .object, overlap: 0.55...0.8, points: 36_000),
    CalibrationFamily("objects, few points", .object, overlap: 0.55...0.8, points: 8_000),
  ]
}
