import Geometry
import Parallelism
import Solvers

/// One sweep of a LiDAR as it was measured: points with the share of the sweep at which each of them was.
package struct TimedScan: Sendable {
  /// The points in the sensor's frame of their moment.
  package let cloud: PointCloud
  /// From 0 at the first point in time to 1 at the last.
  package let shares: [Double]
  /// How long the sweep took, in the unit of the times.
  package let duration: Double
  /// Whether later points of the file never have earlier times.
  package let isOrdered: Bool

  /// A scan from its points and their times in any unit and order.
  /// - Throws: when there are no times, when one is not finite, or when all are the same.
  package init(_ cloud: PointCloud, times: [Double]?, name: String) throws(RegistrationError) {
    guard let times else {
      throw RegistrationError(
        "\(name): no times of points; name their field time, t, timestamp, time_offset, offset_time or point_time")
    }
    if let wrong = times.firstIndex(where: { !$0.isFinite }) {
      throw RegistrationError("\(name): the time of point \(wrong + 1) is not a finite number")
    }
    guard let first = times.min(), let last = times.max(), first < last else {
      throw RegistrationError("\(name): all points have the same time; there is no motion to undo")
    }
    self.cloud = cloud
    duration = last - first
    shares = times.map { ($0 - first) / (last - first) }
    isOrdered = zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }
  }

  /// The cloud as it would be had the sensor stood still where the sweep began.
  package func still(_ warp: SweepWarp) -> PointCloud {
    let moved = Parallel.map(cloud.count) { i in
      SIMD3<Float>(warp.still(cloud.position(i), at: shares[i]) - cloud.origin)
    }
    return PointCloud(
      positions: moved, origin: cloud.origin, intensities: cloud.intensities, colors: cloud.colors,
      sensorPosition: cloud.sensorPosition)
  }
}
