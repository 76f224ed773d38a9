import Geometry
import PointClouds

extension CloudReference {
  /// The points: of the whole file, or those that are drawn from its part.
  package func read(with reader: CloudReader) throws(CloudFileError) -> PointCloud {
    guard let part else { return try reader(path).cloud }
    return try ModelNetPairs()(path, part)
  }
}
