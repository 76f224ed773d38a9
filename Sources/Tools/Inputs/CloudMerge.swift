import Geometry

/// Joins clouds and cuts boxes out of them.
enum CloudMerge {
  /// All points of all clouds, in order; an attribute is kept when every cloud has it.
  static func merge(_ clouds: [PointCloud]) -> PointCloud {
    guard let first = clouds.first else { return PointCloud(positions: []) }
    guard clouds.count > 1 else { return first }
    let moved = clouds.map { $0.origin == first.origin ? $0 : $0.rebased(to: first.origin) }
    func join<T>(_ attribute: (PointCloud) -> [T]?) -> [T]? {
      let parts = moved.compactMap(attribute)
      return parts.count == moved.count ? Array(parts.joined()) : nil
    }
    return PointCloud(
      positions: join(\.positions) ?? [], origin: first.origin, normals: join(\.normals),
      intensities: join(\.intensities), colors: join(\.colors))
  }
}

/// A box to cut out, in true coordinates; its faces belong to it.
struct CropBox: Sendable, Equatable {
  let lower: Point3
  let upper: Point3

  /// The points inside.
  func callAsFunction(_ cloud: PointCloud) -> PointCloud {
    let inside = cloud.positions.indices.filter { i in
      let p = cloud.position(i)
      return all(p .>= lower) && all(p .<= upper)
    }
    return inside.count == cloud.count ? cloud : cloud.selecting(inside.map { Int32($0) })
  }
}
