import PointClouds

/// The unfinished outputs of this process.
enum TemporaryFiles {
  /// Removes them, when the program ends before it has renamed them.
  static func remove() {}
}
