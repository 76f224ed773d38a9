import PointClouds

/// A layout that was recognised at a path; reading its files comes after.
protocol FoundLayout {
  /// Which one it is.
  var layout: Layout { get }
  /// Why it was recognised.
  var reason: String { get }
  /// Reads what is needed to know the items.
  func read(_ settings: LayoutSettings) throws(CloudFileError) -> LayoutContents
}

/// The items of a benchmark with what is worth knowing of them.
struct LayoutContents {
  var work: Benchmark.Work
  var notes: [String] = []
}

/// What can be chosen about how the items of a layout are read; see ``BenchmarkReader`` for each.
struct LayoutSettings {
  var isRectified = true
  var odometryTruth = OdometryTruth.published
  var sequences: [String]?
}
