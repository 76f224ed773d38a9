/// How far apart descriptors of two clouds are that have nothing to do with each other: the scale on which a distance is
/// small.
///
/// Nearly all pairs of keypoints are wrong, so an even choice of pairs stands for the background.
struct BackgroundDistance: Sendable {
  /// The mean squared distance.
  let mean: Float
  /// The standard deviation of the squared distances; zero where all are equal.
  let deviation: Float

  /// The background of all pairs of `count` keypoints per cloud, evenly spread over their order.
  init(source: Features, target: Features, count: Int = 64) {
    var (number, sum, squares) = (0.0, 0.0, 0.0)
    let columns = (0..<target.count).evenlyChosen(count)
    for i in (0..<source.count).evenlyChosen(count) {
      for j in columns {
        let d = Double(source.squaredDistance(i, to: j, of: target))
        guard d.isFinite else { continue }
        number += 1
        sum += d
        squares += d * d
      }
    }
    let mean = number > 0 ? sum / number : 0
    self.mean = Float(mean)
    deviation = number > 0 ? Float(max(0, squares / number - mean * mean).squareRoot()) : 0
  }

  /// How many standard deviations a squared distance is below the mean; zero where the background has none.
  func affinity(_ squaredDistance: Float) -> Float { deviation > 0 ? (mean - squaredDistance) / deviation : 0 }
}
