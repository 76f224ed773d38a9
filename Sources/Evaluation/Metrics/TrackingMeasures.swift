/// The measures of single-object tracking over the frames of one or many objects.
package enum TrackingMeasures {
  /// The 21 thresholds of overlap, 0 to 1.
  static let overlapThresholds = (0...20).map { Double($0) * 0.05 }
  /// The 21 thresholds of distance, 0 to 2 m.
  static let distanceThresholds = (0...20).map { Double($0) * 0.1 }

  /// For every threshold the share of frames whose overlap reaches it; a billionth is allowed for the rounding of equal
  /// boxes.
  static func overlapShares(_ overlaps: [Double]) -> [Double] {
    overlapThresholds.map { t in share(overlaps) { $0 >= t - 1e-9 } }
  }

  /// For every threshold the share of frames whose centers are that near.
  static func distanceShares(_ distances: [Double]) -> [Double] {
    distanceThresholds.map { t in share(distances) { $0 <= t } }
  }

  /// Success: the area under the shares of overlap, 0 to 100; nil without a frame.
  package static func success(_ overlaps: [Double]) -> Double? {
    overlaps.isEmpty ? nil : area(overlapShares(overlaps), overlapThresholds) * 100
  }

  /// Precision: the area under the shares of distance relative to 2 m, 0 to 100; nil without a frame.
  package static func precision(_ distances: [Double]) -> Double? {
    distances.isEmpty ? nil : area(distanceShares(distances), distanceThresholds) * 100 / 2
  }

  /// For every threshold the share of an object's frames up to the first whose overlap falls below it, that frame
  /// included, or all frames (Pang, Li and Wang, LiDAR-SOT).
  static func lifetimes(_ overlaps: [Double]) -> [Double] {
    overlapThresholds.map { t in
      let lost = overlaps.firstIndex { !($0 >= t - 1e-9) }
      return Double(lost.map { $0 + 1 } ?? overlaps.count) / Double(overlaps.count)
    }
  }

  /// Robustness: the area under the lifetimes, 0 to 1; nil without a frame.
  static func robustness(_ overlaps: [Double]) -> Double? {
    overlaps.isEmpty ? nil : area(lifetimes(overlaps), overlapThresholds)
  }

  private static func share(_ values: [Double], _ condition: (Double) -> Bool) -> Double {
    Double(values.count { condition($0) }) / Double(values.count)
  }

  /// The area under a line through the points, by trapezoids.
  private static func area(_ y: [Double], _ x: [Double]) -> Double {
    let trapezoids: [Double] = (1..<x.count).map { i in
      let width = x[i] - x[i - 1]
      return width * (y[i] + y[i - 1]) / 2
    }
    return trapezoids.pairwiseSum
  }
}
