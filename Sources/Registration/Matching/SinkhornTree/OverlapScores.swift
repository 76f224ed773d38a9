/// Says of the children of two nodes how likely each pair lies in the overlap: the s of Eq. 4.
protocol OverlapScores: Sendable {
  /// s in [0, 1], row-major, shape [a, b].
  /// - Parameters:
  ///   - a: children of the source's node, keypoint indices of a level.
  ///   - b: children of the target's node, of the same level.
  ///   - level: from 1, the level below the superpoints.
  func callAsFunction(_ a: [Int32], _ b: [Int32], level: Int) -> [Float]
}
