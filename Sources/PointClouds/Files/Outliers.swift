import Geometry
import Parallelism

/// Points so far from all others that they are mistakes of the sensor or of the file.
struct Outliers {
  /// How many there are.
  let count: Int
  /// The farthest one.
  let farthest: Point3

  /// The points farther from the median than a thousand times the extent of the middle 98 %; nil when there is none or
  /// too many for the word. O(n).
  init?(_ cloud: PointCloud) {
    let positions = cloud.positions
    let step = max(1, positions.count / 4096)
    let sample = PointSample(points: stride(from: 0, to: positions.count, by: step).map { Point3(positions[$0]) })
    guard sample.extent > 0, positions.count >= 10 else { return nil }
    let (center, limit) = (sample.center, 1000 * sample.extent)
    typealias Found = (count: Int, index: Int, distance: Double)
    let found: Found = Parallel.reduce(
      positions.count, (0, -1, limit * limit),
      { range in
        var part: Found = (0, -1, limit * limit)
        for i in range {
          let squared = (Point3(positions[i]) - center).squaredLength
          if squared > limit * limit {
            part.count += 1
            if squared > part.distance { (part.index, part.distance) = (i, squared) }
          }
        }
        return part
      },
      { a, b in
        let far = b.distance > a.distance ? b : a
        return (a.count + b.count, far.index, far.distance)
      })
    guard found.count > 0, found.index >= 0, found.count * 100 < positions.count else { return nil }
    count = found.count
    farthest = cloud.position(found.index)
  }

  /// The warning that names the farthest one.
  var description: String {
    let place = [farthest.x, farthest.y, farthest.z].map { v in
      (v < 0 ? "-" : "") + (v == 0 ? "0" : PointSample.short(abs(v)))
    }
    return "\(count) \(count == 1 ? "outlier" : "outliers") over 1000 times the extent away, the farthest at ("
      + place.joined(separator: ", ") + ")"
  }
}
