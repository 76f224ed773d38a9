import Geometry
import PointClouds
import Registration

func align(_ sourcePath: String, to targetPath: String) throws -> PointCloud? {
  let read = CloudReader()
  let source = try read(sourcePath).cloud
  let target = try read(targetPath).cloud

  let result = try Registrar()(source: source, target: target)
  print(result.verdict, result.reasons, result.diagnosis.sourceOverlap)
  for other in result.alternatives { print("also possible:", other.targetFromSource.translation) }

  guard result.verdict == .trusted else { return nil }
  return source.transformed(by: result.targetFromSource)  // target point = T (source point)
}
