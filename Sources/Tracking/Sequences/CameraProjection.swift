import Geometry

/// The size of a camera's image, pixels.
public struct ImageSize: Sendable, Equatable {
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int

  /// A size.
  public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

  /// That of most sequences of KITTI; others differ by some pixels.
  public static let kitti = ImageSize(width: 1242, height: 375)
}

/// How a camera sees points of the rectified camera frame: pixel (u / w, v / w) with `(u, v, w) = P (x, y, z, 1)`.
public struct CameraProjection: Sendable, Equatable {
  /// The three rows of P on x, y, z, and the last column.
  private let u, v, w, last: Point3

  /// A projection from the 12 numbers of P, row by row.
  public init(rowMajor p: [Double]) {
    precondition(p.count == 12, "\(p.count) numbers for a projection")
    (u, v, w) = (Point3(p[0], p[1], p[2]), Point3(p[4], p[5], p[6]), Point3(p[8], p[9], p[10]))
    last = Point3(p[3], p[7], p[11])
  }

  /// Nearer to the camera than this nothing is projected, metres.
  private static let nearest = 0.1

  /// The smallest upright rectangle around what an image shows of a box: left, top, right and bottom, pixels, from 0 to
  /// width - 1 and height - 1. Nil where it shows nothing of it.
  /// - Parameter corners: the eight corners of the box; the bits of a corner's number say on which side it lies.
  func imageBox(_ corners: [Point3], in size: ImageSize) -> [Double]? {
    let seen = corners.map { Point3(u.dot($0), v.dot($0), w.dot($0)) + last }
    var points = seen.filter { $0.z >= Self.nearest }
    // What an edge shows of itself ends where it comes too near.
    for (k, a) in seen.enumerated() {
      for bit in [1, 2, 4] where k & bit == 0 {
        let b = seen[k | bit]
        guard (a.z < Self.nearest) != (b.z < Self.nearest) else { continue }
        points.append(a + (b - a) * ((Self.nearest - a.z) / (b.z - a.z)))
      }
    }
    let pixels = points.map { (x: $0.x / $0.z, y: $0.y / $0.z) }
    guard let left = pixels.map(\.x).min(), let right = pixels.map(\.x).max(), let top = pixels.map(\.y).min(),
      let bottom = pixels.map(\.y).max()
    else { return nil }
    let (width, height) = (Double(size.width - 1), Double(size.height - 1))
    guard right > 0, bottom > 0, left < width, top < height else { return nil }
    return [max(left, 0), max(top, 0), min(right, width), min(bottom, height)]
  }
}

extension KITTICalibration {
  /// What the left colour camera shows of a label's box, see ``KITTILabel/imageBox``; nil where it shows nothing of it, or
  /// without P2.
  public func imageBox(of label: KITTILabel, isRectified: Bool = true, in size: ImageSize = .kitti) -> [Double]? {
    guard let camera else { return nil }
    let (h, w, l) = (label.heightWidthLength.x, label.heightWidthLength.y, label.heightWidthLength.z)
    let turn = Rotation3(radians: label.rotationYRadians, about: Point3(0, 1, 0))
    let corners = (0..<8).map { k -> Point3 in
      let local = Point3(k & 1 == 0 ? -l / 2 : l / 2, k & 2 == 0 ? 0 : -h, k & 4 == 0 ? -w / 2 : w / 2)
      let corner = label.bottomCenter + turn(local)
      return isRectified ? corner : rectification(corner)
    }
    return camera.imageBox(corners, in: size)
  }
}
