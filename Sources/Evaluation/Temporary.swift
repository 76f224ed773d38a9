import Geometry
import PointClouds

// Stands in for `TrackletScore.init(item:boxes:failure:)` of Metrics and `CloudFileError.Kind.exitStatus` until they are
// merged; then this file goes.

extension TrackletScore {
  /// The score of a followed object; a later frame without an estimate repeats the box before.
  init(item: TrackletItem, boxes: [Int: Box3], failure: Failure? = nil) {
    self.init(
      id: item.id, sequence: item.sequence, track: item.track, category: item.category, overlaps: [], distances: [],
      failure: failure)
    guard var last = item.frames.first?.box else { return }
    for (i, frame) in item.frames.enumerated() {
      if i > 0 {
        if let box = boxes[frame.number] { last = box } else { missingFrames += 1 }
      }
      overlaps.append(frame.box.overlap(with: last))
      distances.append((frame.box.center - last.center).length)
    }
  }
}

extension Box3 {
  fileprivate var corners: [SIMD2<Double>] {
    let turn = Rotation3(rotationVector: Point3(0, 0, yawRadians))
    return [(1, 1), (-1, 1), (-1, -1), (1, -1)].map { (a: Double, b: Double) in
      let p = center + turn(Point3(a * size.x / 2, b * size.y / 2, 0))
      return SIMD2(p.x, p.y)
    }
  }

  /// Intersection over union: polygons clipped by Sutherland and Hodgman, times the common height.
  fileprivate func overlap(with other: Box3) -> Double {
    func cross(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { a.x * b.y - a.y * b.x }
    var polygon = corners
    let clip = other.corners
    for k in 0..<4 {
      let (a, edge) = (clip[k], clip[(k + 1) % 4] - clip[k])
      let input = polygon
      polygon = []
      for (i, p) in input.enumerated() {
        let q = input[(i + 1) % input.count]
        let (s, t) = (cross(edge, p - a), cross(edge, q - a))
        if s >= 0 { polygon.append(p) }
        if (s >= 0) != (t >= 0) { polygon.append(p + (q - p) * (s / (s - t))) }
      }
    }
    let area = polygon.indices.reduce(0.0) { $0 + cross(polygon[$1], polygon[($1 + 1) % polygon.count]) } / 2
    let top = min(center.z + size.z / 2, other.center.z + other.size.z / 2)
    let bottom = max(center.z - size.z / 2, other.center.z - other.size.z / 2)
    let common = abs(area) * max(0, top - bottom)
    return common / max(volume + other.volume - common, 1e-12)
  }
}

extension CloudFileError.Kind {
  /// The exit status of the failure, see sysexits.h.
  var exitStatus: Int32 {
    switch self {
    case .empty, .damaged, .unusable, .changed: 65
    case .missing, .notAFile, .tooManyLinks: 66
    case .cannotCreate, .wouldOverwrite: 73
    case .noSpace, .io: 74
    case .memoryLimit: 75
    case .permission: 77
    }
  }
}
